//! Loops over slices: what tensors are computed with.
//!
//! Slices in, slices out; nothing is allocated (what needs room says how much and is given scratch),
//! and every loop has one fixed order, so results do not depend on the machine. Callers validate
//! shapes; lengths that do not fit panic. Empty slices are fine everywhere.
//!
//! | file | kernels |
//! | --- | --- |
//! | [`gemm`] | `gemm`: matrix product of strided views |
//! | [`elementwise`] | functions of one number and of two, in two tables; `accumulate`, `finish_rows`, `axpy`, `relu_gradient`; `from_bytes` |
//! | [`scalar`] | functions that are computed one element at a time: trigonometry, rounding, powers |
//! | [`transcendental`] | `exp`, `log`, `tanh`, `erfc` and their like, of four lanes |
//! | [`reduce`] | `sum`, `max`, `sum_rows` |
//! | [`softmax`] | `softmax`, `log_softmax`, `cross_entropy` of rows |
//! | [`conv`] | `Conv2d`: `forward`, `input_gradient`, `kernel_gradient` |
//! | [`pool`] | `Pool2d`: `max_forward`, `max_gradient`, `gather`, `average_forward`, `average_gradient` |
//! | [`fourier`] | `Fourier`: the transform of a row |
//! | [`batch_norm`] | `squares`, `gradients`: sums over rows; `normalize`, `input_gradient`: maps whose parameters are a row |
//! | [`layer_norm`] | `normalize`, `gradients`: rows that are normalised each by itself |
//! | [`attention`] | `weigh`, `weigh_gradient`: from products with keys to weights of values |
//! | [`lstm`], [`gru`], [`simple_rnn`] | a step's gates, forward and back |
//! | [`update`] | `sgd`, `momentum`, `adam` |
pub mod attention;
pub mod batch_norm;
mod compensated;
pub mod conv;
pub mod elementwise;
pub mod fourier;
pub mod gemm;
#[doc(hidden)]
pub mod golden;
pub mod gru;
pub mod layer_norm;
pub mod lstm;
pub mod pool;
pub mod reduce;
pub mod scalar;
pub mod simple_rnn;
mod sizes;
pub mod softmax;
pub mod transcendental;
pub mod update;

/// A function of one number, applied to every element.
type Map = fn(&[f32], &mut [f32]);
/// A function of two numbers, applied to every pair of elements.
type Zip = fn(&[f32], &[f32], &mut [f32]);

/// A whole number as the bits of a float.
#[inline(always)]
fn bits(number: usize) -> f32 {
    f32::from_bits(number as u32)
}

/// The whole number that rides in a float.
#[inline(always)]
fn number(bits: f32) -> usize {
    bits.to_bits() as usize
}

#[cfg(test)]
mod tests;
