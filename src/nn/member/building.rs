//! How a layer gets its weights.
use super::Member;
use super::weight::Held;
use crate::base::error::{Result, bail};
use crate::base::key::unique_key;
use crate::base::rng::Rng;
use crate::memory::ask_in_all;
use crate::nn::{Action, Dims, OwnPart, WeightSpec};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::vec::Vec;

impl Member {
    /// The weights that it wants for inputs of these shapes, which must not depend on a length that is not fixed.
    pub(crate) fn specs(&self, inputs: &[Dims]) -> Result<Vec<WeightSpec>> {
        let layer = &self.0.layer;
        let (first, second) = Dims::probe(inputs, &|shapes| Ok(layer.weights(shapes)))?;
        for (a, b) in first.iter().zip(&second) {
            if a.shape != b.shape {
                bail!(
                    Shape,
                    "the size of `{}` depends on a length that is not fixed in {inputs:?}",
                    a.name
                );
            }
        }
        Ok(first)
    }

    /// Refuses inputs for which the weights would have other shapes than those that exist.
    pub(super) fn check_weights(&self, inputs: &[Dims]) -> Result<()> {
        let state = self.0.state.borrow();
        let Some(built_for) = &state.built_for else {
            return Ok(());
        };
        if built_for == inputs {
            return Ok(());
        }
        let wanted = self.specs(inputs)?;
        let fits = wanted.len() == state.weights.len()
            && wanted
                .iter()
                .zip(&state.weights)
                .all(|(spec, held)| spec.shape == **held.value.shape());
        if !fits {
            bail!(
                Shape,
                "its weights were made for inputs of {built_for:?}, but these are {inputs:?}"
            );
        }
        Ok(())
    }

    /// Refuses a call on inputs of the shapes `second` of a layer that was called on `first`, if its weights would have
    /// other shapes. There are none yet.
    pub(crate) fn check_shared(&self, first: &[Dims], second: &[Dims]) -> Result<()> {
        let shapes = |inputs| -> Result<Vec<_>> {
            let specs = self.specs(inputs)?.into_iter();
            Ok(specs.map(|spec| spec.shape).collect())
        };
        let inside = |inputs| self.0.layer.missing_inside(inputs);
        if shapes(first)? != shapes(second)? || inside(first)? != inside(second)? {
            bail!(
                Shape,
                "it is called on inputs of {first:?} and of {second:?}, for which its weights would have other shapes"
            );
        }
        Ok(())
    }

    /// How many values its weights have, and those of the layers inside it, where they do not exist yet.
    ///
    /// # Errors
    /// Inputs that it cannot take.
    pub(crate) fn missing_params(&self, inputs: &[Dims]) -> Result<u64> {
        if self.is_built() {
            return Ok(0);
        }
        let mut params = self.0.layer.missing_inside(inputs)?;
        for spec in self.specs(inputs)? {
            params = params.saturating_add(Shape::new(&spec.shape)?.size() as u64);
        }
        Ok(params)
    }

    /// Makes the weights for inputs of these shapes, unless they exist.
    ///
    /// # Errors
    /// Inputs that it cannot take; nothing is made then.
    pub fn build(&self, inputs: &[Dims], rng: &mut Rng) -> Result<()> {
        if self.is_built() {
            return self.check_weights(inputs);
        }
        let specs = self.specs(inputs)?;
        room_for(&specs)?;
        let mut weights = Vec::with_capacity(specs.len());
        for spec in specs {
            let mut held = Held {
                key: unique_key(),
                value: self.start(&spec, rng)?,
                name: spec.name,
                trainable: spec.trainable,
                regularizer: spec.regularizer,
                constraint: spec.constraint,
                own_regularizer: None,
                own_constraint: None,
            };
            for part in self.parts_about(&held.name) {
                match part.action {
                    Action::Regularize(own) => {
                        (held.regularizer, held.own_regularizer) = (None, Some(own));
                    }
                    Action::Constrain(own) => {
                        (held.constraint, held.own_constraint) = (None, Some(own));
                    }
                    Action::Start(_) | Action::RegularizeOutput(_) => {}
                }
            }
            if let Some(constraint) = &held.constraint {
                // An axis that the weight does not have is told now, and not in the middle of a step.
                constraint.apply(&held.value)?;
            }
            weights.push(held);
        }
        self.0.layer.build(inputs, rng)?;
        let mut state = self.0.state.borrow_mut();
        state.built_for = Some(inputs.into());
        state.weights = weights;
        Ok(())
    }

    /// The functions of the user's that are about a weight.
    fn parts_about(&self, weight: &str) -> Vec<OwnPart> {
        self.own_parts()
            .into_iter()
            .filter(|part| part.is_about(weight))
            .collect()
    }

    /// What a weight starts as.
    fn start(&self, spec: &WeightSpec, rng: &mut Rng) -> Result<Tensor> {
        let parts = self.parts_about(&spec.name);
        let own = parts.into_iter().find_map(|part| match part.action {
            Action::Start(own) => Some(own),
            _ => None,
        });
        match own {
            Some(own) => Ok(own(&spec.shape, rng)?.detach()),
            None => spec.start(rng),
        }
    }

    /// Draws its weights and those of the layers inside it anew, as if they were made now.
    ///
    /// # Errors
    /// As for [`build`](Member::build).
    pub fn draw_again(&self, rng: &mut Rng) -> Result<()> {
        let built_for = self.0.state.borrow().built_for.clone();
        if let Some(inputs) = built_for {
            for (index, spec) in self.specs(&inputs)?.iter().enumerate() {
                let value = self.start(spec, rng)?;
                self.0.state.borrow_mut().weights[index].value = value;
            }
        }
        self.inner()
            .iter()
            .try_for_each(|member| member.draw_again(rng))
    }

    /// Has no weights again, as before [`build`](Member::build); the layers inside it keep theirs.
    pub(crate) fn forget(&self) {
        let mut state = self.0.state.borrow_mut();
        state.built_for = None;
        state.weights.clear();
        if let Some(model) = self.0.layer.as_model() {
            model.forget();
        }
    }
}

/// Asks for the memory of weights: running out of it later would end the program.
///
/// # Errors
/// They do not fit.
pub(crate) fn room_for<'a>(specs: impl IntoIterator<Item = &'a WeightSpec>) -> Result<()> {
    let mut params = 0u64;
    for spec in specs {
        params = params.saturating_add(Shape::new(&spec.shape)?.size() as u64);
    }
    ask_in_all("build", params.saturating_mul(4))
}
