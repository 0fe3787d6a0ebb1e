//! Errors of ops: an op answers with a slot, and with one number that is no slot where it failed. JavaScript then
//! asks what went wrong. An answer with an error in it would be an array, for each op.
use super::slots;
use crate::base::error::{Error, Result};
use crate::tensor::Tensor;
use core::cell::RefCell;
use wasm_bindgen::prelude::*;

/// What is answered instead of a slot.
pub(super) const FAILED: u32 = u32::MAX;

std::thread_local! {
    static FAILURE: RefCell<Option<Error>> = const { RefCell::new(None) };
}

/// The slot of what `op` makes, or [`FAILED`], and then [`take_failure`] says why.
pub(super) fn answer(op: impl FnOnce() -> Result<Tensor>) -> u32 {
    match op() {
        Ok(tensor) => slots::put(tensor),
        Err(error) => {
            FAILURE.set(Some(error));
            FAILED
        }
    }
}

/// What went wrong with the op that failed last.
#[wasm_bindgen(js_name = takeFailure)]
pub fn take_failure() -> JsValue {
    FAILURE.take().map_or(JsValue::UNDEFINED, JsValue::from)
}
