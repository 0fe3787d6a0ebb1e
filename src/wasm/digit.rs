//! Drawings on their way in.
use crate::Result;
use crate::data::digit;
use crate::memory::vector;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

/// What MNIST would have made of a drawing: 784 values. `points` holds x and y by turns, `lengths` how many
/// points each stroke has.
///
/// # Errors
/// An empty drawing, points that are not finite, or more of them than fit into memory.
#[wasm_bindgen]
pub fn rasterize(points: &[f32], lengths: &[u32]) -> Result<Vec<f32>> {
    let mut rest = points.as_chunks::<2>().0;
    let mut strokes = vector("digit", lengths.len())?;
    for &length in lengths {
        let (stroke, after) = rest.split_at(rest.len().min(length as usize));
        strokes.push(stroke);
        rest = after;
    }
    Ok(digit::rasterize(&strokes)?.to_vec())
}

/// What MNIST would have made of a greyscale bitmap of one digit: 784 values. `pixels` are row-major, 0 for paper.
///
/// # Errors
/// No ink, pixels that are not finite, or not `width` × `height` of them.
#[wasm_bindgen(js_name = fitPixels)]
pub fn fit_pixels(pixels: &[f32], width: usize, height: usize) -> Result<Vec<f32>> {
    Ok(digit::from_pixels(pixels, width, height)?.to_vec())
}
