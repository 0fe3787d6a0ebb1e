//! What layers with a kernel and a bias share.
use crate::base::error::Result;
use crate::nn::{Activation, Constraint, Initializer, Regularizer, WeightSpec};
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

/// The settings of a layer with a kernel and a bias: its own, then those that all of these have. `($…)` are the keys of the
/// kernel's, where they are called otherwise. Makes `kernel_and_bias`, the weights that the settings speak of.
macro_rules! kernel_settings {
    ($(#[$meta:meta])* pub struct $name:ident { $($own:tt)* }) => {
        $crate::nn::layers::kernel_and_bias::kernel_settings! {
            (kernel_initializer, kernel_regularizer, kernel_constraint)
            $(#[$meta])* pub struct $name { $($own)* }
        }
    };
    (
        ($initializer:ident, $regularizer:ident, $constraint:ident)
        $(#[$meta:meta])* pub struct $name:ident { $($own:tt)* }
    ) => {
        $crate::base::json::settings! {
            $(#[$meta])*
            pub struct $name {
                $($own)*
                /// Applied to the result.
                activation: $crate::nn::Activation = $crate::nn::Activation::Linear,
                /// Whether a bias is added.
                use_bias: bool = true,
                /// What the kernel starts as.
                $initializer: $crate::nn::Initializer = $crate::nn::Initializer::glorot_uniform(),
                /// What the bias starts as.
                bias_initializer: $crate::nn::Initializer = $crate::nn::Initializer::Zeros,
                /// What the kernel adds to the loss.
                $regularizer: Option<$crate::nn::Regularizer> = None,
                /// What the bias adds to the loss.
                bias_regularizer: Option<$crate::nn::Regularizer> = None,
                /// What the outputs add to the loss.
                activity_regularizer: Option<$crate::nn::Regularizer> = None,
                /// What the kernel is held to.
                $constraint: Option<$crate::nn::Constraint> = None,
                /// What the bias is held to.
                bias_constraint: Option<$crate::nn::Constraint> = None,
            }
        }

        impl $name {
            fn kernel_and_bias(&self, shape: alloc::vec::Vec<usize>) -> alloc::vec::Vec<$crate::nn::WeightSpec> {
                $crate::nn::layers::kernel_and_bias::specs(
                    shape,
                    (self.$initializer, self.$regularizer, &self.$constraint),
                    self.use_bias.then_some((
                        self.bias_initializer,
                        self.bias_regularizer,
                        &self.bias_constraint,
                    )),
                )
            }
        }
    };
}
pub(super) use kernel_settings;

/// What a weight starts as, what it adds to the loss, and what it is held to.
pub(super) type Settings<'a> = (Initializer, Option<Regularizer>, &'a Option<Constraint>);

/// The weights: a kernel of shape `shape`, and a bias as long as the kernel's last axis if it is wanted.
pub(super) fn specs(
    shape: Vec<usize>,
    kernel: Settings,
    bias: Option<Settings>,
) -> Vec<WeightSpec> {
    let units = shape.last().copied().unwrap_or(1);
    let spec = |name: &str, shape, (initializer, regularizer, constraint): Settings| {
        WeightSpec::new(name, shape, initializer).held(regularizer, constraint.clone())
    };
    let mut specs = vec![spec("kernel", shape, kernel)];
    specs.extend(bias.map(|bias| spec("bias", vec![units], bias)));
    specs
}

/// The whole layer from `map`, which applies a relu by the way if it is told to.
///
/// # Errors
/// Those of `map` and of the activation.
pub(super) fn activated(
    activation: Activation,
    map: &dyn Fn(bool) -> Result<Tensor>,
) -> Result<Tensor> {
    match activation {
        Activation::Relu => map(true),
        other => other.apply(&map(false)?),
    }
}
