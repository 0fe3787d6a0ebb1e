//! What a layer may need beyond its inputs and weights, and what it leaves behind besides its outputs.
use crate::base::error::Result;
use crate::base::json::Value;
use crate::base::rng::Rng;
use crate::nn::Regularizer;
use crate::nn::layer::{Carried, MAY_CARRY, Tensors};
use crate::tensor::Tensor;
use alloc::{string::String, vec::Vec};

/// What a layer may need beyond its inputs and weights.
pub struct Context<'a> {
    /// Training, in which dropout drops, or inference, in which it does not.
    pub training: bool,
    /// Whether the layer's weights may change. A frozen [`BatchNormalization`](crate::nn::BatchNormalization) works as
    /// in inference.
    pub trainable: bool,
    /// Where a layer's randomness comes from.
    pub rng: &'a mut Rng,
    /// The masks of the inputs; empty where no input has one.
    pub masks: &'a [Option<Tensor>],
    /// What the call was given besides tensors: an object of [`call_options`](crate::nn::Layer::call_options), or null.
    pub options: &'a Value,
    /// Where what the layer changes is collected.
    effects: &'a mut Effects,
    /// The first of this layer's weights among those of the model.
    first: usize,
}

/// What a pass through layers leaves behind besides its outputs.
#[derive(Default)]
pub struct Effects {
    /// New values for weights, by their place among all weights of the pass.
    pub updates: Vec<(usize, Tensor)>,
    /// What is to be added to the loss.
    pub penalties: Vec<Tensor>,
    /// New states of stateful layers, each with the place where it is kept.
    pub carried: Vec<(Carried, Tensors)>,
    /// Whether a layer is only tried out: stateful layers begin with zeros and keep nothing.
    pub is_trial: bool,
    /// What each call of a layer gives, with the layer's name, where somebody wants to look inside.
    pub(crate) watched: Option<Vec<(String, Tensor)>>,
}

impl Effects {
    /// Forgets everything, and keeps the room.
    pub(crate) fn clear(&mut self) {
        self.updates.clear();
        self.penalties.clear();
        self.carried.clear();
    }

    /// Lets stateful layers keep their new states: the batch is done.
    pub fn settle(&mut self) {
        if MAY_CARRY {
            for (place, states) in self.carried.drain(..) {
                place.keep(states);
            }
        }
    }
}

impl<'a> Context<'a> {
    /// The context of a whole pass.
    pub fn new(training: bool, rng: &'a mut Rng, effects: &'a mut Effects) -> Self {
        Context {
            training,
            trainable: true,
            rng,
            masks: &[],
            options: &Value::Null,
            effects,
            first: 0,
        }
    }

    /// The mask of input number `index`.
    pub fn mask(&self, index: usize) -> Option<&Tensor> {
        self.masks.get(index)?.as_ref()
    }

    /// Gives weight number `index` of this layer a new value at the end of the step.
    pub fn update(&mut self, index: usize, value: Tensor) {
        self.effects.updates.push((self.first + index, value));
    }

    /// What weight number `index` will be after this step as far as is known: its value among the layer's `weights`,
    /// or the last that it was [given](Context::update), by an earlier call of the same layer in this pass.
    pub fn latest(&self, index: usize, weights: &[Tensor]) -> Tensor {
        let place = self.first + index;
        let given = self
            .effects
            .updates
            .iter()
            .rfind(|update| update.0 == place);
        given.map_or_else(|| weights[index].clone(), |(_, value)| value.clone())
    }

    /// The states that a stateful layer begins with: what an earlier call of it in this pass has left, or else what the
    /// batch before has.
    pub fn states(&self, place: &Carried) -> Tensors {
        if self.effects.is_trial {
            return Tensors::new();
        }
        let left = self.effects.carried.iter().rfind(|left| left.0.is(place));
        left.map_or_else(|| place.states(), |(_, states)| states.clone())
    }

    /// Lets a stateful layer keep these states when the batch is done.
    pub fn carry(&mut self, place: &Carried, states: &[Tensor]) {
        if self.effects.is_trial {
            return;
        }
        let states = states.iter().map(Tensor::detach).collect();
        self.effects.carried.push((place.place(), states));
    }

    /// Shows the first result of a layer to whoever looks inside.
    pub(crate) fn show(&mut self, name: impl FnOnce() -> String, outputs: &[Tensor]) {
        if let (Some(watched), Some(output)) = (&mut self.effects.watched, outputs.first()) {
            watched.push((name(), output.clone()));
        }
    }

    /// Whether a layer is only tried out.
    pub fn is_trial(&self) -> bool {
        self.effects.is_trial
    }

    /// Adds a single value to the loss of this step.
    pub fn add_loss(&mut self, penalty: Tensor) {
        self.effects.penalties.push(penalty);
    }

    /// Adds what a layer's output adds to the loss, in training and in evaluation: Keras' mean over the batch.
    ///
    /// # Errors
    /// None that can be reached: a penalty takes any shape.
    pub fn regularize(&mut self, regularizer: Option<Regularizer>, y: &Tensor) -> Result<()> {
        if let Some(regularizer) = regularizer {
            let samples = y.shape().first().copied().unwrap_or(1).max(1) as f32;
            self.add_loss(regularizer.penalty(y)?.scale(1.0 / samples));
        }
        Ok(())
    }

    /// The context for a layer inside this one, whose weights begin at number `first` of this layer's and whose
    /// inputs have `masks`.
    pub fn within<'b>(&'b mut self, first: usize, masks: &'b [Option<Tensor>]) -> Context<'b> {
        Context {
            training: self.training,
            trainable: self.trainable,
            rng: self.rng,
            masks,
            options: &Value::Null,
            effects: self.effects,
            first: self.first + first,
        }
    }
}
