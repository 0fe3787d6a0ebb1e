//! Memory that is used again, for arrays of values and for what a graph is made of; and how it is asked for.
#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
mod allocator;
mod ask;
mod buffer;
mod shared;
mod spare;

#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
pub(crate) use ask::give_at_most;
pub(crate) use ask::{are_few, ask, ask_for, ask_in_all, refusal, vector};
pub(crate) use buffer::Buffer;
pub(crate) use shared::{Blocks, Reuse, Shared, reuse};
pub use spare::live_bytes;
