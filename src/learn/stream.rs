//! Batches that come one by one, from wherever, to train on or to look at: nobody knows how many there will be.
use super::criteria::Criteria;
use super::evaluation::judge;
use super::position::foreign;
use super::samples::indices;
use super::tally::{Logs, Tally};
use super::trainer::Run;
use super::{Data, Trainer};
use crate::base::error::Result;
use alloc::vec::Vec;
use core::mem::take;

/// Training, or an evaluation, under way on batches that are handed over one by one.
#[derive(Default)]
pub struct Stream {
    /// What the last batch was judged by; none before the first.
    criteria: Option<Criteria>,
    tally: Tally,
    /// Room for the tally of the next batch that is looked at.
    spare: Tally,
    _run: Option<Run>,
}

impl Stream {
    /// Training of this model, which may not be compiled anew as long as the stream lives.
    ///
    /// # Errors
    /// A model that is not compiled.
    pub fn training(trainer: &mut Trainer) -> Result<Self> {
        trainer.optimizer()?;
        Ok(Stream {
            _run: Some(trainer.begin_run()),
            ..Stream::default()
        })
    }

    /// One step on one batch: its loss and metrics, with the weights before it.
    ///
    /// # Errors
    /// See [`Trainer::train_on_batch`].
    pub fn train(&mut self, trainer: &mut Trainer, batch: &Data) -> Result<Logs> {
        let (criteria, tally) = trainer.step_on(batch)?;
        self.tally.add(&tally);
        let logs = criteria.logs(&tally);
        self.criteria = Some(criteria);
        trainer.reuse(tally);
        Ok(logs)
    }

    /// Looks at one batch as in inference; nothing is learned.
    ///
    /// # Errors
    /// Data that do not fit the model, or a model that is not compiled.
    pub fn test(&mut self, trainer: &mut Trainer, batch: &Data) -> Result<()> {
        let criteria = trainer.check(batch)?;
        trainer.check_batches(batch.len(), batch.len())?;
        let all = indices("batch", 0..batch.len())?;
        let (tally, _) = judge(trainer, &criteria, batch, &all, take(&mut self.spare))?;
        self.tally.add(&tally);
        self.criteria = Some(criteria);
        self.spare = tally;
        Ok(())
    }

    /// The means over the batches since the last [`reset`](Stream::reset); the loss alone, 0, before the first.
    pub fn logs(&self) -> Logs {
        let criteria = self.criteria.as_ref();
        criteria.map_or_else(Logs::default, |criteria| criteria.logs(&self.tally))
    }

    /// What was added up over the batches since the last [`reset`](Stream::reset).
    ///
    /// # Errors
    /// A model that is not compiled, or not built.
    pub fn sums(&self, trainer: &Trainer) -> Result<Vec<f64>> {
        let mut sums = self.tally.numbers().to_vec();
        sums.resize(trainer.criteria()?.sums(), 0.0);
        Ok(sums)
    }

    /// Goes on where another training of this model was, whose [`sums`](Stream::sums) are given; it counts as the same
    /// run.
    ///
    /// # Errors
    /// Sums of other metrics, or a model that is not compiled, or not built.
    pub fn go_on(&mut self, trainer: &mut Trainer, sums: &[f64]) -> Result<()> {
        trainer.recall_run();
        let criteria = trainer.criteria()?;
        if sums.len() != criteria.sums() {
            return foreign();
        }
        self.tally = Tally::from_numbers(criteria.losses(), sums);
        self.criteria = Some(criteria);
        Ok(())
    }

    /// Forgets the batches so far: an epoch begins.
    pub fn reset(&mut self) {
        self.tally = Tally::default();
    }
}
