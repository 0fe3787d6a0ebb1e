//! Group normalisation (Wu and He 2018).
use super::axes::as_last;
use super::layer_normalization::check_epsilon;
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::nn::layer::sample_axis;
use crate::nn::{Constraint, Context, Initializer, Mapping, Regularizer, WeightSpec};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

settings! {
    /// Gives each group of channels of a sample the mean 0 and the variance 1, then `gamma · x + beta` for each channel.
    #[derive(Clone, Debug)]
    pub struct GroupNormalization {
        /// How many groups the channels are parted into; −1: as many as there are channels.
        groups: isize = 32,
        /// Which axis the channels are; it counts the batch axis, and −1 is the last.
        axis: isize = -1,
        /// Added to the variance, so that nothing is divided by 0.
        epsilon: f32 = 1e-3,
        /// Whether `beta` is added.
        center: bool = true,
        /// Whether there is a factor `gamma`.
        scale: bool = true,
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

impl GroupNormalization {
    /// How many groups there are for so many channels.
    fn count(&self, channels: usize) -> usize {
        usize::try_from(self.groups).unwrap_or(channels)
    }

    /// The layer on values whose channels are last.
    fn last(&self, x: &Tensor, weights: &[Tensor]) -> Result<Tensor> {
        let shape = *x.shape();
        let (batch, channels) = (shape[0], shape[shape.len() - 1]);
        let groups = self.count(channels);
        let places: usize = shape[1..shape.len() - 1].iter().product();
        let each = channels / groups.max(1);
        // The channels of a group at all places as a row, and back.
        let apart = x.reshape(&[batch, places, groups, each])?;
        let rows = apart.transpose(&[0, 2, 1, 3])?;
        let rows = rows.reshape(&[batch, groups, places * each])?;
        let rows = rows.layer_norm(None, None, self.epsilon, true)?;
        let apart = rows.reshape(&[batch, groups, places, each])?;
        let mut y = apart.transpose(&[0, 2, 1, 3])?.reshape(&shape)?;
        if self.scale {
            y = y.mul(&weights[0])?;
        }
        match self.center {
            true => y.add(&weights[usize::from(self.scale)]),
            false => Ok(y),
        }
    }
}

impl Mapping for GroupNormalization {
    fn class_name(&self) -> &str {
        "GroupNormalization"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        if self.groups < -1 || self.groups == 0 {
            bail!(
                Value,
                "GroupNormalization: `groups` must be at least 1, or −1 for one a channel, but is {}",
                self.groups
            );
        }
        check_epsilon("GroupNormalization", self.epsilon)
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        let axis = sample_axis("GroupNormalization", self.axis, input.len())?;
        let (channels, groups) = (input[axis], self.count(input[axis]));
        if channels == 0 || channels % groups != 0 {
            bail!(
                Shape,
                "GroupNormalization: {channels} channels cannot be parted into {groups} equal groups"
            );
        }
        if input.contains(&0) {
            bail!(
                Shape,
                "GroupNormalization: {input:?} has no values to normalise"
            );
        }
        Shape::new(input)
    }

    fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
        let axis = sample_axis("GroupNormalization", self.axis, input.len());
        let shape = vec![axis.map_or(1, |axis| input[axis])];
        let mut weights = Vec::with_capacity(2);
        if self.scale {
            let gamma = WeightSpec::new("gamma", shape.clone(), self.gamma_initializer);
            weights.push(gamma.held(self.gamma_regularizer, self.gamma_constraint.clone()));
        }
        if self.center {
            let beta = WeightSpec::new("beta", shape, self.beta_initializer);
            weights.push(beta.held(self.beta_regularizer, self.beta_constraint.clone()));
        }
        weights
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let rank = x.shape().len().saturating_sub(1);
        let axis = 1 + sample_axis("GroupNormalization", self.axis, rank)?;
        as_last(x, &[axis], &|x| self.last(x, weights))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
