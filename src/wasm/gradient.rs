//! Recording, and gradients of what was recorded.
use super::failure::{FAILED, answer};
use super::foreign::call_foreign;
use super::{late, slots};
use crate::base::error::Result;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

/// A slot with the values of another, at which gradients are wanted: what is computed from it is recorded.
#[wasm_bindgen]
pub fn track(slot: u32) -> u32 {
    answer(|| Ok(slots::get(slot)?.end()))
}

/// Whether gradients flow to or through the tensor in a slot.
///
/// # Errors
/// The slot is empty.
#[wasm_bindgen(js_name = isRecorded)]
pub fn is_recorded(slot: u32) -> Result<bool> {
    Ok(slots::get(slot)?.needs_gradient())
}

/// The gradients of `sum(y × dy)` with respect to the tensors in the slots `ends`: a slot for each, maybe of a product
/// that is not computed yet, or the number that is no slot where `y` does not depend on the end. `dy` is 1 everywhere where it is no slot. If they are to be
/// differentiated in turn, they remember how they were made.
///
/// # Errors
/// A slot is empty, `dy` has another shape than `y`, or what a function of JavaScript did wrong on the way.
#[wasm_bindgen]
pub fn gradients(y: u32, dy: u32, ends: &[u32], differentiate: bool) -> Result<Vec<u32>> {
    let y = slots::get(y)?;
    let dy = match dy {
        FAILED => Tensor::full(y.shape(), 1.0)?,
        slot => slots::get(slot)?,
    };
    let gradients = y.gradients_at(dy, &slots::gather(ends)?, differentiate)?;
    let slot = |gradient: Option<Gradient>| {
        Ok(match gradient {
            Some(Gradient::Whole(gradient)) if differentiate => slots::put(gradient),
            Some(Gradient::Whole(gradient)) => slots::put(gradient.detach()),
            Some(Gradient::Late(product)) => late::put(product),
            #[cfg(feature = "embedding")]
            Some(Gradient::Rows(sums)) => slots::put(sums.value()?),
            None => FAILED,
        })
    };
    gradients.into_iter().map(slot).collect()
}

/// A value whose derivative is a function of JavaScript, which takes `dy` and gives a gradient for each input: `js/grad/custom.ts`
/// sees to it that these are as many, and of the inputs' shapes.
struct Custom {
    id: u32,
}

impl Op for Custom {
    fn name(&self) -> &'static str {
        "customGrad"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let gradients = call_foreign(self.id, core::slice::from_ref(at.dy), &[])?;
        Ok(gradients.into_iter().map(|g| Some(g.into())).collect())
    }
}

/// A slot with the values of another, recorded as made from `inputs`, with the derivative that is registered under
/// `id`.
#[wasm_bindgen(js_name = customGradient)]
pub fn custom_gradient(value: u32, inputs: &[u32], id: u32) -> u32 {
    answer(|| {
        let (value, inputs) = (slots::get(value)?, slots::gather(inputs)?);
        let inputs: Vec<&Tensor> = inputs.iter().collect();
        Ok(Tensor::of(
            Custom { id },
            &inputs,
            value.data(),
            *value.shape(),
        ))
    })
}
