//! The fully connected layer.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::nn::layer::positive;
use crate::nn::layers::kernel_and_bias;
use crate::nn::{Activation, Constraint, Context, Initializer, Mapping, Regularizer, WeightSpec};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

settings! {
    /// `y = activation(x · kernel + bias)` along the last axis: `[…, c] → […, units]`.
    #[derive(Clone, Debug)]
    pub struct Dense {
        /// How many outputs.
        units: usize,
        /// Applied to the result.
        activation: Activation = Activation::Linear,
        /// Whether a bias is added.
        use_bias: bool = true,
        /// What the kernel starts as.
        kernel_initializer: Initializer = Initializer::glorot_uniform(),
        /// What the bias starts as.
        bias_initializer: Initializer = Initializer::Zeros,
        /// What the kernel adds to the loss.
        kernel_regularizer: Option<Regularizer> = None,
        /// What the bias adds to the loss.
        bias_regularizer: Option<Regularizer> = None,
        /// What the outputs add to the loss.
        activity_regularizer: Option<Regularizer> = None,
        /// What the kernel is held to.
        kernel_constraint: Option<Constraint> = None,
        /// What the bias is held to.
        bias_constraint: Option<Constraint> = None,
    }
}

impl Dense {
    fn map(&self, x: &Tensor, weights: &[Tensor], relu: bool) -> Result<Tensor> {
        if self.use_bias && x.shape().len() == 2 {
            return x.dense(&weights[0], &weights[1], relu);
        }
        if let (true, [outer @ .., features]) = (self.use_bias, &**x.shape()) {
            // The steps of all samples are rows of one product.
            let rows = x.reshape(&[outer.iter().product(), *features])?;
            let y = rows.dense(&weights[0], &weights[1], relu)?;
            return y.reshape(&Shape::join(outer, &[self.units])?);
        }
        let y = x.matmul(&weights[0])?;
        Ok(if relu { y.room_for("relu")?.relu() } else { y })
    }
}

impl Mapping for Dense {
    fn class_name(&self) -> &str {
        "Dense"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        positive("Dense: `units`", &[self.units])
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        let [rest @ .., _] = input else {
            bail!(
                Shape,
                "Dense: each sample must have at least one axis, but has the shape {input:?}"
            );
        };
        Shape::join(rest, &[self.units])
    }

    fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
        let shape = vec![input.last().copied().unwrap_or(1), self.units];
        kernel_and_bias::specs(
            shape,
            (
                self.kernel_initializer,
                self.kernel_regularizer,
                &self.kernel_constraint,
            ),
            self.use_bias.then_some((
                self.bias_initializer,
                self.bias_regularizer,
                &self.bias_constraint,
            )),
        )
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        self.map(x, weights, false)
    }

    fn fused(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Option<Result<Tensor>> {
        Some(kernel_and_bias::activated(self.activation, &|relu| {
            self.map(x, weights, relu)
        }))
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn activity_regularizer(&self) -> Option<Regularizer> {
        self.activity_regularizer
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
