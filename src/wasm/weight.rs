//! The weights of layers, as JavaScript holds them.
use super::optimizer::CoreOptimizer;
use super::{needs_eager, slots};
use crate::base::error::{Result, bail};
use crate::nn::Weight;
use crate::tensor::autograd::Gradient;
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::*;

/// One weight of a layer.
#[wasm_bindgen]
pub struct CoreWeight(pub(super) Weight);

#[wasm_bindgen]
impl CoreWeight {
    /// A number that no other weight or variable has.
    pub fn key(&self) -> u32 {
        self.0.key()
    }

    /// Its path: `dense_1/kernel`.
    pub fn name(&self) -> String {
        self.0.name().into()
    }

    /// Whether training may change it at this moment.
    pub fn trainable(&self) -> bool {
        self.0.trainable()
    }

    /// Whether gradients change it at all: moving statistics are changed by their layer alone.
    #[wasm_bindgen(js_name = isState)]
    pub fn is_state(&self) -> bool {
        self.0.is_state()
    }

    /// Its shape.
    pub fn shape(&self) -> Vec<u32> {
        self.0.shape().iter().map(|&length| length as u32).collect()
    }

    /// A slot with its values as they are now.
    pub fn slot(&self) -> u32 {
        slots::put(self.0.value())
    }

    /// Replaces its values.
    ///
    /// # Errors
    /// Another shape; nothing is replaced then.
    pub fn assign(&self, slot: u32) -> Result<()> {
        self.0.set(&slots::get(slot)?)
    }

    /// Finds the memory for a step of an optimizer: called for all weights before a step begins, so that none has
    /// changed where it cannot be done whole.
    ///
    /// # Errors
    /// There is too little.
    #[wasm_bindgen(js_name = makeRoom)]
    pub fn make_room(&self, optimizer: &CoreOptimizer) -> Result<()> {
        let mut optimizer = optimizer.0.borrow_mut();
        optimizer.make_room(self.0.key(), self.0.shape().size())?;
        self.0.own()?;
        self.0.ask_for_constraint()
    }

    /// A step of an optimizer along a gradient, and then its constraint.
    ///
    /// # Errors
    /// A gradient of another shape, or too little memory; nothing is changed then.
    pub fn update(&self, optimizer: &CoreOptimizer, gradient: u32) -> Result<()> {
        needs_eager()?;
        let gradient = slots::get(gradient)?;
        let shape = self.0.shape();
        if *gradient.shape() != shape {
            bail!(
                Shape,
                "{}: the gradient is {:?}, the weight {shape:?}",
                self.0.name(),
                gradient.shape()
            );
        }
        let gradient = Gradient::Whole(gradient.detach());
        let (key, row) = (self.0.key(), shape.last().copied().unwrap_or(1));
        self.0.change(|value| {
            let mut optimizer = optimizer.0.borrow_mut();
            optimizer.make_room(key, shape.size())?;
            optimizer.update(key, value.make_mut()?, row, &gradient)
        })
    }
}
