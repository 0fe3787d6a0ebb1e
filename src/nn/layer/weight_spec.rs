//! What a layer says of a weight that it asks for.
use crate::base::error::{Result, bail};
use crate::base::rng::Rng;
use crate::nn::{Constraint, Initializer, Regularizer};
use crate::tensor::Tensor;
use alloc::{string::String, vec::Vec};
use core::ops::Range;

/// A weight that a layer asks for.
#[derive(Clone, Debug)]
pub struct WeightSpec {
    /// `kernel`, or a path: `lstm_cell/kernel`.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// What it starts as.
    pub initializer: Initializer,
    /// How many inputs and outputs each unit has, where the shape does not tell: an initializer that scales heeds them.
    pub fans: Option<(usize, usize)>,
    /// Which of its elements start as 1 all the same.
    pub ones: Range<usize>,
    /// Whether gradients change it; what [`Context::update`](crate::nn::Context::update) changes is not trainable.
    pub trainable: bool,
    /// What it adds to the loss.
    pub regularizer: Option<Regularizer>,
    /// What it is held to after each step.
    pub constraint: Option<Constraint>,
    /// The values it starts as, in place of the initializer's.
    pub value: Option<Tensor>,
}

impl WeightSpec {
    /// A weight that gradients change and that starts as `initializer` says.
    pub fn new(name: &str, shape: Vec<usize>, initializer: Initializer) -> Self {
        WeightSpec {
            name: name.into(),
            shape,
            initializer,
            fans: None,
            ones: 0..0,
            trainable: true,
            regularizer: None,
            constraint: None,
            value: None,
        }
    }

    /// The same weight with a regularizer and a constraint.
    #[must_use]
    pub fn held(self, regularizer: Option<Regularizer>, constraint: Option<Constraint>) -> Self {
        WeightSpec {
            regularizer,
            constraint,
            ..self
        }
    }

    /// The same weight of units that have so many inputs and outputs.
    #[must_use]
    pub fn with_fans(self, fan_in: usize, fan_out: usize) -> Self {
        WeightSpec {
            fans: Some((fan_in, fan_out)),
            ..self
        }
    }

    /// The same weight, changed by its layer and not by gradients.
    #[must_use]
    pub fn state(self) -> Self {
        WeightSpec {
            trainable: false,
            ..self
        }
    }

    /// The values it starts as.
    ///
    /// # Errors
    /// A value of another shape than the weight's, or an initializer that cannot make such a shape.
    pub fn start(&self, rng: &mut Rng) -> Result<Tensor> {
        if let Some(value) = &self.value {
            if **value.shape() != *self.shape {
                bail!(
                    Shape,
                    "weight {}: {:?} values for the shape {:?}",
                    self.name,
                    value.shape(),
                    self.shape
                );
            }
            return Ok(value.detach());
        }
        let mut values = self.initializer.fill(&self.shape, self.fans, rng)?;
        if let Some(ones) = values.get_mut(self.ones.clone()) {
            ones.fill(1.0);
        }
        Tensor::new(values, &self.shape)
    }
}
