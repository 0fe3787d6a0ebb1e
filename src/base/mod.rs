//! What needs nothing else: errors, random numbers, names, order, places, and JSON.
pub mod error;
pub mod json;
pub mod key;
pub(crate) mod names;
pub(crate) mod places;
pub mod rng;
pub(crate) mod sorted;
