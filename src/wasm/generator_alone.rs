//! What JavaScript sees of a module that draws digits and does nothing else.
mod generated;
mod numbers;
mod thrown;

pub use generated::{generate_digits, generate_others};
