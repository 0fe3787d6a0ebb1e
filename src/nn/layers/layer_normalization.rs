//! Layers that normalise each sample, or each step of it, by itself.
use super::axes::{AxisList, as_last};
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Value, settings};
use crate::nn::{Constraint, Context, Initializer, Mapping, Regularizer, WeightSpec};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

settings! {
    /// Gives the values along some axes the mean 0 and the variance 1, then `gamma · x + beta` (Ba et al. 2016).
    #[derive(Clone, Debug)]
    pub struct LayerNormalization {
        /// Which axes are normalised together; they count the batch axis, and −1 is the last.
        axis: AxisList = AxisList::one(-1),
        /// Added to the variance, so that nothing is divided by 0.
        epsilon: f32 = 1e-3,
        /// Whether `beta` is added.
        center: bool = true,
        /// Whether there is a factor `gamma`.
        scale: bool = true,
        /// Whether values keep their mean: they are divided by their deviation from it all the same, and there is no
        /// `beta`. Keras advises against it: see [`RMSNormalization`].
        rms_scaling: bool = false,
        /// What `beta` starts as.
        beta_initializer: Initializer = Initializer::Zeros,
        /// What `gamma` starts as.
        gamma_initializer: Initializer = Initializer::Ones,
        /// What `beta` adds to the loss.
        beta_regularizer: Option<Regularizer> = None,
        /// What `gamma` adds to the loss.
        gamma_regularizer: Option<Regularizer> = None,
        /// What `beta` is held to.
        beta_constraint: Option<Constraint> = None,
        /// What `gamma` is held to.
        gamma_constraint: Option<Constraint> = None,
    }
}

settings! {
    /// Gives the values along some axes the mean square 1, then multiplies by `scale` (Zhang and Sennrich 2019).
    #[derive(Clone, Debug)]
    pub struct RMSNormalization {
        /// Which axes are normalised together; they count the batch axis, and −1 is the last.
        axis: AxisList = AxisList::one(-1),
        /// Added to the mean square, so that nothing is divided by 0.
        epsilon: f32 = 1e-6,
    }
}

settings! {
    /// Divides the values along some axes by their norm, so that it becomes 1. Where it is 0 nothing changes.
    #[derive(Clone, Debug)]
    pub struct UnitNormalization {
        /// Which axes a norm goes along; they count the batch axis, and −1 is the last.
        axis: AxisList = AxisList::one(-1),
    }
}

/// Refuses what cannot be added to a variance.
pub(super) fn check_epsilon(class_name: &str, epsilon: f32) -> Result<()> {
    if !(0.0..f32::INFINITY).contains(&epsilon) {
        bail!(
            Value,
            "{class_name}: `epsilon` must be at least 0 and finite, but is {}",
            Decimal::from(epsilon)
        );
    }
    Ok(())
}

/// Refuses samples that do not have the axes, or nothing along them.
fn same_shape(class_name: &str, axis: &AxisList, input: &[usize]) -> Result<Shape> {
    let places = axis.places(class_name, input.len())?;
    if places.iter().any(|&place| input[place - 1] == 0) {
        bail!(Shape, "{class_name}: {input:?} has nothing along `axis`");
    }
    Shape::new(input)
}

/// The lengths of the axes: the shape of a parameter.
fn lengths(class_name: &str, axis: &AxisList, input: &[usize]) -> Vec<usize> {
    let places = axis.places(class_name, input.len()).unwrap_or_default();
    places.iter().map(|&place| input[place - 1]).collect()
}

/// A parameter as the row that it is.
fn flat(parameter: &Tensor) -> Result<Tensor> {
    parameter.reshape(&[parameter.data().len()])
}

impl Mapping for LayerNormalization {
    fn class_name(&self) -> &str {
        "LayerNormalization"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        check_epsilon("LayerNormalization", self.epsilon)
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        same_shape("LayerNormalization", &self.axis, input)
    }

    fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
        let shape = lengths("LayerNormalization", &self.axis, input);
        let mut weights = Vec::with_capacity(2);
        if self.scale || self.rms_scaling {
            let gamma = WeightSpec::new("gamma", shape.clone(), self.gamma_initializer);
            weights.push(gamma.held(self.gamma_regularizer, self.gamma_constraint.clone()));
        }
        if self.center && !self.rms_scaling {
            let beta = WeightSpec::new("beta", shape, self.beta_initializer);
            weights.push(beta.held(self.beta_regularizer, self.beta_constraint.clone()));
        }
        weights
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let rank = x.shape().len().saturating_sub(1);
        let places = self.axis.places("LayerNormalization", rank)?;
        let has_gamma = self.scale || self.rms_scaling;
        let gamma = has_gamma.then(|| flat(&weights[0])).transpose()?;
        if !self.rms_scaling {
            let beta = self.center.then(|| flat(&weights[usize::from(has_gamma)]));
            let beta = beta.transpose()?;
            return as_last(x, &places, &|x| {
                x.layer_norm(gamma.as_ref(), beta.as_ref(), self.epsilon, true)
            });
        }
        as_last(x, &places, &|x| {
            let apart = x.sub(&x.mean(&[-1], true)?)?;
            let variance = apart.mul(&apart)?.mean(&[-1], true)?;
            let y = x.div(&variance.shift(self.epsilon).sqrt())?;
            match &gamma {
                Some(gamma) => y.mul(gamma),
                None => Ok(y),
            }
        })
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Mapping for RMSNormalization {
    fn class_name(&self) -> &str {
        "RMSNormalization"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        check_epsilon("RMSNormalization", self.epsilon)
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        same_shape("RMSNormalization", &self.axis, input)
    }

    fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
        let shape = lengths("RMSNormalization", &self.axis, input);
        vec![WeightSpec::new("scale", shape, Initializer::Ones)]
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let rank = x.shape().len().saturating_sub(1);
        let places = self.axis.places("RMSNormalization", rank)?;
        let scale = flat(&weights[0])?;
        as_last(x, &places, &|x| {
            x.layer_norm(Some(&scale), None, self.epsilon, false)
        })
    }
}

impl Mapping for UnitNormalization {
    fn class_name(&self) -> &str {
        "UnitNormalization"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        same_shape("UnitNormalization", &self.axis, input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        /// Keras divides by no less than the root of this.
        const LEAST_SQUARE: f32 = 1e-24;
        let rank = x.shape().len().saturating_sub(1);
        let places = self.axis.places("UnitNormalization", rank)?;
        as_last(x, &places, &|x| {
            let squares = x.mul(x)?.sum(&[-1], true)?;
            x.div(&squares.maximum(&Tensor::scalar(LEAST_SQUARE))?.sqrt())
        })
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
