//! What stateful layers keep from one batch to the next, set and forgotten from outside.
use super::Member;
use crate::base::error::{Result, bail};
use crate::nn::Tensors;
use crate::tensor::Tensor;

impl Member {
    /// Whether it, or a layer inside it, keeps states from one batch to the next.
    pub fn is_stateful(&self) -> bool {
        self.0.layer.carried().is_some() || self.inner().iter().any(Member::is_stateful)
    }

    /// Begins with zeros again, as the layers inside it do; nothing happens where no states are kept.
    pub fn forget_states(&self) {
        if let Some(carried) = self.0.layer.carried() {
            carried.keep(Tensors::new());
        }
        self.inner().iter().for_each(Member::forget_states);
    }

    /// The states that it keeps: none where it begins with zeros.
    pub fn states(&self) -> Tensors {
        let carried = self.0.layer.carried();
        carried.map_or_else(Tensors::new, |carried| carried.states())
    }

    /// Goes on from these states, `[batch, …]` each.
    ///
    /// # Errors
    /// A layer that keeps none or that is not built, another number of states, or other shapes; nothing changes then.
    pub fn set_states(&self, states: &[Tensor]) -> Result<()> {
        let layer = &self.0.layer;
        let Some(carried) = layer.carried() else {
            bail!(
                Value,
                "reset_states: the layer is not stateful: it begins with zeros, or with the initial state of its call"
            );
        };
        let built_for = self.0.state.borrow().built_for.clone();
        let Some(input) = built_for.as_ref().and_then(|inputs| inputs.first()) else {
            bail!(State, "reset_states: the layer is not built yet");
        };
        let wanted = layer.state_dims(input)?.unwrap_or_default();
        if wanted.len() != states.len() {
            bail!(
                Shape,
                "reset_states: {} states are expected, but {} were given",
                wanted.len(),
                states.len()
            );
        }
        let batch = states
            .first()
            .and_then(|state| state.shape().first().copied());
        let batch = input.batch().or(batch);
        for (place, (dims, state)) in wanted.iter().zip(states).enumerate() {
            let Some((own, sample)) = state.shape().split_first() else {
                bail!(Shape, "reset_states: state {place} has no batch axis");
            };
            if Some(*own) != batch || !dims.takes(sample) {
                let wanted = dims.clone().of_batch(batch);
                bail!(
                    Shape,
                    "reset_states: state {place} must be {}, but is {:?}",
                    wanted.batched(),
                    state.shape()
                );
            }
        }
        carried.keep(states.iter().map(Tensor::detach).collect());
        Ok(())
    }
}
