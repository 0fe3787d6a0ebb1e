//! Where a run of training is, in so few numbers that it can be kept after every batch: another run goes on from there
//! with the same bits.
use crate::base::error::{Result, bail};
use alloc::vec::Vec;

/// Where a run of training over epochs is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Position {
    /// How many runs of the model began before this one: the order of the samples follows from it.
    pub run: u64,
    /// How often the samples were put into a new order.
    pub shuffles: u64,
    /// Numbers drawn to change pictures.
    pub drawn: u64,
    /// The epoch under way, from 0.
    pub epoch: usize,
    /// Samples of the present order that were trained on.
    pub sample: usize,
    /// Batches done in this epoch.
    pub batch: usize,
    /// Samples of the validation data that were looked at after this epoch.
    pub validated: usize,
    /// What was added up over the epoch so far: samples, loss, the loss of each output where there are several, and the
    /// sums of metrics; then the same of the validation data.
    pub sums: Vec<f64>,
}

impl Position {
    /// How many numbers come before the sums.
    const COUNTS: usize = 7;

    /// All of it in a row.
    pub fn numbers(&self) -> Vec<f64> {
        let counts: [f64; Self::COUNTS] = [
            self.run as f64,
            self.shuffles as f64,
            self.drawn as f64,
            self.epoch as f64,
            self.sample as f64,
            self.batch as f64,
            self.validated as f64,
        ];
        counts.iter().chain(&self.sums).copied().collect()
    }

    /// The position of which these are the [`numbers`](Position::numbers).
    ///
    /// # Errors
    /// There are too few.
    pub fn from_numbers(numbers: &[f64]) -> Result<Self> {
        let Some((counts, sums)) = numbers.split_first_chunk::<{ Self::COUNTS }>() else {
            return foreign();
        };
        let [run, shuffles, drawn, epoch, sample, batch, validated] = *counts;
        Ok(Position {
            run: run as u64,
            shuffles: shuffles as u64,
            drawn: drawn as u64,
            epoch: epoch as usize,
            sample: sample as usize,
            batch: batch as usize,
            validated: validated as usize,
            sums: sums.into(),
        })
    }
}

/// The error for a position that a run cannot have.
pub(super) fn foreign<T>() -> Result<T> {
    bail!(
        Value,
        "resume: the position is one of another run, with other data, options or metrics"
    )
}
