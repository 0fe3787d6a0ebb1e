//! Functions of JavaScript that the core calls: parts that a user wrote.
use super::slots;
use crate::base::error::{Result, bail};
use crate::tensor::Tensor;
use alloc::vec::Vec;
use core::cell::RefCell;
use js_sys::{Float64Array, Function, Uint32Array};
use wasm_bindgen::prelude::*;

std::thread_local! {
    static DISPATCH: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Sets the function that calls the function with a number: `(number, slots, extra) => slots`.
#[wasm_bindgen(js_name = setForeign)]
pub fn set_foreign(dispatch: Function) {
    DISPATCH.set(Some(dispatch));
}

/// Calls the function of JavaScript that was registered under `id` with these tensors and numbers. JavaScript gets
/// slots of its own for the tensors, and those that it answers with are empty afterwards.
///
/// # Errors
/// The function threw: `call` in `js/engine/instance.ts` then throws the same value on, whatever this error says.
pub(super) fn call_foreign(id: u32, inputs: &[Tensor], extra: &[f64]) -> Result<Vec<Tensor>> {
    let answer = ask_foreign(id, inputs, extra)?;
    answer.into_iter().map(slots::take).collect()
}

/// The same for a function that gives one tensor.
///
/// # Errors
/// As for [`call_foreign`], or another number of tensors.
pub(super) fn call_for_one(id: u32, inputs: &[Tensor], extra: &[f64]) -> Result<Tensor> {
    match <[Tensor; 1]>::try_from(call_foreign(id, inputs, extra)?) {
        Ok([value]) => Ok(value),
        Err(all) => bail!(Value, "one tensor is expected, but there are {}", all.len()),
    }
}

/// As [`call_foreign`], with the slots as they come: some may be numbers that are no slots.
///
/// # Errors
/// As for [`call_foreign`].
pub(super) fn ask_foreign(id: u32, inputs: &[Tensor], extra: &[f64]) -> Result<Vec<u32>> {
    let Some(dispatch) = DISPATCH.with_borrow(Clone::clone) else {
        bail!(State, "no function of JavaScript can be called yet")
    };
    let given: Vec<u32> = inputs
        .iter()
        .map(|tensor| slots::put(tensor.clone()))
        .collect();
    let answer = dispatch.call3(
        &JsValue::UNDEFINED,
        &id.into(),
        &Uint32Array::from(&given[..]),
        &Float64Array::from(extra),
    );
    let Ok(answer) = answer else {
        bail!(State, "a function of JavaScript threw")
    };
    Ok(Uint32Array::new(&answer).to_vec())
}
