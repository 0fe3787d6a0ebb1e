//! Work on all threads at once.
//!
//! Kernels split their *output*: every task writes its own part and computes it from beginning to end, so
//! the bits do not depend on how many threads there are, nor on which of them takes which task.

/// How many threads work together.
pub fn threads() -> usize {
    1
}

/// Calls `task(index)` once for every index below `count`, in any order, and returns when all are done.
pub fn for_each(count: usize, task: impl Fn(usize) + Sync) {
    (0..count).for_each(task);
}

/// Hands each piece of `y`, `piece` elements long (the last may be shorter), to `task` with its number.
pub fn for_each_piece<T: Send>(y: &mut [T], piece: usize, task: impl Fn(usize, &mut [T]) + Sync) {
    for (index, y) in y.chunks_mut(piece.max(1)).enumerate() {
        task(index, y);
    }
}
