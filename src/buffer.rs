//! Where tensors' values lie: the buffers of one training step serve the next, so that a steady state
//! allocates nothing and memory stays flat.
use crate::parallel::LINE;
use alloc::vec::Vec;
use core::mem::take;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use spin::Mutex;

/// Smaller ones the allocator gives fast enough.
const SMALLEST: usize = 1024;
/// A buffer that was not wanted while so many others came back is freed.
const PATIENCE: usize = 256;

static LIVE_BYTES: AtomicUsize = AtomicUsize::new(0);
static SPARE: Mutex<Spare> = Mutex::new(Spare {
    buffers: Vec::new(),
    returned: 0,
});

/// Bytes of tensor data that are alive at this moment.
pub fn live_bytes() -> usize {
    LIVE_BYTES.load(Relaxed)
}

/// Buffers that nobody uses, each with the number of returns when it came back.
struct Spare {
    buffers: Vec<(usize, Vec<f32>)>,
    returned: usize,
}

impl Spare {
    /// The one that came back last and fits: it may still be in a cache.
    fn find(&mut self, len: usize) -> Option<Vec<f32>> {
        let fits = |(_, data): &(usize, Vec<f32>)| (len..=len + len / 8).contains(&data.capacity());
        let at = self.buffers.iter().rposition(fits)?;
        Some(self.buffers.remove(at).1)
    }

    fn put(&mut self, data: Vec<f32>) {
        self.returned = self.returned.wrapping_add(1);
        let now = self.returned;
        self.buffers
            .retain(|(since, _)| now.wrapping_sub(*since) < PATIENCE);
        self.buffers.push((now, data));
    }
}

/// A vector with room for `len` values from the place on that comes with it: a spare one if one fits. Large
/// ones begin there with a cache line; WebAssembly's allocator would let every fourth vector lie across two.
fn spare(len: usize) -> (Vec<f32>, usize) {
    if len < SMALLEST {
        return (Vec::with_capacity(len), 0);
    }
    let room = len + LINE - 1;
    let spare = SPARE.try_lock().and_then(|mut spare| spare.find(room));
    let data = spare.unwrap_or_else(|| Vec::with_capacity(room));
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
}

impl Buffer {
    fn new(data: Vec<f32>, from: usize, ours: bool) -> Self {
        let buffer = Buffer { data, from, ours };
        LIVE_BYTES.fetch_add(size_of_val(&buffer[..]), Relaxed);
        buffer
    }

    /// Whether it was made here, and not by someone who handed it over.
    pub(crate) fn is_ours(&self) -> bool {
        self.ours
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

impl From<Vec<f32>> for Buffer {
    fn from(data: Vec<f32>) -> Self {
        Self::new(data, 0, false)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        LIVE_BYTES.fetch_sub(size_of_val(&self[..]), Relaxed);
        if self.ours
            && self.data.capacity() >= SMALLEST
            && let Some(mut spare) = SPARE.try_lock()
        {
            spare.put(take(&mut self.data));
        }
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
        &mut self.data[self.from..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn a_buffer_comes_back_for_the_same_size_and_not_for_a_much_smaller_one() {
        let mut spare = Spare {
            buffers: Vec::new(),
            returned: 0,
        };
        spare.put(vec![1.0; 5000]);
        spare.put(vec![2.0; 9000]);
        assert!(spare.find(4000).is_none());
        assert_eq!(spare.find(4900).map(|data| data[0]), Some(1.0));
        assert!(spare.find(5000).is_none());
        for _ in 0..PATIENCE {
            spare.put(vec![0.0; 1]);
        }
        assert!(spare.find(9000).is_none(), "freed after a long time unused");
    }

    #[test]
    fn large_buffers_begin_with_a_cache_line_and_hold_their_values() {
        for len in [3, SMALLEST, 5001] {
            for _ in 0..3 {
                let values: Buffer = (0..len).map(|i| i as f32).collect();
                let zeros = Buffer::zeros(len);
                assert_eq!((values.len(), zeros.len()), (len, len));
                assert!(values.iter().enumerate().all(|(i, x)| *x == i as f32));
                assert!(zeros.iter().all(|x| *x == 0.0));
                for buffer in [&values, &zeros].into_iter().filter(|_| len >= SMALLEST) {
                    assert_eq!(buffer.as_ptr().addr() % 64, 0);
                }
            }
        }
    }
}
