//! What needs nothing else: errors, random numbers, names, order, and JSON.
pub mod error;
pub mod json;
pub mod key;
pub(crate) mod names;
pub mod rng;
pub(crate) mod sorted;
