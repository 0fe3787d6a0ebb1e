//! What a run of training is told, and what it tells.
use super::{Data, Logs};
use crate::data::augment::Augment;

/// How to train. Defaults are Keras'.
pub struct FitOptions {
    /// How many passes over the data.
    pub epochs: usize,
    /// Samples a step.
    pub batch_size: usize,
    /// New order every epoch, from the model's seed.
    pub shuffle: bool,
    /// The share of the data, from its end, that is kept for validation (0 for none).
    pub validation_split: f64,
    /// Data of their own for validation; goes before the split.
    pub validation: Option<Data>,
    /// Changes the training pictures a little each time they are looked at.
    pub augment: Option<Augment>,
    /// The share of the learning rate that is left at the end of the last epoch; it falls evenly, step by step.
    /// 1 for a rate that stays.
    pub final_rate: f32,
    /// How many batches an epoch has; the next epoch goes on where it ended. All samples where it is not given.
    pub steps_per_epoch: Option<usize>,
    /// How many batches of the validation data are looked at; all where it is not given.
    pub validation_steps: Option<usize>,
}

impl Default for FitOptions {
    fn default() -> Self {
        FitOptions {
            epochs: 1,
            batch_size: 32,
            shuffle: true,
            validation_split: 0.0,
            validation: None,
            augment: None,
            final_rate: 1.0,
            steps_per_epoch: None,
            validation_steps: None,
        }
    }
}

/// What one step did.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A batch was trained on.
    Batch {
        /// Which epoch, from 0.
        epoch: usize,
        /// Which batch in it, from 0.
        batch: usize,
        /// How many samples it had.
        size: usize,
        /// Its loss and metrics.
        logs: Logs,
    },
    /// A batch of validation data was looked at.
    Validating,
    /// An epoch is over.
    Epoch {
        /// Which, from 0.
        epoch: usize,
        /// Means over its batches.
        logs: Logs,
        /// Those of the validation data, with the weights at its end.
        validation: Option<Logs>,
    },
    /// All epochs are over.
    Done,
}
