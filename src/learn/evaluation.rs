//! A pass over a data set in inference, a batch at a time, so that it can be interleaved with other work.
use super::criteria::{Answers, Criteria};
use super::samples::indices;
use super::tally::{Logs, Tally};
use super::trainer::{activated, check_batch_size};
use super::{Data, Trainer};
use crate::base::error::Result;
use crate::memory::vector;
use crate::nn::Effects;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};
use core::mem::take;

/// An evaluation under way.
pub struct Evaluation {
    criteria: Criteria,
    batch_size: usize,
    done: usize,
    samples: usize,
    tally: Tally,
    /// Room for the tally of the next batch.
    spare: Tally,
    guesses: Guesses,
}

/// The class with the greatest score at the first output, for every sample so far.
#[derive(Clone, Debug, Default)]
pub struct Guesses(pub Vec<u32>);

impl Evaluation {
    /// An evaluation at its first batch.
    ///
    /// # Errors
    /// Data that do not fit the model, a batch size of 0, a model that is not compiled, or too little memory.
    pub fn new(trainer: &mut Trainer, data: &Data, batch_size: usize) -> Result<Self> {
        check_batch_size(batch_size)?;
        let criteria = trainer.check(data)?;
        trainer.check_batches(data.len(), batch_size)?;
        Ok(Evaluation {
            criteria,
            batch_size,
            done: 0,
            samples: data.len(),
            tally: Tally::default(),
            spare: Tally::default(),
            guesses: Guesses(vector("evaluate", data.len())?),
        })
    }

    /// Does one batch; `true` once all are done. The data must be those that it was made with.
    ///
    /// # Errors
    /// Data that do not fit the model.
    pub fn step(&mut self, trainer: &Trainer, data: &Data) -> Result<bool> {
        let end = (self.done + self.batch_size).min(self.samples);
        if self.done < end {
            let indices = indices("evaluate", self.done..end)?;
            let spare = take(&mut self.spare);
            let (tally, answers) = judge(trainer, &self.criteria, data, &indices, spare)?;
            self.tally.add(&tally);
            self.spare = tally;
            self.guesses.add(&activated(&answers)?[0])?;
            self.done = end;
        }
        Ok(self.done == self.samples)
    }

    /// How many samples are done, and what was added up over them.
    pub(super) fn so_far(&self) -> (usize, &[f64]) {
        (self.done, self.tally.numbers())
    }

    /// Goes on after so many samples, over which so much was added up; the guesses for them are not known again.
    pub(super) fn go_on(&mut self, done: usize, sums: &[f64]) {
        self.done = done.min(self.samples);
        self.tally = Tally::from_numbers(self.criteria.losses(), sums);
    }

    /// The means over the samples done.
    pub fn logs(&self) -> Logs {
        self.criteria.logs(&self.tally)
    }

    /// The guesses for the samples done.
    pub fn guesses(&self) -> &[u32] {
        &self.guesses.0
    }
}

/// What these samples add to a tally, in the memory of `spare`, and the model's answers to them.
///
/// # Errors
/// Data that do not fit the model.
pub(super) fn judge(
    trainer: &Trainer,
    criteria: &Criteria,
    data: &Data,
    indices: &[u32],
    spare: Tally,
) -> Result<(Tally, Answers)> {
    let mut targets = Vec::new();
    data.targets_into(indices, &mut targets)?;
    let weights = data.weights(indices)?;
    let mut effects = Effects::default();
    let answers = trainer.infer(&data.inputs(indices)?, &mut effects)?;
    let (loss, each) = criteria.loss(&answers, &targets, &weights)?;
    let loss = trainer.penalized(loss, &mut effects)?;
    let mut tally = spare.batch(indices.len(), loss.item()?, &each);
    criteria.judge(&answers, &targets, &weights, &mut tally)?;
    effects.settle();
    Ok((tally, answers))
}

impl Guesses {
    fn add(&mut self, answers: &Tensor) -> Result<()> {
        let rows = answers.shape().first().copied().unwrap_or(1);
        let flat = answers.reshape(&[rows, answers.data().len() / rows.max(1)])?;
        let classes = flat
            .argmax(-1)
            .map(|best| best.data().iter().map(|&class| class as u32).collect());
        self.0.extend(classes.unwrap_or_else(|_| vec![0; rows]));
        Ok(())
    }
}
