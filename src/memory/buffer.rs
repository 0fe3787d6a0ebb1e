//! Where tensors' values lie: the buffers of one training step serve the next, so that a steady state
//! allocates nothing and memory stays flat.
use super::reuse;
use super::spare::{SMALL, count, discount, keep, take_room};
use crate::parallel::LINE;
use alloc::vec::Vec;
use core::cell::Cell;
use core::mem::take;
use core::ops::{Deref, DerefMut};

/// A vector with room for `len` values from the place on that comes with it. Large buffers begin there with a cache
/// line; WebAssembly's allocator would let every fourth vector lie across two.
fn vector(len: usize) -> (Vec<f32>, usize) {
    let data = take_room(len);
    if len <= SMALL {
        return (data, 0);
    }
    let from = data.as_ptr().addr() / size_of::<f32>();
    (data, from.next_multiple_of(LINE) - from)
}

/// Values, counted while they live.
pub(crate) struct Buffer {
    data: Vec<f32>,
    /// Where the values begin.
    from: usize,
    /// Whether it was made here, and is kept for the next of its size. A vector that came from elsewhere goes back
    /// to the allocator: nothing here would ask for it again.
    ours: bool,
    /// Whether all values are known to be finite. Whoever writes to the buffer clears this.
    finite: Cell<bool>,
}

impl Buffer {
    fn new(data: Vec<f32>, from: usize, ours: bool) -> Self {
        let finite = Cell::new(false);
        let buffer = Buffer {
            data,
            from,
            ours,
            finite,
        };
        count(size_of_val(&buffer[..]));
        buffer
    }

    /// Whether the buffer was made here, and not from a vector that was handed over.
    pub(crate) fn is_ours(&self) -> bool {
        self.ours
    }

    /// Whether all values are known to be finite.
    pub(crate) fn is_known_finite(&self) -> bool {
        self.finite.get()
    }

    /// Notes that all values are finite, until the buffer is written to.
    pub(crate) fn know_finite(&self) {
        self.finite.set(true);
    }

    /// Room for `len` values, for a caller who writes them all. Until then they are unspecified; in debug builds
    /// they are NaN, so that a value which was not written shows.
    pub(crate) fn dirty(len: usize) -> Self {
        let (mut data, from) = vector(len);
        data.resize(from + len, 0.0);
        if cfg!(debug_assertions) {
            data.fill(f32::NAN);
        }
        Self::new(data, from, true)
    }

    /// `len` zeros.
    pub(crate) fn zeros(len: usize) -> Self {
        let mut buffer = Self::dirty(len);
        buffer.fill(0.0);
        buffer
    }
}

impl FromIterator<f32> for Buffer {
    fn from_iter<I: IntoIterator<Item = f32>>(values: I) -> Self {
        let values = values.into_iter();
        let (mut data, from) = vector(values.size_hint().0);
        data.clear();
        data.resize(from, 0.0);
        data.extend(values);
        Self::new(data, from, true)
    }
}

impl From<&[f32]> for Buffer {
    fn from(values: &[f32]) -> Self {
        let mut buffer = Self::dirty(values.len());
        buffer.copy_from_slice(values);
        buffer
    }
}

impl From<Vec<f32>> for Buffer {
    fn from(data: Vec<f32>) -> Self {
        Self::new(data, 0, false)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        discount(size_of_val(&self[..]));
        if self.ours {
            keep(take(&mut self.data));
        }
    }
}

reuse!(Buffer);

impl Deref for Buffer {
    type Target = [f32];
    fn deref(&self) -> &[f32] {
        &self.data[self.from..]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        self.finite.set(false);
        &mut self.data[self.from..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_buffers_begin_with_a_cache_line_and_hold_their_values() {
        for len in [0, 3, SMALL, SMALL + 1, 5001] {
            for _ in 0..3 {
                let values: Buffer = (0..len).map(|i| i as f32).collect();
                let zeros = Buffer::zeros(len);
                assert_eq!((values.len(), zeros.len()), (len, len));
                assert!(values.iter().enumerate().all(|(i, x)| *x == i as f32));
                assert!(zeros.iter().all(|x| *x == 0.0));
                for buffer in [&values, &zeros].into_iter().filter(|_| len > SMALL) {
                    assert_eq!(buffer.as_ptr().addr() % 64, 0);
                }
            }
        }
    }
}
