//! Automatic differentiation, from the record of an op to the gradients of a result.
//!
//! Every tensor that was computed from a tracked one remembers its op and its inputs (`record.rs`). The walk
//! back (`backward.rs`) visits these tensors from the result down to the leaves and asks each op for the
//! gradients of its inputs (`gradient.rs`). A walk may also end at chosen tensors (`gradients_at.rs`).
//!
//! There is no global tape and no recursion: a graph is what its tensors hold, and is freed with them.
pub use super::backward::Backward;
pub use super::gradient::{Gradient, Gradients, Product};
pub use super::record::{Inputs, Op};
#[cfg(feature = "embedding")]
pub use super::row_sums::RowSums;
