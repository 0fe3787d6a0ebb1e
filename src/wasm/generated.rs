//! Digits from the generator.
#[cfg(feature = "generated")]
use super::numbers::seed;
use crate::base::error::Result;
#[cfg(feature = "generated")]
use crate::base::error::bail;
#[cfg(not(feature = "generated"))]
use crate::base::error::left_out;
#[cfg(feature = "generated")]
use crate::data::synthetic::{self, other};
#[cfg(feature = "generated")]
use crate::memory::vector;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// Digits from the generator: fills `labels`, and `pixels` with 28 × 28 bytes for each. The arrays are
/// JavaScript's, since only the digit at hand need lie in here.
///
/// # Errors
/// A seed that is not a whole number, or arrays that do not belong together.
#[cfg(feature = "generated")]
#[wasm_bindgen(js_name = generateDigits)]
pub fn generate_digits(from: f64, pixels: &Uint8Array, labels: &Uint8Array) -> Result<()> {
    let seed = seed(from)?;
    let count = labels.length();
    let bytes = count.checked_mul(synthetic::BYTES as u32);
    if bytes != Some(pixels.length()) {
        bail!(
            Value,
            "generate_digits: {} bytes cannot hold {count} digits",
            pixels.length()
        );
    }
    let mut kinds = vector("generate_digits", count as usize)?;
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

/// Says that they were left out.
///
/// # Errors
/// Always.
#[cfg(not(feature = "generated"))]
#[wasm_bindgen(js_name = generateDigits)]
pub fn generate_digits(_from: f64, _pixels: &Uint8Array, _labels: &Uint8Array) -> Result<()> {
    left_out("the generator of digits")
}

/// What is no digit: fills `pixels` with 28 × 28 bytes for each thing.
///
/// # Errors
/// A seed that is not a whole number, or an array that holds no whole number of pictures.
#[cfg(feature = "generated")]
#[wasm_bindgen(js_name = generateOthers)]
pub fn generate_others(from: f64, pixels: &Uint8Array) -> Result<()> {
    let seed = seed(from)?;
    let size = synthetic::BYTES as u32;
    if !pixels.length().is_multiple_of(size) {
        bail!(
            Value,
            "generate_others: {} bytes are no whole number of pictures",
            pixels.length()
        );
    }
    let mut at = 0;
    other::generate_into(seed, (pixels.length() / size) as usize, |image| {
        pixels.subarray(at, at + size).copy_from(image);
        at += size;
    });
    Ok(())
}

/// Says that they were left out.
///
/// # Errors
/// Always.
#[cfg(not(feature = "generated"))]
#[wasm_bindgen(js_name = generateOthers)]
pub fn generate_others(_from: f64, _pixels: &Uint8Array) -> Result<()> {
    left_out("the generator of digits")
}
