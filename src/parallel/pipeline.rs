//! Pieces that go through several stages, each of which one thread does.
use super::{Pieces, chunks, crew, run};
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::{Acquire, Release};

/// The most stages of a [`pipeline`]: with more it would be filled and emptied for most of the time.
pub const MOST_STAGES: usize = 4;

/// How many pieces have left a stage. The count has a cache line to itself.
#[repr(align(64))]
struct Left(AtomicUsize);

/// Hands each piece to `task` once for each of `stages`, as many as there are [`threads`](super::threads) and
/// [at most four](MOST_STAGES), in order: with the stage's number, the piece's, the piece, and scratch as in
/// [`for_each_with_scratch`](super::for_each_with_scratch). While one piece is at a stage, earlier pieces are at
/// later stages.
///
/// A thread has the same stage in every call. That helps where each stage continues the work of the stage before and
/// reads its own part of something large, because the part stays in the cache of the thread's core.
pub fn pipeline<P: Pieces, T: Send>(
    stages: usize,
    pieces: P,
    scratch: &mut [T],
    task: impl Fn(usize, usize, P::Piece, &mut [T]) + Sync,
) {
    debug_assert!(stages <= MOST_STAGES);
    let count = pieces.count();
    let part = scratch.len() / stages;
    let scratch = chunks(&mut scratch[..part * stages], part);
    let left = [const { Left(AtomicUsize::new(0)) }; MOST_STAGES];
    // Tasks are taken stage by stage, and in order within a stage. So a task only ever waits for a task that was taken
    // before it, or that will be taken by a thread which does not wait.
    run(stages, stages * count, &|thread, index| {
        let (stage, index) = (index / count, index % count);
        let before = stage.checked_sub(1).map(|before| &left[before].0);
        crew::wait(&|| before.is_none_or(|left| left.load(Acquire) > index));
        // SAFETY: a piece is at one stage at a time, since it has left the stage before; a thread does one task at a
        // time, and thread numbers are different and below `stages`.
        let (piece, scratch) = unsafe { (pieces.piece(index), scratch.piece(thread)) };
        let leave = Leave(&left[stage].0, index);
        task(stage, index, piece, scratch);
        drop(leave);
    });
}

/// Counts a piece as having left its stage, after the pieces before it. This happens even if the piece's task panics,
/// so that no thread waits for the piece for ever.
struct Leave<'a>(&'a AtomicUsize, usize);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        crew::wait(&|| self.0.load(Acquire) == self.1);
        self.0.store(self.1 + 1, Release);
    }
}
