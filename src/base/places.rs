//! Where things are, by the number that names each: keys of weights and layers, addresses of tensors.
use alloc::{vec, vec::Vec};

/// A place for each of some numbers.
///
/// A table with open addressing. It has one type whatever is looked up, so that its code is in the module once: each
/// type of Rust's maps would add some two kilobytes.
#[derive(Default)]
pub(crate) struct Places {
    /// Numbers with their places, a power of two of them; `FREE` in the place of a seat that is free.
    seats: Vec<(usize, usize)>,
    taken: usize,
}

const FREE: usize = usize::MAX;

impl Places {
    /// No places.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// How many numbers have a place.
    pub(crate) fn len(&self) -> usize {
        self.taken
    }

    /// The seat of `number`, or the free one where it would sit.
    fn seat(&self, number: usize) -> usize {
        // Fibonacci hashing: the upper bits of a product with 2⁶⁴ ÷ the golden ratio.
        let mixed = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let last = self.seats.len() - 1;
        let mut seat = (mixed >> 32) as usize & last;
        while self.seats[seat].1 != FREE && self.seats[seat].0 != number {
            seat = (seat + 1) & last;
        }
        seat
    }

    /// The place of `number`.
    pub(crate) fn get(&self, number: usize) -> Option<usize> {
        if self.seats.is_empty() {
            return None;
        }
        Some(self.seats[self.seat(number)].1).filter(|&place| place != FREE)
    }

    /// Gives `number` another place; whether it had none.
    pub(crate) fn set(&mut self, number: usize, place: usize) -> bool {
        if 2 * (self.taken + 1) > self.seats.len() {
            let wider = vec![(0, FREE); (2 * self.seats.len()).max(16)];
            for (number, place) in core::mem::replace(&mut self.seats, wider) {
                if place != FREE {
                    let seat = self.seat(number);
                    self.seats[seat] = (number, place);
                }
            }
        }
        let seat = self.seat(number);
        let is_new = self.seats[seat].1 == FREE;
        self.seats[seat] = (number, place);
        self.taken += usize::from(is_new);
        is_new
    }

    /// The place of `number`, which is `place` if it had none.
    pub(crate) fn get_or_set(&mut self, number: usize, place: usize) -> usize {
        match self.get(number) {
            Some(known) => known,
            None => {
                self.set(number, place);
                place
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_keeps_its_place_while_the_table_grows() {
        let mut places = Places::new();
        assert_eq!(places.get(7), None);
        // Addresses: multiples of 64, which a plain remainder would send to few seats.
        for number in 0..10_000 {
            assert!(places.set(64 * number, number));
        }
        assert!(!places.set(64, 12));
        assert_eq!((places.get(64), places.len()), (Some(12), 10_000));
        assert_eq!(places.get_or_set(64, 13), 12);
        assert_eq!(places.get_or_set(usize::MAX, 14), 14);
        for number in 2..10_000 {
            assert_eq!(places.get(64 * number), Some(number));
            assert_eq!(places.get(64 * number + 1), None);
        }
    }
}
