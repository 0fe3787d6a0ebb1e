//! A model, and what it takes to train it.
use crate::base::error::{Result, bail};
use crate::base::rng::Rng;
use crate::learn::loss::{Loss, Targets};
use crate::learn::metrics::Metric;
use crate::learn::optim::Optimizer;
use crate::learn::{Evaluation, Features, Pace};
use crate::memory::{ask, ask_in_all};
use crate::nn::{Activation, Context, Sequential};
use crate::tensor::Tensor;
use alloc::{string::String, vec::Vec};
use core::mem::take;
use smallvec::SmallVec;

/// What [`Trainer::compile`] takes.
pub struct Compile {
    /// How weights move.
    pub optimizer: Optimizer,
    /// What is minimised.
    pub loss: Loss,
    /// Names of metrics.
    pub metrics: Vec<String>,
}

/// The loss and the metrics, in the order of [`Compile::metrics`]; means over samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logs {
    /// The mean loss.
    pub loss: f32,
    /// The mean of each metric.
    pub metrics: SmallVec<[f32; 4]>,
}

/// A model that can be trained.
pub struct Trainer {
    /// The layers and their weights.
    pub model: Sequential,
    /// Who does its steps; whoever has a clock asks, and tells how long they took.
    pub pace: Pace,
    compiled: Option<Compile>,
    rng: Rng,
    seed: u64,
    /// Room for a step's handles to the weights.
    tracked: Vec<Tensor>,
}

impl Trainer {
    /// A model whose weights, dropout and shuffling follow from `seed`.
    pub fn new(model: Sequential, seed: u64) -> Self {
        Trainer {
            model,
            pace: Pace::default(),
            compiled: None,
            rng: Rng::new(seed ^ 0x006d_6170_6c69_6e67),
            seed,
            tracked: Vec::new(),
        }
    }

    /// Names the optimizer, the loss and the metrics.
    ///
    /// # Errors
    /// An unknown metric.
    pub fn compile(&mut self, compile: Compile) -> Result<()> {
        for name in &compile.metrics {
            Metric::named(name, &compile.loss, self.model.output_shape())?;
        }
        self.compiled = Some(compile);
        Ok(())
    }

    /// The optimizer at work.
    ///
    /// # Errors
    /// Not compiled.
    pub fn optimizer(&mut self) -> Result<&mut Optimizer> {
        match &mut self.compiled {
            Some(compiled) => Ok(&mut compiled.optimizer),
            None => bail!(State, "the model has no optimizer yet; call compile first"),
        }
    }

    /// The loss that is minimised.
    ///
    /// # Errors
    /// Not compiled.
    pub fn loss(&self) -> Result<&Loss> {
        Ok(&self.compiled()?.loss)
    }

    /// The metrics, in order.
    ///
    /// # Errors
    /// Not compiled.
    pub fn metrics(&self) -> Result<Vec<Metric>> {
        let compiled = self.compiled()?;
        let named = |name: &String| Metric::named(name, &compiled.loss, self.model.output_shape());
        compiled.metrics.iter().map(named).collect()
    }

    fn compiled(&self) -> Result<&Compile> {
        match &self.compiled {
            Some(compiled) => Ok(compiled),
            None => bail!(State, "the model has no loss yet; call compile first"),
        }
    }

    /// The seed given.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Builds the model for these samples, if that has not happened.
    ///
    /// # Errors
    /// See [`Sequential::build`] and [`Sequential::check_input`].
    pub fn prepare(&mut self, sample: &[usize]) -> Result<()> {
        if !self.model.is_built() {
            self.model.build(Some(sample), self.seed)?;
        }
        self.model.check_input(sample)
    }

    /// One step on one batch: forward, loss, gradients, update. The logs belong to the weights before it.
    ///
    /// # Errors
    /// Data that do not fit; nothing is changed then.
    pub fn train_on_batch(&mut self, x: &Tensor, targets: &Targets) -> Result<Logs> {
        self.prepare(x.shape().get(1..).unwrap_or_default())?;
        targets.check(self.loss()?, x.shape()[0], self.model.output_shape())?;
        self.step(x, targets, &self.metrics()?)
    }

    /// As [`train_on_batch`](Trainer::train_on_batch) for data that have been checked.
    pub(super) fn step(
        &mut self,
        x: &Tensor,
        targets: &Targets,
        metrics: &[Metric],
    ) -> Result<Logs> {
        let Some(compiled) = &mut self.compiled else {
            bail!(State, "the model has no loss yet; call compile first")
        };
        let tracked = |weight: &crate::nn::Weight| {
            if weight.trainable {
                weight.value.tracked()
            } else {
                weight.value.clone()
            }
        };
        let mut weights = take(&mut self.tracked);
        weights.extend(self.model.weights().map(tracked));
        let mut context = Context {
            training: true,
            rng: &mut self.rng,
        };
        let (raw, activation) = self.model.raw(x, &weights, &mut context)?;
        let loss = compiled.loss.of_raw(targets, &raw, activation)?;
        let mut gradients = loss.backward_late()?;
        let logs = Logs {
            loss: loss.item()?,
            metrics: scores(metrics, targets, &raw, activation)?,
        };
        drop((raw, loss));
        for (index, weight) in self.model.weights().enumerate() {
            if weight.trainable {
                compiled.optimizer.make_room(index, &weight.value)?;
            }
        }
        compiled.optimizer.begin_step();
        let tracked = self.model.weights_mut().zip(weights.drain(..));
        for (index, (weight, tracked)) in tracked.enumerate() {
            let gradient = gradients.take(&tracked);
            // With the graph and its handle gone a weight has one owner again, and changes in place.
            drop(tracked);
            if let Some(gradient) = gradient {
                let row = weight.value.shape().last().copied().unwrap_or(1);
                let w = weight.value.make_mut()?;
                compiled.optimizer.update(index, w, row, &gradient)?;
            }
        }
        self.tracked = weights;
        Ok(logs)
    }

    /// The loss and metrics of one batch as in inference.
    pub(super) fn test(
        &self,
        x: &Tensor,
        targets: &Targets,
        metrics: &[Metric],
    ) -> Result<(Logs, Tensor)> {
        let (raw, activation) = self.model.infer(x)?;
        let loss = self.loss()?.of_raw(targets, &raw, activation)?.item()?;
        Ok((
            Logs {
                loss,
                metrics: scores(metrics, targets, &raw, activation)?,
            },
            activation.apply(&raw)?,
        ))
    }

    /// The loss and metrics over a data set, as in inference.
    ///
    /// # Errors
    /// Data that do not fit, a batch size of 0, or a model that is not compiled.
    pub fn evaluate(&self, x: &Features, targets: &Targets, batch_size: usize) -> Result<Logs> {
        let mut evaluation = Evaluation::new(self, x, targets, batch_size)?;
        while !evaluation.step(self, x, targets)? {}
        Ok(evaluation.logs())
    }

    /// The model's answers to all samples, `[samples, …]`.
    ///
    /// # Errors
    /// Samples of another shape, or a batch size of 0.
    pub fn predict(&self, x: &Features, batch_size: usize) -> Result<Tensor> {
        self.model.check_input(x.sample_shape())?;
        check_batch_size(batch_size)?;
        let outputs: usize = self.model.output_shape().iter().product();
        ask("predict", 4 * x.len())?;
        ask_in_all("predict", 8 * x.len() as u64 * outputs as u64)?;
        let indices: Vec<u32> = (0..x.len() as u32).collect();
        let answers: Result<Vec<Tensor>> = indices
            .chunks(batch_size)
            .map(|batch| self.model.forward(&x.batch(batch)?))
            .collect();
        Tensor::concat(&answers?, 0)
    }
}

pub(super) fn check_batch_size(batch_size: usize) -> Result<()> {
    if batch_size == 0 {
        bail!(Value, "batch size must be at least 1, but is 0");
    }
    Ok(())
}

/// What metrics say of what the last layer gives, on which its activation still has to act.
fn scores(
    metrics: &[Metric],
    targets: &Targets,
    raw: &Tensor,
    activation: Activation,
) -> Result<SmallVec<[f32; 4]>> {
    let mut answers = raw.detach();
    let left_out = activation == Activation::Softmax && metrics.iter().all(Metric::goes_by_order);
    if !left_out {
        answers = activation.apply(&answers)?;
    }
    metrics
        .iter()
        .map(|metric| metric.score(targets, &answers))
        .collect()
}
