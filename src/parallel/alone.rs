//! The crew of a build without threads: only the calling thread.

/// How many threads work together.
pub fn threads() -> usize {
    1
}

/// Lets `count` threads work together and returns how many do: one.
pub fn set_threads(_count: usize) -> usize {
    1
}

/// Does `work`, on this thread.
pub fn alone_if<T>(_alone: bool, work: impl FnOnce() -> T) -> T {
    work()
}

/// Returns false, and the caller does the tasks.
pub(super) fn run(_most: usize, _count: usize, _task: &(dyn Fn(usize, usize) + Sync)) -> bool {
    false
}

/// Returns at once, since all earlier tasks are done.
pub(super) fn wait(until: &dyn Fn() -> bool) {
    debug_assert!(until());
}
