//! A step: a batch's loss and its gradients, and what the optimizer makes of them.
use super::Trainer;
use crate::base::error::Result;
use crate::learn::criteria::{Answers, Criteria};
use crate::learn::loss::Targets;
use crate::learn::optim::{Optimizer, row_of};
use crate::learn::tally::Tally;
use crate::nn::{Built, Context, Effects, Weight};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Gradient, Gradients};
use alloc::{rc::Rc, vec::Vec};
use core::mem::take;

/// The gradients of a batch's loss.
pub(super) struct Differentiated {
    pub(super) built: Rc<Built>,
    /// The weights as leaves of the loss's graph.
    pub(super) leaves: Vec<Tensor>,
    pub(super) gradients: Gradients,
    pub(super) loss: f32,
    pub(super) tally: Tally,
}

impl Trainer {
    /// The loss of a batch and its gradients; what layers change is left in the effects.
    pub(super) fn differentiate(
        &mut self,
        x: &[Tensor],
        targets: &[Targets],
        weights: &[Option<Tensor>],
        criteria: &Criteria,
    ) -> Result<Differentiated> {
        let built = self.model.built()?;
        let mut leaves = take(&mut self.leaves);
        leaves.clear();
        leaves.extend(built.weights.iter().map(|weight| weight.leaf()));
        self.effects.clear();
        let mut context = Context::new(true, &mut self.rng, &mut self.effects);
        let (raw, masks) = built.run(x, &leaves, &mut context, true)?;
        let answers = Answers {
            raw,
            activations: built.activations(),
            masks,
        };
        let (mut loss, each) = criteria.loss(&answers, targets, weights)?;
        loss = penalized(loss, &built, &leaves, &mut self.effects)?;
        let gradients = loss.backward_late_in(take(&mut self.gradients))?;
        let samples = x.first().map_or(0, |x| x.shape()[0]);
        let mut tally = take(&mut self.tally).batch(samples, loss.item()?, &each);
        criteria.judge(&answers, targets, weights, &mut tally)?;
        Ok(Differentiated {
            built,
            leaves,
            gradients,
            loss: loss.item()?,
            tally,
        })
    }

    /// As [`train_on_batch`](Trainer::train_on_batch) for data that have been checked.
    pub(in crate::learn) fn step(
        &mut self,
        x: &[Tensor],
        targets: &[Targets],
        weights: &[Option<Tensor>],
        criteria: &Criteria,
    ) -> Result<Tally> {
        let optimizer = self.compiled()?.optimizer.clone();
        let found = self.differentiate(x, targets, weights, criteria)?;
        let (built, mut leaves, mut gradients) = (found.built, found.leaves, found.gradients);
        let mut taken = take(&mut self.taken);
        taken.clear();
        // With the graph and its handle gone a weight has one owner again, and changes in place.
        taken.extend(leaves.drain(..).map(|leaf| gradients.take(&leaf)));
        make_room(&built.weights, &taken, &mut optimizer.borrow_mut())?;
        optimizer.borrow_mut().begin_step(&mut taken)?;
        for (place, value) in self.effects.updates.drain(..) {
            built.weight_at(place).set(&value)?;
        }
        // A constraint that is a function of the user's may fail in the middle of the step.
        let before: Option<Vec<Tensor>> = built
            .weights
            .iter()
            .any(Weight::has_own_constraint)
            .then(|| built.weights.iter().map(Weight::value).collect());
        for (weight, gradient) in built.weights.iter().zip(taken.drain(..)) {
            if let Some(gradient) = gradient {
                let key = weight.key();
                let changed = weight.change(|value| {
                    // Not longer: a constraint of the user's may ask the optimizer for its settings.
                    let mut optimizer = optimizer.borrow_mut();
                    optimizer.update_tensor(key, value, &gradient)
                });
                if let (Err(_), Some(before)) = (&changed, before.as_ref()) {
                    let both = built.weights.iter().zip(before);
                    both.for_each(|(weight, value)| weight.put_back(value.clone()));
                }
                changed?;
            }
        }
        (self.leaves, self.gradients, self.taken) = (leaves, gradients, taken);
        self.effects.settle();
        Ok(found.tally)
    }
}

/// A batch's loss with what the weights, which have these values, and the layers' outputs add to it.
pub(super) fn penalized(
    mut loss: Tensor,
    built: &Built,
    values: &[Tensor],
    effects: &mut Effects,
) -> Result<Tensor> {
    for (weight, value) in built.weights.iter().zip(values) {
        // Keras: what does not change adds nothing.
        if weight.trainable()
            && let Some(penalty) = weight.penalty(value)?
        {
            loss = loss.add(&penalty)?;
        }
    }
    for penalty in effects.penalties.drain(..) {
        loss = loss.add(&penalty)?;
    }
    Ok(loss)
}

/// Finds the memory that a step needs before anything changes: a step that cannot be done whole is not begun.
fn make_room(
    weights: &[Weight],
    gradients: &[Option<Gradient>],
    optimizer: &mut Optimizer,
) -> Result<()> {
    let changing = || {
        let both = weights.iter().zip(gradients);
        both.filter_map(|(weight, gradient)| Some((weight, gradient.as_ref()?)))
    };
    for (weight, _) in changing() {
        optimizer.make_room(weight.key(), weight.shape().size())?;
        weight.own()?;
    }
    for (weight, gradient) in changing() {
        optimizer.ask_for_scratch(row_of(&weight.shape()), gradient)?;
        weight.ask_for_constraint()?;
    }
    Ok(())
}
