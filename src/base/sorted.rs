//! Order, in few bytes.
use alloc::{collections::BinaryHeap, vec::Vec};

/// The items in ascending order. A heap takes a few times as long as the sorts of Rust's library, each of which would
/// add five kilobytes to the module for every type of item.
pub(crate) fn sorted<T: Ord>(items: Vec<T>) -> Vec<T> {
    BinaryHeap::from(items).into_sorted_vec()
}
