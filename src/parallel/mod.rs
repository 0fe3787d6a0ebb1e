//! Work that is done by all threads at once, the *crew*.
//!
//! Kernels split their *output*: every task writes its own part and computes it from beginning to end, so
//! the bits do not depend on how many threads there are, nor on which of them takes which task.
//!
//! The calling thread takes part in the work and returns when all tasks are done. It never sleeps meanwhile, because
//! the main thread of a page may not. Inside a task, or while the crew works for another thread, the calling thread does
//! its tasks alone; without threads (`no_std`, or WebAssembly without atomics) it always does.
#[cfg(all(
    feature = "std",
    any(not(target_arch = "wasm32"), target_feature = "atomics")
))]
mod crew;
#[cfg(not(all(
    feature = "std",
    any(not(target_arch = "wasm32"), target_feature = "atomics")
)))]
#[path = "alone.rs"]
mod crew;
mod pieces;
mod pipeline;

pub use crew::{alone_if, set_threads, threads};
#[cfg(all(target_arch = "wasm32", target_feature = "atomics"))]
pub use crew::{give_up, has_given_up, join, work};
pub use pieces::{Chunks, Pieces, Stripe, Stripes, chunks, stripes};
pub use pipeline::{MOST_STAGES, pipeline};

/// How many `f32` a cache line holds. Memory that different threads write to should not share a line.
pub const LINE: usize = 16;

/// Calls `task(index)` once for every index below `count`, in any order, and returns when all are done.
pub fn for_each(count: usize, task: impl Fn(usize) + Sync) {
    run(usize::MAX, count, &|_, index| task(index));
}

/// Hands each piece of `y`, `piece` elements long (the last may be shorter), to `task` with its number.
pub fn for_each_piece<T: Send>(y: &mut [T], piece: usize, task: impl Fn(usize, &mut [T]) + Sync) {
    for_each_of(chunks(y, piece), task);
}

/// Hands each piece to `task` with its number. The pieces are [`chunks`], [`stripes`] or a tuple of these; in a tuple
/// all have the same number of pieces, and a task gets one of each.
pub fn for_each_of<P: Pieces>(pieces: P, task: impl Fn(usize, P::Piece) + Sync) {
    run(usize::MAX, pieces.count(), &|_, index| {
        // SAFETY: `run` hands out every index below the count once.
        task(index, unsafe { pieces.piece(index) });
    });
}

/// As [`for_each_of`], with scratch memory for the tasks. The scratch is cut into as many equal parts as there are
/// [`threads`], and each thread hands its own part to all of its tasks, with the values that earlier tasks left there.
pub fn for_each_with_scratch<P: Pieces, T: Send>(
    pieces: P,
    scratch: &mut [T],
    task: impl Fn(usize, P::Piece, &mut [T]) + Sync,
) {
    let threads = threads();
    let part = scratch.len() / threads;
    let scratch = chunks(&mut scratch[..part * threads], part);
    run(threads, pieces.count(), &|thread, index| {
        // SAFETY: `run` hands out every index below the count once; a thread does one task at a time, and
        // thread numbers are different and below `threads`.
        let (piece, scratch) = unsafe { (pieces.piece(index), scratch.piece(thread)) };
        task(index, piece, scratch);
    });
}

/// The length of the pieces into which `count` items are cut: two pieces a thread, so that a thread which comes late
/// does fewer, but at least `least` items each, and whole `tile`s.
pub fn piece(count: usize, least: usize, tile: usize) -> usize {
    match threads() {
        1 => equal(count, 1, least, tile),
        threads => equal(count, 2 * threads, least, tile),
    }
}

/// As [`piece`], but one piece a thread: for tasks that begin with work that does not depend on their length.
pub fn share(count: usize, least: usize, tile: usize) -> usize {
    equal(count, threads(), least, tile)
}

fn equal(count: usize, pieces: usize, least: usize, tile: usize) -> usize {
    (count.div_ceil(pieces).max(least).max(1)).next_multiple_of(tile.max(1))
}

/// Calls `task(thread, index)` for every index below `count`, on threads with numbers below `most`.
fn run(most: usize, count: usize, task: &(dyn Fn(usize, usize) + Sync)) {
    if count > 1 && crew::run(most, count, task) {
        return;
    }
    for index in 0..count {
        task(0, index);
    }
}
