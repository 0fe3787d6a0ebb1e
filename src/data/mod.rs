//! Where samples come from: IDX files, drawings, and a generator of handwriting; and how they vary.
pub mod augment;
pub mod digit;
pub mod idx;
pub mod synthetic;
