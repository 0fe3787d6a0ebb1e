//! Where tensors' values lie: the buffers of one training step serve the next, so that a steady state
//! allocates nothing and memory stays flat.
use crate::memory::{Blocks, Reuse};
use crate::parallel::LINE;
use alloc::vec::Vec;
use core::cell::Cell;
use core::mem::take;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use spin::Mutex;

/// Values of the largest small buffer. Small ones have room for a power of two.
const SMALL: usize = 1024;
/// How many small ones of a size are kept.
const MOST_SMALL: usize = 256;
/// A large buffer that was not wanted while so many others came back is freed.
const PATIENCE: usize = 256;

static LIVE_BYTES: AtomicUsize = AtomicUsize::new(0);
static SPARE: Mutex<Spare> = Mutex::new(Spare::new());

/// Bytes of tensor data that are alive at this moment.
pub fn live_bytes() -> usize {
    LIVE_BYTES.load(Relaxed)
}

/// Buffers that nobody uses.
struct Spare {
    /// By the exponent of the power of two.
    small: [Vec<Vec<f32>>; SMALL.ilog2() as usize + 1],
    /// Each with the number of returns when it came back.
    large: Vec<(usize, Vec<f32>)>,
    returned: usize,
}

impl Spare {
    const fn new() -> Self {
        Spare {
            small: [const { Vec::new() }; _],
            large: Vec::new(),
            returned: 0,
        }
    }

    /// The one that came back last and fits: it may still be in a cache.
    fn find(&mut self, len: usize) -> Option<Vec<f32>> {
        if len <= SMALL {
            return self.small[exponent(len)].pop();
        }
        let fits = |(_, data): &(usize, Vec<f32>)| (len..=len + len / 8).contains(&data.capacity());
        let at = self.large.iter().rposition(fits)?;
        Some(self.large.remove(at).1)
    }

    fn put(&mut self, data: Vec<f32>) {
        let capacity = data.capacity();
        if capacity <= SMALL {
            let small = &mut self.small[exponent(capacity)];
            if capacity.is_power_of_two() && small.len() < MOST_SMALL {
                small.push(data);
            }
            return;
        }
        self.returned = self.returned.wrapping_add(1);
        let now = self.returned;
        self.large
            .retain(|(since, _)| now.wrapping_sub(*since) < PATIENCE);
        self.large.push((now, data));
    }
}

/// Of the least power of two that is not below `len`.
fn exponent(len: usize) -> usize {
    len.next_power_of_two().ilog2() as usize
}

/// A vector with room for `len` values from the place on that comes with it: a spare one if one fits. Large
/// ones begin there with a cache line; WebAssembly's allocator would let every fourth vector lie across two.
fn spare(len: usize) -> (Vec<f32>, usize) {
    let room = if len <= SMALL {
        len.next_power_of_two()
    } else {
        len + LINE - 1
    };
    let spare = SPARE.try_lock().and_then(|mut spare| spare.find(room));
    let data = spare.unwrap_or_else(|| Vec::with_capacity(room));
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
    /// Whether the next may have it. What came from elsewhere goes back to the allocator: nobody here
    /// would ask for it again.
    ours: bool,
    /// Whether they are known to be finite. To write means to know it no more.
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
        LIVE_BYTES.fetch_add(size_of_val(&buffer[..]), Relaxed);
        buffer
    }

    /// Whether it was made here, and not by someone who handed it over.
    pub(crate) fn is_ours(&self) -> bool {
        self.ours
    }

    /// Whether all values are known to be finite.
    pub(crate) fn is_known_finite(&self) -> bool {
        self.finite.get()
    }

    /// Tells that all values are finite, for as long as nobody writes.
    pub(crate) fn know_finite(&self) {
        self.finite.set(true);
    }

    /// Room for `len` values, for someone who writes them all. What they are is not told: in debug
    /// builds NaN, so that a value which was not written shows.
    pub(crate) fn dirty(len: usize) -> Self {
        let (mut data, from) = spare(len);
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
        let (mut data, from) = spare(values.size_hint().0);
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
        LIVE_BYTES.fetch_sub(size_of_val(&self[..]), Relaxed);
        if self.ours
            && let Some(mut spare) = SPARE.try_lock()
        {
            spare.put(take(&mut self.data));
        }
    }
}

impl Reuse for Buffer {
    fn blocks() -> &'static Blocks<Self> {
        static BLOCKS: Blocks<Buffer> = Blocks::new();
        &BLOCKS
    }
}

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
    use alloc::vec;

    #[test]
    fn a_buffer_comes_back_for_the_same_size_and_not_for_a_much_smaller_one() {
        let mut spare = Spare::new();
        spare.put(vec![1.0; 5000]);
        spare.put(vec![2.0; 9000]);
        assert!(spare.find(4000).is_none());
        assert_eq!(spare.find(4900).map(|data| data[0]), Some(1.0));
        assert!(spare.find(5000).is_none());
        for _ in 0..PATIENCE {
            spare.put(vec![0.0; 5000]);
        }
        assert!(spare.find(9000).is_none(), "freed after a long time unused");
        spare.put(vec![3.0; 8]);
        spare.put(vec![4.0; 7]);
        assert!(spare.find(3).is_none());
        assert_eq!(spare.find(5).map(|data| data[0]), Some(3.0));
        assert!(spare.find(8).is_none());
    }

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
