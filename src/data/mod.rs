//! Where samples come from: IDX files, drawings, and a generator of handwriting.
pub mod digit;
pub mod idx;
pub mod synthetic;
