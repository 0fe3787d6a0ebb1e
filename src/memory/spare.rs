//! Buffers that are not in use, kept for the next step or the next op of the same size.
use crate::parallel::LINE;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use smallvec::SmallVec;
use spin::Mutex;

/// The most values of a small buffer. A small buffer has room for a power of two.
pub(super) const SMALL: usize = 1024;
/// How many small buffers of each size are kept.
const MOST_SMALL: usize = 256;
/// A large buffer is freed if it was not taken while so many other large buffers came back.
const PATIENCE: usize = 256;
/// Buffers in use and spare ones together may take the most that was ever in use, a quarter more (a spare buffer may
/// be an eighth larger than what lies in it), and so many bytes.
const SLACK: usize = 16 << 20;

/// Bytes of the buffers in use.
static LIVE: AtomicUsize = AtomicUsize::new(0);
/// The most that [`LIVE`] ever was.
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// Bytes that buffers have taken from the allocator since [`reset_fresh_bytes`].
static FRESH: AtomicUsize = AtomicUsize::new(0);
static SPARE: Mutex<Spare> = Mutex::new(Spare::new());

/// Bytes of tensor data that are alive at this moment.
pub fn live_bytes() -> usize {
    LIVE.load(Relaxed)
}

/// Counts a buffer of so many bytes as being in use.
pub(super) fn count(bytes: usize) {
    let live = LIVE.fetch_add(bytes, Relaxed) + bytes;
    if live > PEAK.load(Relaxed) {
        PEAK.fetch_max(live, Relaxed);
    }
}

/// Counts a buffer of so many bytes as no longer in use.
pub(super) fn discount(bytes: usize) {
    LIVE.fetch_sub(bytes, Relaxed);
}

/// Bytes that buffers have taken from the allocator, instead of from spare buffers, since the last
/// [`reset_fresh_bytes`].
pub(super) fn fresh_bytes() -> usize {
    FRESH.load(Relaxed)
}

pub(super) fn reset_fresh_bytes() {
    FRESH.store(0, Relaxed);
}

/// How many values a buffer for `len` values has room for: a large one begins with a cache line, wherever its memory
/// begins.
pub(super) fn room(len: usize) -> usize {
    if len <= SMALL {
        len.next_power_of_two()
    } else {
        len.saturating_add(LINE - 1)
    }
}

/// Room for `len` values: a spare buffer if one fits, else from the allocator, for which spare buffers make way.
pub(super) fn take_room(len: usize) -> Vec<f32> {
    let room = room(len);
    if let Some(found) = SPARE.try_lock().and_then(|mut spare| spare.find(room)) {
        return found;
    }
    let bytes = room * size_of::<f32>();
    let most = most_bytes(live_bytes() + bytes).saturating_sub(bytes);
    if let Some(mut spare) = SPARE.try_lock() {
        spare.shrink_to(most);
    }
    FRESH.fetch_add(bytes, Relaxed);
    let mut data = Vec::new();
    if data.try_reserve_exact(room).is_err() {
        give_back();
        data.reserve_exact(room);
    }
    data
}

/// Keeps a buffer that is no longer in use.
pub(super) fn keep(data: Vec<f32>) {
    if let Some(mut spare) = SPARE.try_lock() {
        let is_large = data.capacity() > SMALL;
        spare.put(data);
        if is_large {
            spare.shrink_to(most_bytes(live_bytes()));
        }
    }
}

/// How many bytes buffers may take, in use or spare, where so many are in use.
fn most_bytes(live: usize) -> usize {
    let peak = PEAK.load(Relaxed).max(live);
    peak.saturating_add(peak / 4).saturating_add(SLACK)
}

/// Gives all spare buffers back to the allocator and says whether there were any.
pub(crate) fn give_back() -> bool {
    let Some(mut spare) = SPARE.try_lock() else {
        return false;
    };
    let some = spare.bytes > 0;
    spare.small.iter_mut().for_each(Vec::clear);
    spare.large.clear();
    spare.bytes = 0;
    some
}

/// Calls `report` with each length in `lens`, of a large buffer, for which no spare buffer fits. A spare buffer serves
/// one length only.
pub(super) fn missing(lens: impl Iterator<Item = usize>, mut report: impl FnMut(usize)) {
    let spare = SPARE.try_lock();
    let mut used = SmallVec::<[usize; 8]>::new();
    for len in lens {
        let place = spare
            .as_ref()
            .and_then(|spare| spare.place(room(len), &used));
        match place {
            Some(place) => used.push(place),
            None => report(len),
        }
    }
}

/// The buffers that are not in use.
struct Spare {
    /// By the exponent of the power of two.
    small: [Vec<Vec<f32>>; SMALL.ilog2() as usize + 1],
    /// Each with the value of `returned` when it came back; the oldest first.
    large: Vec<(usize, Vec<f32>)>,
    /// How many large buffers have come back so far.
    returned: usize,
    /// Bytes of all spare buffers.
    bytes: usize,
}

impl Spare {
    const fn new() -> Self {
        Spare {
            small: [const { Vec::new() }; _],
            large: Vec::new(),
            returned: 0,
            bytes: 0,
        }
    }

    /// The place of the large buffer that came back last and fits, since it may still be in a cache. Places in `used`
    /// are passed over.
    fn place(&self, room: usize, used: &[usize]) -> Option<usize> {
        let fits =
            |(_, data): &(usize, Vec<f32>)| (room..=room + room / 8).contains(&data.capacity());
        (0..self.large.len())
            .rev()
            .find(|&place| fits(&self.large[place]) && !used.contains(&place))
    }

    fn find(&mut self, room: usize) -> Option<Vec<f32>> {
        let found = if room <= SMALL {
            self.small[exponent(room)].pop()?
        } else {
            self.large.remove(self.place(room, &[])?).1
        };
        self.bytes -= bytes(&found);
        Some(found)
    }

    fn put(&mut self, data: Vec<f32>) {
        let (capacity, bytes) = (data.capacity(), bytes(&data));
        if capacity <= SMALL {
            let small = &mut self.small[exponent(capacity)];
            if capacity.is_power_of_two() && small.len() < MOST_SMALL {
                small.push(data);
                self.bytes += bytes;
            }
            return;
        }
        self.returned = self.returned.wrapping_add(1);
        self.large.push((self.returned, data));
        self.bytes += bytes;
        let unwanted =
            |(since, _): &(usize, Vec<f32>)| self.returned.wrapping_sub(*since) >= PATIENCE;
        let unwanted = self
            .large
            .iter()
            .take_while(|entry| unwanted(entry))
            .count();
        self.drop_oldest(unwanted);
    }

    fn drop_oldest(&mut self, count: usize) {
        for (_, data) in self.large.drain(..count) {
            self.bytes -= bytes(&data);
        }
    }

    /// Frees the oldest large buffers until all spare ones and those in use take no more than `most` bytes.
    fn shrink_to(&mut self, most: usize) {
        let most = most.saturating_sub(live_bytes());
        let mut bytes_left = self.bytes;
        let freed = self
            .large
            .iter()
            .take_while(|(_, data)| {
                let goes = bytes_left > most;
                bytes_left -= if goes { bytes(data) } else { 0 };
                goes
            })
            .count();
        self.drop_oldest(freed);
    }
}

/// The exponent of the least power of two that is not below `len`.
fn exponent(len: usize) -> usize {
    len.next_power_of_two().ilog2() as usize
}

fn bytes(data: &Vec<f32>) -> usize {
    data.capacity() * size_of::<f32>()
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
    fn the_oldest_buffers_go_first_where_there_are_too_many_bytes() {
        let mut spare = Spare::new();
        for index in 1..=4 {
            spare.put(vec![index as f32; 1000 * index + 1000]);
        }
        assert_eq!(spare.bytes, 4 * 14_000);
        spare.shrink_to(live_bytes() + 4 * 9500);
        assert_eq!(spare.bytes, 4 * 9000);
        let left: Vec<f32> = spare.large.iter().map(|(_, data)| data[0]).collect();
        assert_eq!(left, [3.0, 4.0]);
    }

    #[test]
    fn a_spare_buffer_counts_once_for_what_is_missing() {
        let mut spare = Spare::new();
        spare.put(vec![0.0; room(5000)]);
        assert_eq!(spare.place(room(5000), &[]), Some(0));
        assert_eq!(spare.place(room(5000), &[0]), None);
    }
}
