//! Data sets on their way in.
use super::{seed, shape};
use crate::Result;
use crate::base::error::bail;
use crate::data::synthetic;
use crate::learn;
use crate::tensor::Tensor;
use alloc::{rc::Rc, vec::Vec};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// Inputs of samples, handed over once.
#[wasm_bindgen]
pub struct Features(pub(super) Rc<learn::Features>);

#[wasm_bindgen]
impl Features {
    /// Values `[samples, …]`.
    ///
    /// # Errors
    /// No samples, NaN or an infinity, or a shape that does not fit.
    pub fn floats(values: Vec<f32>, lengths: &[u32]) -> Result<Features> {
        Ok(Features(Rc::new(learn::Features::values(Tensor::new(
            values,
            &shape(lengths),
        )?)?)))
    }

    /// Bytes that stand for `byte / 255`, with the shape of one sample.
    ///
    /// # Errors
    /// No samples, or bytes that are not whole samples.
    pub fn bytes(values: Vec<u8>, sample: &[u32]) -> Result<Features> {
        Ok(Features(Rc::new(learn::Features::bytes(
            values,
            &shape(sample),
        )?)))
    }

    /// How many samples.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.0.len()
    }
}

/// What the model should have answered: values `[samples, …]`, or class numbers `[samples]`.
#[wasm_bindgen]
pub struct Labels(pub(super) Tensor);

#[wasm_bindgen]
impl Labels {
    /// Values of this shape.
    ///
    /// # Errors
    /// A shape that does not fit.
    #[wasm_bindgen(constructor)]
    pub fn new(values: Vec<f32>, lengths: &[u32]) -> Result<Labels> {
        Ok(Labels(Tensor::new(values, &shape(lengths))?))
    }
}

/// Digits from the generator: fills `labels`, and `pixels` with 28 × 28 bytes for each. The arrays are
/// JavaScript's, since only the digit at hand need lie in here.
///
/// # Errors
/// A seed that is not a whole number, or arrays that do not belong together.
#[wasm_bindgen(js_name = generateDigits)]
pub fn generate_digits(from: f64, pixels: &Uint8Array, labels: &Uint8Array) -> Result<()> {
    let seed = seed(from)?;
    let count = labels.length();
    let bytes = count.checked_mul(synthetic::BYTES as u32);
    let mut kinds = Vec::new();
    if bytes != Some(pixels.length()) || kinds.try_reserve_exact(count as usize).is_err() {
        bail!(
            Value,
            "generate_digits: {} bytes cannot hold {count} digits",
            pixels.length()
        );
    }
    kinds.resize(count as usize, 0);
    let mut at = 0;
    synthetic::generate_into(seed, &mut kinds, |image| {
        let end = at + image.len() as u32;
        pixels.subarray(at, end).copy_from(image);
        at = end;
    });
    labels.copy_from(&kinds);
    Ok(())
}
