//! **mapling**: everything is a mapping; a mapling is a small one that you grow in your browser.
//!
//! A tensor and autograd core for training neural networks, `no_std` with `alloc`, compiled to
//! WebAssembly with SIMD. The floors of the house, from the ground up; each uses only those above it
//! in this list:
//!
//! 1. [`base`]: errors, JSON, random numbers.
//! 2. [`simd`], [`parallel`], `memory`: four lanes of `f32`, one meaning on every machine; all threads at once;
//!    memory that is used again.
//! 3. [`kernels`]: loops over slices. No allocation of results, no shapes to guess.
//! 4. [`tensor`]: the handle, shapes, what is recorded, the walk back.
//! 5. [`ops`]: one file per operation, its formula, derivative and tests.
//! 6. [`nn`]: layers and models.
//! 7. [`data`], [`learn`]: where batches come from; losses, optimizers, metrics, and the loop around it all.
//! 8. `wasm`: conversions for JavaScript, nothing else.
//!
//! # A network, from nothing to its answers
//!
//! ```
//! use mapling::learn::loss::{Loss, Targets};
//! use mapling::learn::optim::Adam;
//! use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
//! use mapling::nn::{Activation, Dense, Model};
//! use mapling::{Result, Tensor};
//!
//! # fn main() -> Result<()> {
//! // Which of two numbers is the greater?
//! let points = vec![0.0, 1.0, 1.0, 0.0, 0.2, 0.7, 0.9, 0.3];
//! let x = Features::values(Tensor::new(points, &[4, 2])?)?;
//! let y = Targets::classes(vec![1, 0, 1, 0]);
//!
//! let model = Model::sequential();
//! model.add(Dense { activation: Activation::Softmax, ..Dense::new(2) })?;
//! let mut trainer = Trainer::new(model, 1);
//! let loss = Loss::named("sparse_categorical_crossentropy")?;
//! let adam = Adam { learning_rate: 0.1, ..Adam::new() };
//! trainer.compile(Compile::new(adam, loss).metrics(["accuracy"]))?;
//!
//! let data = Data::new(x, y);
//! let options = FitOptions { epochs: 50, ..FitOptions::default() };
//! let mut fit = Fit::new(&mut trainer, data.clone(), options)?;
//! while !matches!(fit.step(&mut trainer)?, Event::Done) {}
//! assert_eq!(trainer.evaluate(&data, 4)?.metrics[0], 1.0);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! All are on by default. `std` links the standard library, `wasm` is the border to JavaScript, `eager` what JavaScript
//! does there besides whole models, `generated` the digits that are drawn there; a `divided` module comes in two parts.
//! `layers` stands for all families of layers that a configuration may name:
//! `activations`, `attention`, `embedding`, `merging`, `noise`, `normalization`, `pooling`, `preprocessing`,
//! `recurrent`, `reshaping`, `wrappers`. `functional` reads and writes models that are not a row, `restraints` are regularizers, constraints and
//! initializers that few layers ask for, `higher-order` derivatives of derivatives. `learning` stands for what few networks are trained with:
//! `losses`, `metrics`, `optimizers`, `schedules`. What a build lacks is refused by name. In Rust layers can be
//! made in every build; what is not used is not linked.
#![no_std]
#![warn(missing_docs)]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod base;
pub mod data;
pub mod kernels;
pub mod learn;
mod memory;
pub mod nn;
pub mod ops;
pub mod parallel;
pub mod simd;
pub mod tensor;
#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
pub mod wasm;

pub use base::error::{Error, ErrorKind, Result};
pub use tensor::Tensor;
