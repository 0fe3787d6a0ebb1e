//! **mapling**: everything is a mapping; a mapling is a small one that you grow in your browser.
//!
//! A tensor and autograd core for training neural networks, `no_std` with `alloc`, compiled to
//! WebAssembly with SIMD. The floors of the house, from the ground up; each uses only those above it
//! in this list:
//!
//! 1. [`error`], [`json`], [`rng`]: what goes wrong, what is written down, and what is random.
//! 2. [`simd`], [`parallel`]: four lanes of `f32`, one meaning on every machine; all threads at once.
//! 3. [`kernels`]: loops over slices. No allocation of results, no shapes to guess.
//! 4. `shared`, `buffer`, [`tensor`], [`autograd`]: memory that is used again, where values lie, the handle, the
//!    graph, the backward walk.
//! 5. [`ops`]: one file per operation, its formula, derivative and tests.
//! 6. [`nn`], [`loss`], [`optim`], [`metrics`]: layers, what to minimise, how, and how well.
//! 7. [`data`], [`train`]: where batches come from, and the loop around it all.
//! 8. `wasm`: conversions for JavaScript, nothing else.
#![no_std]
#![warn(missing_docs)]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod autograd;
mod buffer;
pub mod data;
pub mod error;
pub mod json;
pub mod kernels;
pub mod loss;
pub mod metrics;
pub mod nn;
pub mod ops;
pub mod optim;
pub mod parallel;
pub mod rng;
pub mod shape;
mod shared;
pub mod simd;
pub mod tensor;
pub mod train;
#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
pub mod wasm;

pub use error::{Error, Result};
pub use tensor::Tensor;
