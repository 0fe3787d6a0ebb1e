//! What JavaScript sees of a module that draws digits, or what is none, and does nothing else.
mod generated;
mod numbers;
mod thrown;

#[cfg(feature = "generated")]
pub use generated::generate_digits;
#[cfg(feature = "others")]
pub use generated::generate_others;
