//! Training over epochs as a state machine: every call of [`Fit::step`] does one batch and says what
//! happened, so whoever drives it can stop, look, or go on whenever it likes.
use super::evaluation::Sums;
use super::trainer::check_batch_size;
use super::{Evaluation, Features, Logs, Trainer};
use crate::base::error::{Result, bail};
use crate::base::json::Decimal;
use crate::base::rng::Rng;
use crate::data::augment::Augment;
use crate::learn::loss::Targets;
use crate::learn::metrics::Metric;
use crate::memory::ask;
use alloc::{rc::Rc, vec::Vec};

/// Inputs with their targets, shared by everyone who reads them.
#[derive(Clone)]
pub struct Data {
    /// The inputs.
    pub x: Rc<Features>,
    /// What the model should answer.
    pub targets: Rc<Targets>,
}

/// How to train. Defaults are Keras'.
pub struct FitOptions {
    /// How many passes over the data.
    pub epochs: usize,
    /// Samples a step.
    pub batch_size: usize,
    /// New order every epoch, from the model's seed.
    pub shuffle: bool,
    /// The share of the data, from its end, that is kept for validation (0 for none).
    pub validation_split: f32,
    /// Data of their own for validation; goes before the split.
    pub validation: Option<Data>,
    /// Changes the training pictures a little each time they are looked at.
    pub augment: Option<Augment>,
    /// The share of the learning rate that is left at the end of the last epoch; it falls evenly, step by step.
    /// 1 for a rate that stays.
    pub final_rate: f32,
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

/// Training under way.
pub struct Fit {
    data: Data,
    validation: Option<Data>,
    metrics: Vec<Metric>,
    options: FitOptions,
    order: Vec<u32>,
    /// Those of the last batch: room for the next.
    targets: Targets,
    rng: Rng,
    /// Its own, so that the order of the samples does not depend on whether pictures are changed.
    changes: Rng,
    epoch: usize,
    position: usize,
    sums: Sums,
    evaluation: Option<Evaluation>,
}

impl Fit {
    /// Training at its first batch. Builds the model if need be.
    ///
    /// # Errors
    /// Data that do not fit the model or each other, options out of range, a model that is not compiled;
    /// nothing has changed then.
    pub fn new(trainer: &mut Trainer, data: Data, options: FitOptions) -> Result<Self> {
        check_batch_size(options.batch_size)?;
        if options.epochs == 0 {
            bail!(Value, "epochs must be at least 1, but is 0");
        }
        if !(0.0..1.0).contains(&options.validation_split) {
            bail!(
                Value,
                "validation split must be at least 0 and less than 1, but is {}",
                Decimal::from(options.validation_split)
            );
        }
        if !(0.0..=1.0).contains(&options.final_rate) {
            bail!(
                Value,
                "final rate must be from 0 to 1, but is {}",
                Decimal::from(options.final_rate)
            );
        }
        if let Some(augment) = &options.augment {
            augment.check()?;
            if !(2..=3).contains(&data.x.sample_shape().len()) {
                bail!(
                    Shape,
                    "augment: expected pictures of 2 or 3 axes, but samples are {:?}",
                    data.x.sample_shape()
                );
            }
        }
        let loss = *trainer.loss()?;
        trainer.prepare(data.x.sample_shape())?;
        for part in [Some(&data), options.validation.as_ref()]
            .into_iter()
            .flatten()
        {
            trainer.model.check_input(part.x.sample_shape())?;
            part.targets
                .check(&loss, part.x.len(), trainer.model.output_shape())?;
        }
        let samples = data.x.len();
        let kept = if options.validation.is_some() {
            0.0
        } else {
            options.validation_split
        };
        let train = (samples as f64 * (1.0 - f64::from(kept))) as usize;
        if train == 0 {
            bail!(
                Value,
                "validation split {} leaves nothing of {samples} samples to train on",
                Decimal::from(kept)
            );
        }
        let validation = match &options.validation {
            None if train < samples => {
                ask("fit", 4 * (samples - train))?;
                let indices: Vec<u32> = (train as u32..samples as u32).collect();
                let x = Features::Values(data.x.batch(&indices)?);
                Some(Data {
                    x: Rc::new(x),
                    targets: Rc::new(data.targets.batch(&indices)?),
                })
            }
            given => given.clone(),
        };
        let metrics = trainer.metrics()?;
        let rng = Rng::new(trainer.seed().wrapping_add(1));
        ask("fit", 4 * train)?;
        let order = (0..train as u32).collect();
        let mut fit = Fit {
            data,
            validation,
            metrics,
            options,
            order,
            targets: Targets::Classes(Vec::new()),
            rng,
            changes: Rng::new(trainer.seed().wrapping_add(2)),
            epoch: 0,
            position: 0,
            sums: Sums::default(),
            evaluation: None,
        };
        fit.begin_epoch();
        Ok(fit)
    }

    fn begin_epoch(&mut self) {
        self.position = 0;
        self.sums = Sums::default();
        if self.options.shuffle {
            self.rng.shuffle(&mut self.order);
        }
    }

    /// How many batches an epoch has.
    pub fn batches(&self) -> usize {
        self.order.len().div_ceil(self.options.batch_size)
    }

    /// How many epochs there are.
    pub fn epochs(&self) -> usize {
        self.options.epochs
    }

    /// How many samples an epoch trains on.
    pub fn samples(&self) -> usize {
        self.order.len()
    }

    /// The means over this epoch so far.
    pub fn running(&self) -> Logs {
        self.sums.mean()
    }

    /// Whether the next piece of work is a batch to train on.
    pub fn trains_next(&self) -> bool {
        self.epoch < self.options.epochs && self.position < self.order.len()
    }

    /// Does the next piece of work.
    ///
    /// # Errors
    /// The model has been changed so that the data no longer fit.
    pub fn step(&mut self, trainer: &mut Trainer) -> Result<Event> {
        if self.epoch >= self.options.epochs {
            return Ok(Event::Done);
        }
        if self.trains_next() {
            return self.train(trainer);
        }
        let Some(validation) = &self.validation else {
            return Ok(self.end_epoch(None));
        };
        let (x, targets) = (&validation.x, &validation.targets);
        let mut evaluation = match self.evaluation.take() {
            Some(evaluation) => evaluation,
            None => Evaluation::new(trainer, x, targets, self.options.batch_size)?,
        };
        if evaluation.step(trainer, x, targets)? {
            return Ok(self.end_epoch(Some(evaluation.logs())));
        }
        self.evaluation = Some(evaluation);
        Ok(Event::Validating)
    }

    fn train(&mut self, trainer: &mut Trainer) -> Result<Event> {
        let end = (self.position + self.options.batch_size).min(self.order.len());
        let indices = &self.order[self.position..end];
        let mut x = self.data.x.batch(indices)?;
        if let Some(augment) = &self.options.augment {
            x = augment.apply(&x, &mut self.changes)?;
        }
        self.data.targets.batch_into(indices, &mut self.targets)?;
        let rate = *trainer.optimizer()?.rule().learning_rate();
        *trainer.optimizer()?.rule().learning_rate() = rate * self.rate_left();
        let logs = trainer.step(&x, &self.targets, &self.metrics);
        // What falls is the rate of this run: the optimizer keeps its own.
        *trainer.optimizer()?.rule().learning_rate() = rate;
        let logs = logs?;
        let (batch, size) = (self.position / self.options.batch_size, indices.len());
        self.sums.add(&logs, size);
        self.position = end;
        Ok(Event::Batch {
            epoch: self.epoch,
            batch,
            size,
            logs,
        })
    }

    /// The share of the learning rate that this step takes.
    fn rate_left(&self) -> f32 {
        let (samples, epochs) = (self.order.len() as f32, self.options.epochs as f32);
        let done = (self.epoch as f32 + self.position as f32 / samples) / epochs;
        1.0 + (self.options.final_rate - 1.0) * done
    }

    fn end_epoch(&mut self, validation: Option<Logs>) -> Event {
        let event = Event::Epoch {
            epoch: self.epoch,
            logs: self.sums.mean(),
            validation,
        };
        self.epoch += 1;
        self.begin_epoch();
        event
    }
}
