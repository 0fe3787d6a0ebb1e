//! Where samples come from (IDX files, drawings, a generator of handwriting), and how pictures are varied.
pub mod augment;
pub mod digit;
pub mod idx;
pub mod synthetic;
