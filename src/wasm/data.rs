//! Data sets on their way in.
use super::{seed, shape, whole};
use crate::Result;
use crate::data::{idx, synthetic};
use crate::learn;
use crate::tensor::Tensor;
use alloc::{rc::Rc, vec::Vec};
use js_sys::{Array, Uint8Array};
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

/// The shape of an IDX file of unsigned bytes, from its first bytes and its length: the values stay outside.
///
/// # Errors
/// Anything but such a file, whole.
#[wasm_bindgen(js_name = idxShape)]
pub fn idx_shape(header: &[u8], length: f64) -> Result<Vec<u32>> {
    let length = whole("length", length, header.len() as u32)?;
    let shape = idx::shape(header, length)?;
    Ok(shape.iter().map(|&size| size as u32).collect())
}

/// Digits from the generator: `[pixels, labels]`, 28 × 28 bytes each.
///
/// # Errors
/// A seed or count that is not a whole number.
#[wasm_bindgen(js_name = generateDigits, unchecked_return_type = "[Uint8Array, Uint8Array]")]
pub fn generate_digits(from: f64, count: f64) -> Result<Array> {
    let (pixels, labels) = synthetic::generate(seed(from)?, whole("count", count, 1)?)?;
    Ok(Array::of2(
        &Uint8Array::from(&pixels[..]),
        &Uint8Array::from(&labels[..]),
    ))
}
