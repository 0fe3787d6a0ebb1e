//! Initializers, regularizers and constraints of the library, used by themselves.
use super::{seed, slots};
use crate::base::error::Result;
use crate::base::json::{self, Setting};
use crate::base::rng::Rng;
use crate::memory::ask_in_all;
use crate::nn::{Constraint, Initializer, Regularizer};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use wasm_bindgen::prelude::*;

/// A slot with values for a weight of this shape; `initializer` is JSON, a name or `{ class_name, config }`.
///
/// # Errors
/// An initializer that is unknown or cannot make such a shape, or values that do not fit into memory.
#[wasm_bindgen]
pub fn initialize(initializer: &str, lengths: &[u32], from: f64) -> Result<u32> {
    let initializer = Initializer::read(&json::parse(initializer)?)?;
    let shape = Shape::new(&super::shape(lengths))?;
    ask_in_all("initializer", 4 * shape.size() as u64)?;
    let values = initializer.fill(&shape, None, &mut Rng::new(seed(from)?))?;
    Ok(slots::put(Tensor::new(values, &shape)?))
}

/// A slot with what the tensor in a slot adds to the loss; `regularizer` is JSON, a name or `{ class_name, config }`.
///
/// # Errors
/// A regularizer that is unknown, an empty slot, or too little memory.
#[wasm_bindgen]
pub fn penalty(regularizer: &str, slot: u32) -> Result<u32> {
    let regularizer = Regularizer::read(&json::parse(regularizer)?)?;
    Ok(slots::put(regularizer.penalty(&slots::get(slot)?)?))
}

/// A slot with the tensor in a slot held to a rule; `constraint` is JSON, a name or `{ class_name, config }`.
///
/// # Errors
/// A constraint that is unknown, an axis that the tensor does not have, an empty slot, or too little memory.
#[wasm_bindgen]
pub fn constrain(constraint: &str, slot: u32) -> Result<u32> {
    let constraint = Constraint::read(&json::parse(constraint)?)?;
    Ok(slots::put(constraint.apply(&slots::get(slot)?)?))
}
