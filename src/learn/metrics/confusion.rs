//! The confusion matrix: how often each class is taken for each.
use alloc::{vec, vec::Vec};

/// Counts of (true class, predicted class).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    counts: Vec<u32>,
}

impl Confusion {
    /// A matrix of zeros.
    pub fn new(classes: usize) -> Self {
        Confusion {
            classes,
            counts: vec![0; classes * classes],
        }
    }

    /// Counts one sample; classes past the last are ignored.
    pub fn count(&mut self, truth: usize, guess: usize) {
        if truth < self.classes && guess < self.classes {
            self.counts[truth * self.classes + guess] += 1;
        }
    }

    /// The counts, one row per true class.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// How many were right.
    pub fn correct(&self) -> u32 {
        self.counts.iter().step_by(self.classes + 1).sum()
    }
}
