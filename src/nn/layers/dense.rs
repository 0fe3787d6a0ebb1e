//! The fully connected layer.
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use crate::nn::layer::positive;
use crate::nn::layers::kernel_and_bias::{self, kernel_settings};
use crate::nn::{Activation, Context, Mapping, Regularizer, WeightSpec};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

kernel_settings! {
    /// `y = activation(x · kernel + bias)` along the last axis: `[…, c] → […, units]`.
    #[derive(Clone, Debug)]
    pub struct Dense {
        /// How many outputs.
        units: usize,
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
        self.kernel_and_bias(shape)
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
