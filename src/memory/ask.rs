//! Memory is asked for before it is taken, because to run out of it ends the program, and in a page the
//! WebAssembly instance with all that is in it.
//!
//! Whoever is about to make something whose size a user chose calls [`ask`] or [`ask_for`] first, and returns the
//! error. An op that makes many small things asks too: whenever buffers have taken another [`LARGE`] bytes from the
//! allocator, the next question finds out whether [`MARGIN`] is still free.
use super::spare::{SMALL, fresh_bytes, give_back, missing, reset_fresh_bytes, room};
use crate::base::error::{Error, ErrorKind, Result};
use alloc::vec::Vec;
use core::fmt;
use core::hint::black_box;
use core::sync::atomic::{AtomicUsize, Ordering};
use smallvec::SmallVec;

/// Bytes from which on the allocator is really asked.
const LARGE: u64 = 1 << 20;
/// So many bytes must be left for what is small and not asked for. More than [`LARGE`], by what an op takes besides
/// what it asks for.
const MARGIN: usize = 4 << 20;
/// To find out whether much is free that need not lie in one piece, pieces of this size are tried.
const PIECE: u64 = 64 << 20;

/// While WebAssembly's memory is no larger than this with what is wanted, many ops' buffers are not tried for: memory
/// that was tried stays as large, though nobody wrote to it, and each op asks for its own buffers once more.
#[cfg(target_arch = "wasm32")]
const CERTAIN: u64 = 256 << 20;

/// No more than so many bytes are given to one question.
static MOST: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Refuses from now on who asks for more than `bytes` at once: while a file of strangers is read, which may say that it
/// holds much more than it does.
#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
pub(crate) fn give_at_most(bytes: usize) {
    MOST.store(bytes, Ordering::Relaxed);
}

/// Asks for `bytes` in one piece, for `what` (`"save"`). Spare buffers are given back before the answer is no.
///
/// # Errors
/// [`ErrorKind::Memory`] where so much is not free.
pub(crate) fn ask(what: &str, bytes: impl TryInto<u64>) -> Result<()> {
    let bytes = bytes.try_into().unwrap_or(u64::MAX);
    if is_small(bytes) {
        return Ok(());
    }
    decide(what, bytes, &[usize::try_from(bytes).unwrap_or(usize::MAX)])
}

/// Asks for `bytes` in pieces, none of them larger than a few dozen megabytes or a share of all: for what many ops
/// will make one after the other, and keep.
///
/// # Errors
/// [`ErrorKind::Memory`] where so much is not free.
pub(crate) fn ask_in_all(what: &str, bytes: u64) -> Result<()> {
    if is_small(bytes) || is_certain(bytes) {
        return Ok(());
    }
    let piece = PIECE.max(bytes / 64);
    let count = bytes.div_ceil(piece);
    let pieces: SmallVec<[usize; 64]> = (0..count)
        .map(|index| piece.min(bytes - index * piece))
        .map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX))
        .collect();
    decide(what, bytes, &pieces)
}

/// Asks for the buffers that an op is about to make, each of so many values, in the order in which it makes them.
/// Spare buffers that fit need not be asked for.
///
/// # Errors
/// [`ErrorKind::Memory`] where there is no room for them.
#[inline]
pub(crate) fn ask_for(what: &str, lens: &[usize]) -> Result<()> {
    let values = lens
        .iter()
        .fold(0usize, |sum, &len| sum.saturating_add(len));
    if are_few(values) {
        return Ok(());
    }
    ask_for_large(what, lens)
}

/// Whether a buffer of so many values need not be asked for.
#[inline]
pub(crate) fn are_few(values: usize) -> bool {
    values < LARGE as usize / size_of::<f32>() && fresh_bytes() < LARGE as usize
}

#[cold]
fn ask_for_large(what: &str, lens: &[usize]) -> Result<()> {
    let bytes_of = |len: usize| (len as u64).saturating_mul(size_of::<f32>() as u64);
    let bytes = lens
        .iter()
        .fold(0u64, |sum, &len| sum.saturating_add(bytes_of(len)));
    let mut absent = SmallVec::<[usize; 8]>::new();
    let large = |len: &&usize| **len > SMALL;
    missing(lens.iter().filter(large).copied(), |len| {
        let bytes = room(len).checked_mul(size_of::<f32>());
        absent.push(bytes.unwrap_or(usize::MAX));
    });
    if absent.is_empty() && is_small(0) {
        return Ok(());
    }
    decide(what, bytes, &absent)
}

/// An empty vector with room for `capacity` elements.
///
/// # Errors
/// [`ErrorKind::Memory`] where there is no room for them.
pub(crate) fn vector<T>(what: &str, capacity: usize) -> Result<Vec<T>> {
    let mut vector = Vec::new();
    if vector.try_reserve_exact(capacity).is_err() {
        give_back();
        if vector.try_reserve_exact(capacity).is_err() {
            let bytes = (capacity as u64).saturating_mul(size_of::<T>() as u64);
            return Err(refusal(what, bytes));
        }
    }
    Ok(vector)
}

/// Whether so few bytes are wanted, and so few were taken since the last look, that the margin covers them.
fn is_small(bytes: u64) -> bool {
    bytes < LARGE && (fresh_bytes() as u64) < LARGE
}

/// Whether memory has room for so many bytes without being made very large.
#[cfg(target_arch = "wasm32")]
fn is_certain(bytes: u64) -> bool {
    let memory = core::arch::wasm32::memory_size(0) as u64 * 65_536;
    bytes <= MOST.load(Ordering::Relaxed) as u64 && memory.saturating_add(bytes) <= CERTAIN
}

/// Elsewhere what was tried goes back to the system.
#[cfg(not(target_arch = "wasm32"))]
fn is_certain(_: u64) -> bool {
    false
}

/// Whether these pieces can be had at once, of `bytes` that are wanted in all.
fn decide(what: &str, bytes: u64, pieces: &[usize]) -> Result<()> {
    let is_allowed = bytes <= MOST.load(Ordering::Relaxed) as u64;
    if is_allowed && (are_free(pieces) || give_back() && are_free(pieces)) {
        reset_fresh_bytes();
        return Ok(());
    }
    Err(refusal(what, bytes))
}

/// Takes the pieces and the margin from the allocator, all at once, and gives them back.
fn are_free(pieces: &[usize]) -> bool {
    let mut taken = SmallVec::<[Vec<u8>; 16]>::new();
    pieces.iter().chain([&MARGIN]).all(|&bytes| {
        let mut piece = Vec::<u8>::new();
        let free = piece.try_reserve_exact(bytes).is_ok();
        // Without this the optimiser may leave out the allocation and assume that it succeeds.
        black_box(piece.as_ptr());
        taken.push(piece);
        free
    })
}

/// The error for `what`, which wants so many bytes.
pub(crate) fn refusal(what: &str, bytes: u64) -> Error {
    Error::new(
        ErrorKind::Memory,
        format_args!(
            "{what}: {} bytes are wanted, which do not fit into memory",
            Grouped(bytes)
        ),
    )
}

/// A number with its digits in threes: `3,221,225,472`.
struct Grouped(u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            last @ 0..1000 => write!(f, "{last}"),
            all => write!(f, "{},{:03}", Grouped(all / 1000), all % 1000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn a_refusal_names_who_asked_and_the_bytes_in_threes() {
        let text = |bytes| format!("{}", refusal("conv2d", bytes));
        assert_eq!(
            text(3_221_225_472),
            "conv2d: 3,221,225,472 bytes are wanted, which do not fit into memory"
        );
        assert!(text(1_000_000).contains(" 1,000,000 bytes"));
        assert!(text(999).contains(" 999 bytes"));
    }

    #[test]
    fn what_no_memory_holds_is_refused_and_what_is_small_is_not() {
        assert!(ask("fill", usize::MAX).is_err());
        assert!(ask("fill", u64::MAX).is_err());
        assert!(ask_in_all("lstm", u64::MAX).is_err());
        assert!(ask_for("fill", &[10, usize::MAX / 4]).is_err());
        assert!(vector::<u64>("copy", usize::MAX / 4).is_err());
        assert!(ask("fill", 2 << 20).is_ok());
        assert!(ask_in_all("lstm", 100 << 20).is_ok());
        assert!(ask_for("fill", &[10, 1 << 20]).is_ok());
    }
}
