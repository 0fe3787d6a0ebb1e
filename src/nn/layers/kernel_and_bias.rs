//! What layers with a kernel and a bias share.
use crate::base::error::Result;
use crate::nn::{Activation, Constraint, Initializer, Regularizer, WeightSpec};
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

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
