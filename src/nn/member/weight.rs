//! One weight of a layer: its values, and what becomes of them.
use super::Member;
use crate::base::error::{Result, bail};
use crate::memory::ask_for;
use crate::nn::{Constraint, OfTensor, Regularizer};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{rc::Rc, string::String};
use core::cell::Ref;

/// A weight's values, and what becomes of them.
pub(super) struct Held {
    pub(super) key: u32,
    pub(super) name: String,
    pub(super) value: Tensor,
    pub(super) trainable: bool,
    pub(super) regularizer: Option<Regularizer>,
    pub(super) constraint: Option<Constraint>,
    /// The same two as functions of the user's.
    pub(super) own_regularizer: Option<OfTensor>,
    pub(super) own_constraint: Option<OfTensor>,
}

/// One weight of a layer.
#[derive(Clone)]
pub struct Weight {
    pub(super) member: Member,
    pub(super) index: usize,
    pub(super) name: Rc<str>,
}

impl Weight {
    /// Its path: `dense_1/kernel`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A number that no other weight or variable has.
    pub fn key(&self) -> u32 {
        self.held().key
    }

    /// Its values now.
    pub fn value(&self) -> Tensor {
        self.held().value.clone()
    }

    /// Its shape.
    pub fn shape(&self) -> Shape {
        *self.held().value.shape()
    }

    /// Whether training may change it at this moment.
    pub fn trainable(&self) -> bool {
        self.held().trainable && self.member.trainable()
    }

    /// Whether its layer changes it and gradients do not.
    pub fn is_state(&self) -> bool {
        !self.held().trainable
    }

    /// Whether it adds anything to the loss.
    pub fn has_penalty(&self) -> bool {
        let held = self.held();
        held.regularizer.is_some() || held.own_regularizer.is_some()
    }

    /// What it adds to the loss where it has these values, if it adds anything.
    ///
    /// # Errors
    /// Too little memory, or what a function of the user's says.
    pub fn penalty(&self, value: &Tensor) -> Result<Option<Tensor>> {
        // A function of the user's may look at the weight.
        let (named, own) = {
            let held = self.held();
            (held.regularizer, held.own_regularizer.clone())
        };
        match (own, named) {
            (Some(own), _) => own(value).map(Some),
            (None, Some(named)) => named.penalty(value).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// Its values as a new leaf of the graph if training may change it, else as they are.
    pub(crate) fn leaf(&self) -> Tensor {
        let held = self.held();
        if held.trainable && self.member.trainable() {
            held.value.tracked()
        } else {
            held.value.clone()
        }
    }

    /// Replaces its values.
    ///
    /// # Errors
    /// Another shape; nothing is replaced then.
    pub fn set(&self, value: &Tensor) -> Result<()> {
        let mut state = self.member.0.state.borrow_mut();
        let held = &mut state.weights[self.index];
        if held.value.shape() != value.shape() {
            bail!(
                Shape,
                "set_weights: {} is {:?}, not {:?}",
                self.name,
                held.value.shape(),
                value.shape()
            );
        }
        held.value = value.detach();
        Ok(())
    }

    /// Makes its values its own, so that to change them where they are needs no memory.
    ///
    /// # Errors
    /// Others hold them too, and there is no memory for a copy.
    pub(crate) fn own(&self) -> Result<()> {
        let mut state = self.member.0.state.borrow_mut();
        state.weights[self.index].value.make_mut().map(drop)
    }

    /// Asks for what its constraint takes.
    ///
    /// # Errors
    /// There is no memory for it.
    pub(crate) fn ask_for_constraint(&self) -> Result<()> {
        let held = self.held();
        if held.constraint.is_none() && held.own_constraint.is_none() {
            return Ok(());
        }
        // The result, and what it is made of.
        ask_for("constraint", &[held.value.shape().size(); 2])
    }

    /// Takes its values away until [`put_back`](Weight::put_back): nobody may use the weight meanwhile.
    pub fn take_away(&self) -> Tensor {
        let mut state = self.member.0.state.borrow_mut();
        core::mem::replace(&mut state.weights[self.index].value, Tensor::scalar(0.0))
    }

    /// Puts values back that were taken away.
    pub fn put_back(&self, value: Tensor) {
        self.member.0.state.borrow_mut().weights[self.index].value = value;
    }

    /// Changes its values where they are, then holds them to its constraint.
    ///
    /// # Errors
    /// Those of `change`, and then nothing more happens; or those of the constraint.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Tensor) -> Result<()>) -> Result<()> {
        let mut state = self.member.0.state.borrow_mut();
        let held = &mut state.weights[self.index];
        change(&mut held.value)?;
        if let Some(constraint) = &held.constraint {
            held.value = constraint.apply(&held.value)?;
        }
        let Some(constraint) = held.own_constraint.clone() else {
            return Ok(());
        };
        // A function of the user's may look at the weight.
        let value = held.value.clone();
        drop(state);
        self.set(&constraint(&value)?)
    }

    /// Whether a function of the user's is asked after each step, which may fail.
    pub(crate) fn has_own_constraint(&self) -> bool {
        self.held().own_constraint.is_some()
    }

    /// The layer that it is a weight of.
    pub fn member(&self) -> &Member {
        &self.member
    }

    fn held(&self) -> Ref<'_, Held> {
        Ref::map(self.member.0.state.borrow(), |state| {
            &state.weights[self.index]
        })
    }
}
