//! Activation functions with weights, or with a threshold of their own.
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Value, settings};
use crate::nn::layer::sample_axis;
use crate::nn::{Constraint, Context, Initializer, Mapping, Regularizer, WeightSpec};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

settings! {
    /// `x` if positive, else `alpha · x`, where each place in a sample has a weight `alpha` (He et al. 2015).
    #[derive(Clone, Debug)]
    pub struct PReLU {
        /// What `alpha` starts as.
        alpha_initializer: Initializer = Initializer::Zeros,
        /// What `alpha` adds to the loss.
        alpha_regularizer: Option<Regularizer> = None,
        /// What `alpha` is held to.
        alpha_constraint: Option<Constraint> = None,
        /// Axes along which all places have one `alpha`; they count the batch axis.
        shared_axes: Option<Vec<isize>> = None,
    }
}

settings! {
    /// `x` where it is more than `theta`, else 0.
    #[derive(Clone, Debug)]
    pub struct ThresholdedReLU {
        /// Where the function begins.
        theta: f32 = 1.0,
    }
}

impl PReLU {
    /// The shape of `alpha` for samples of this shape.
    fn alpha(&self, input: &[usize]) -> Result<Shape> {
        let mut shape = Shape::new(input)?;
        for &axis in self.shared_axes.iter().flatten() {
            let axis = sample_axis("PReLU", axis, input.len());
            shape = shape.with(axis.map_err(|error| error.within("`shared_axes`"))?, 1);
        }
        Ok(shape)
    }
}

impl Mapping for PReLU {
    fn class_name(&self) -> &str {
        "PReLU"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        self.alpha(input)?;
        Shape::new(input)
    }

    fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
        let shape = self
            .alpha(input)
            .map_or_else(|_| vec![], |shape| shape.to_vec());
        let alpha = WeightSpec::new("alpha", shape, self.alpha_initializer);
        vec![alpha.held(self.alpha_regularizer, self.alpha_constraint.clone())]
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let below = x.room_for("prelu")?.neg();
        let below = below.room_for("prelu")?.relu().mul(&weights[0])?;
        x.room_for("prelu")?.relu().sub(&below)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Mapping for ThresholdedReLU {
    fn class_name(&self) -> &str {
        "ThresholdedReLU"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        if !(0.0..f32::INFINITY).contains(&self.theta) {
            bail!(
                Value,
                "ThresholdedReLU: `theta` must be at least 0 and finite, but is {}",
                Decimal::from(self.theta)
            );
        }
        Ok(())
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let above = x.room_for("relu")?.detach().shift(-self.theta);
        x.mul(&above.room_for("relu")?.step())
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
