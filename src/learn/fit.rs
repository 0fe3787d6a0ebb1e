//! Training over epochs as a state machine: every call of [`Fit::step`] does one batch and says what
//! happened, so whoever drives it can stop, look, or go on whenever it likes.
use super::criteria::Criteria;
use super::loss::Targets;
use super::position::{Position, foreign};
use super::samples::indices;
use super::tally::{Logs, Tally};
use super::trainer::{Run, check_batch_size};
use super::{Data, Evaluation, Event, FitOptions, Trainer};
use crate::base::error::{Result, bail};
use crate::base::json::Decimal;
use crate::base::rng::Rng;
use crate::nn::Tensors;
use alloc::vec::Vec;
use core::ops::Range;

/// Training under way.
pub struct Fit {
    data: Data,
    validation: Option<Data>,
    criteria: Criteria,
    options: FitOptions,
    order: Vec<u32>,
    /// The targets of the last batch: room for the next.
    targets: Vec<Targets>,
    rng: Rng,
    /// Its own, so that the order of the samples does not depend on whether pictures are changed.
    changes: Rng,
    /// How many runs of the model began before this one.
    number: u64,
    /// How often the samples were put into a new order.
    shuffles: u64,
    epoch: usize,
    position: usize,
    /// Batches done in this epoch.
    done: usize,
    tally: Tally,
    evaluation: Option<Evaluation>,
    /// Batches of the validation data that were looked at after this epoch.
    validated: usize,
    _run: Run,
}

impl Fit {
    /// Training at its first batch. Builds the model if need be.
    ///
    /// # Errors
    /// Data that do not fit the model or each other, options out of range, a model that is not compiled,
    /// or too little memory; nothing has changed then.
    pub fn new(trainer: &mut Trainer, data: Data, options: FitOptions) -> Result<Self> {
        check_batch_size(options.batch_size)?;
        if options.epochs == 0 {
            bail!(Value, "epochs must be at least 1, but is 0");
        }
        if !(0.0..1.0).contains(&options.validation_split) {
            bail!(
                Value,
                "validation split must be at least 0 and less than 1, but is {}",
                Decimal(options.validation_split)
            );
        }
        if !(0.0..=1.0).contains(&options.final_rate) {
            bail!(
                Value,
                "final rate must be from 0 to 1, but is {}",
                Decimal::from(options.final_rate)
            );
        }
        for steps in [options.steps_per_epoch, options.validation_steps] {
            if steps == Some(0) {
                bail!(Value, "steps must be at least 1, but are 0");
            }
        }
        if let Some(augment) = &options.augment {
            augment.check()?;
            for x in &data.x {
                if !(2..=3).contains(&x.sample_shape().len()) {
                    bail!(
                        Shape,
                        "augment: expected pictures of 2 or 3 axes, but samples are {:?}",
                        x.sample_shape()
                    );
                }
            }
        }
        let criteria = trainer.check(&data)?;
        if let Some(validation) = &options.validation {
            trainer.check(validation)?;
        }
        let samples = data.len();
        let kept = if options.validation.is_some() {
            0.0
        } else {
            options.validation_split
        };
        // As Keras rounds it, in double precision.
        let train = libm::floor(samples as f64 * (1.0 - kept)) as usize;
        if train == 0 {
            bail!(
                Value,
                "validation split {} leaves nothing of {samples} samples to train on",
                Decimal(kept)
            );
        }
        let validation = match &options.validation {
            None if train < samples => Some(data.part(&indices("fit", train..samples)?)?),
            given => given.clone(),
        };
        trainer.check_batches(train, options.batch_size)?;
        if let Some(validation) = &validation {
            trainer.check_batches(validation.len(), options.batch_size)?;
        }
        let order = indices("fit", 0..train)?;
        let number = trainer.runs();
        let seed = trainer.run_seed(number);
        let run = trainer.begin_run();
        let mut fit = Fit {
            data,
            validation,
            criteria,
            options,
            order,
            targets: Vec::new(),
            rng: Rng::new(seed.wrapping_add(1)),
            changes: Rng::new(seed.wrapping_add(2)),
            number,
            shuffles: 0,
            epoch: 0,
            position: samples,
            done: 0,
            tally: Tally::default(),
            evaluation: None,
            validated: 0,
            _run: run,
        };
        fit.begin_epoch();
        Ok(fit)
    }

    fn begin_epoch(&mut self) {
        self.done = 0;
        self.tally = Tally::default();
        // An epoch of so many steps may have left samples for the next.
        if self.position < self.order.len() {
            return;
        }
        self.position = 0;
        self.shuffle();
    }

    fn shuffle(&mut self) {
        if self.options.shuffle {
            self.rng.shuffle(&mut self.order);
            self.shuffles += 1;
        }
    }

    /// Where it is: a run with the same model, data and options [goes on](Fit::go_on) from there with the same bits.
    pub fn position(&self) -> Position {
        let count = self.criteria.sums();
        let (validated, validation) = match &self.evaluation {
            Some(evaluation) => evaluation.so_far(),
            None => (0, &[][..]),
        };
        let mut sums = self.tally.numbers().to_vec();
        sums.resize(count, 0.0);
        sums.extend_from_slice(validation);
        sums.resize(2 * count, 0.0);
        Position {
            run: self.number,
            shuffles: self.shuffles,
            drawn: self.changes.drawn(),
            epoch: self.epoch,
            sample: self.position,
            batch: self.done,
            validated,
            sums,
        }
    }

    /// Goes on where another run was, before the first step of this one, which counts as the same run of its model. What
    /// else training depends on has been put back: weights, what the optimizer remembers, states, and the
    /// [generator](Trainer::go_on).
    ///
    /// # Errors
    /// A position that a run with these data and options cannot have; this run must not go on then.
    pub fn go_on(&mut self, trainer: &mut Trainer, position: &Position) -> Result<()> {
        trainer.recall_run();
        let count = self.criteria.sums();
        let validating = match (&self.validation, position.validated) {
            (_, 0) => None,
            (Some(data), _) => Some(Evaluation::new(trainer, data, self.options.batch_size)?),
            (None, _) => return foreign(),
        };
        // Samples are put into a new order at most once an epoch, so that nobody can ask for it without end.
        if position.epoch > self.options.epochs
            || position.shuffles > position.epoch as u64 + 1
            || position.sample > self.order.len()
            || position.batch > position.sample
            || position.sums.len() != 2 * count
        {
            return foreign();
        }
        let seed = trainer.run_seed(position.run);
        (self.number, self.shuffles) = (position.run, 0);
        self.rng = Rng::new(seed.wrapping_add(1));
        self.order = indices("fit", 0..self.order.len())?;
        while self.options.shuffle && self.shuffles < position.shuffles {
            self.shuffle();
        }
        self.changes = Rng::new(seed.wrapping_add(2));
        self.changes.skip(position.drawn);
        (self.epoch, self.position, self.done) = (position.epoch, position.sample, position.batch);
        let (sums, validation) = position.sums.split_at(count);
        self.tally = Tally::from_numbers(self.criteria.losses(), sums);
        self.validated = position.validated.div_ceil(self.options.batch_size);
        self.evaluation = validating.map(|mut evaluation| {
            evaluation.go_on(position.validated, validation);
            evaluation
        });
        Ok(())
    }

    /// How many batches the epoch under way has.
    pub fn batches(&self) -> usize {
        let of = |samples: usize| samples.div_ceil(self.options.batch_size);
        match self.options.steps_per_epoch {
            Some(steps) => steps.min(of(self.order.len())),
            // Those that are done may have been of another size.
            None => self.done + of(self.order.len() - self.position),
        }
    }

    /// Lets batches have so many samples from the next one on: no sample is left out or comes twice.
    ///
    /// # Errors
    /// A size that the model cannot take; nothing has changed then.
    pub fn set_batch_size(&mut self, trainer: &Trainer, batch_size: usize) -> Result<()> {
        check_batch_size(batch_size)?;
        trainer.check_batches(self.order.len(), batch_size)?;
        self.options.batch_size = batch_size;
        Ok(())
    }

    /// The batch that is trained on next: the numbers of its samples, and their inputs as training will see them. None
    /// after the last one.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn next_batch(&self) -> Result<Option<(Vec<u32>, Tensors)>> {
        let indices = if self.trains_next() {
            self.order[self.next()].to_vec()
        } else if self.epoch + 1 < self.options.epochs {
            self.first_of_next_epoch()
        } else {
            return Ok(None);
        };
        let mut changes = self.changes.clone();
        let x = inputs(&self.data, &self.options, &indices, &mut changes)?;
        Ok(Some((indices, x)))
    }

    /// The samples of the first batch of the next epoch, while this one has no batch left.
    fn first_of_next_epoch(&self) -> Vec<u32> {
        if self.position < self.order.len() {
            return self.order[self.next()].to_vec();
        }
        let mut order = self.order.clone();
        if self.options.shuffle {
            self.rng.clone().shuffle(&mut order);
        }
        order.truncate(self.options.batch_size);
        order
    }

    /// Where the samples of the next batch stand in the order.
    fn next(&self) -> Range<usize> {
        let end = (self.position + self.options.batch_size).min(self.order.len());
        self.position..end
    }

    /// How many epochs there are.
    pub fn epochs(&self) -> usize {
        self.options.epochs
    }

    /// How many samples an epoch trains on.
    pub fn samples(&self) -> usize {
        self.order.len()
    }

    /// How many numbers logs hold besides the loss.
    pub fn columns(&self) -> usize {
        self.criteria.columns()
    }

    /// The means over this epoch so far.
    pub fn running(&self) -> Logs {
        self.criteria.logs(&self.tally)
    }

    /// Whether the next piece of work is a batch to train on.
    pub fn trains_next(&self) -> bool {
        let steps = self.options.steps_per_epoch.unwrap_or(usize::MAX);
        self.epoch < self.options.epochs && self.position < self.order.len() && self.done < steps
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
        let mut evaluation = match self.evaluation.take() {
            Some(evaluation) => evaluation,
            None => Evaluation::new(trainer, validation, self.options.batch_size)?,
        };
        let all = evaluation.step(trainer, validation)?;
        self.validated += 1;
        if all || Some(self.validated) == self.options.validation_steps {
            self.validated = 0;
            return Ok(self.end_epoch(Some(evaluation.logs())));
        }
        self.evaluation = Some(evaluation);
        Ok(Event::Validating)
    }

    fn train(&mut self, trainer: &mut Trainer) -> Result<Event> {
        let next = self.next();
        let indices = &self.order[next.clone()];
        let x = inputs(&self.data, &self.options, indices, &mut self.changes)?;
        self.data.targets_into(indices, &mut self.targets)?;
        let weights = self.data.weights(indices)?;
        let optimizer = trainer.optimizer()?.clone();
        optimizer.borrow_mut().set_share(self.rate_left());
        let tally = trainer.step(&x, &self.targets, &weights, &self.criteria);
        // What falls is the rate of this run: the optimizer keeps its own.
        optimizer.borrow_mut().set_share(1.0);
        let tally = tally?;
        let (batch, size) = (self.done, next.len());
        self.tally.add(&tally);
        self.position = next.end;
        self.done += 1;
        let logs = self.criteria.logs(&tally);
        trainer.reuse(tally);
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
        let share = match self.options.steps_per_epoch {
            Some(_) => self.done as f32 / self.batches() as f32,
            None => self.position as f32 / samples,
        };
        let done = (self.epoch as f32 + share) / epochs;
        1.0 + (self.options.final_rate - 1.0) * done
    }

    fn end_epoch(&mut self, validation: Option<Logs>) -> Event {
        let event = Event::Epoch {
            epoch: self.epoch,
            logs: self.running(),
            validation,
        };
        self.epoch += 1;
        self.begin_epoch();
        event
    }
}

/// The inputs of these samples, changed as the options say.
fn inputs(
    data: &Data,
    options: &FitOptions,
    indices: &[u32],
    changes: &mut Rng,
) -> Result<Tensors> {
    let mut x = data.inputs(indices)?;
    if let Some(augment) = &options.augment {
        for x in &mut x {
            *x = augment.apply(x, changes)?;
        }
    }
    Ok(x)
}
