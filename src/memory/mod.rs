//! Memory that is used again: arrays of values, and shared blocks for what a graph is made of.
mod buffer;
mod shared;

pub(crate) use buffer::Buffer;
pub use buffer::live_bytes;
pub(crate) use shared::{Blocks, Reuse, Shared};
