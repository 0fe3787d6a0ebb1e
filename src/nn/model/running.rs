//! Running a model.
use super::Model;
use crate::base::error::{Result, bail};
use crate::base::rng::Rng;
use crate::nn::layer::{Context, Effects, Masks, Tensors};
use crate::nn::{Member, Weight};
use crate::tensor::Tensor;
use alloc::vec::Vec;

impl Model {
    /// Runs the model with values for its [weights](Model::weights).
    ///
    /// # Errors
    /// Inputs that it cannot take.
    pub fn run(
        &self,
        inputs: &[Tensor],
        values: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        Ok(self.run_with_masks(inputs, values, context)?.0)
    }

    /// The same with the masks of the outputs.
    ///
    /// # Errors
    /// Inputs that it cannot take.
    pub fn run_with_masks(
        &self,
        inputs: &[Tensor],
        values: &[Tensor],
        context: &mut Context,
    ) -> Result<(Tensors, Masks)> {
        let built = self.built()?;
        built.check_called(inputs, context.is_trial())?;
        built.run(inputs, values, context, false)
    }

    /// Changes what layers of this model have asked to be changed in a pass.
    ///
    /// # Errors
    /// Values of other shapes than the weights'.
    pub fn take_effects(&self, effects: &Effects) -> Result<()> {
        let built = self.built()?;
        let mut updates = effects.updates.iter();
        updates.try_for_each(|(place, value)| built.weight_at(*place).set(value))
    }

    /// How many samples each batch must have, where layers keep states from one batch to the next.
    pub fn fixed_batch(&self) -> Option<usize> {
        self.built().ok()?.fixed_batch()
    }

    /// Lets its stateful layers begin with zeros again.
    pub fn reset_states(&self) {
        self.members().iter().for_each(Member::forget_states);
    }

    /// Refuses samples that the model cannot take.
    ///
    /// # Errors
    /// The model is not built, or another number of inputs or other shapes are given.
    pub fn check_inputs(&self, samples: &[&[usize]]) -> Result<()> {
        self.built()?.graph.check_inputs(samples.iter().copied())
    }

    /// The model's answers to a batch, as in inference.
    ///
    /// # Errors
    /// Inputs that it cannot take.
    pub fn forward(&self, inputs: &[Tensor]) -> Result<Tensors> {
        let mut effects = Effects::default();
        let mut rng = Rng::new(0);
        let mut context = Context::new(false, &mut rng, &mut effects);
        let built = self.built()?;
        built.check_batch(inputs, false)?;
        // Whether weights are finite is looked at once for all batches that meet them.
        let values: Vec<Tensor> = built.weights.iter().map(Weight::value).collect();
        values.iter().for_each(Tensor::look_over);
        let outputs = built.run(inputs, &values, &mut context, false)?.0;
        effects.settle();
        Ok(outputs)
    }

    /// The model's answer to a batch, for a model with one input and one output.
    ///
    /// # Errors
    /// As for [`forward`](Model::forward), or several inputs or outputs.
    pub fn predict(&self, x: &Tensor) -> Result<Tensor> {
        let mut outputs = self.forward(core::slice::from_ref(x))?;
        match (outputs.pop(), outputs.is_empty()) {
            (Some(y), true) => Ok(y),
            _ => bail!(State, "predict: the model has several outputs"),
        }
    }
}
