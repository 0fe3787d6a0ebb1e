//! A pass over a data set in inference, a batch at a time, so that it can be interleaved with other work.
use super::trainer::check_batch_size;
use super::{Features, Logs, Trainer};
use crate::base::error::Result;
use crate::learn::loss::Targets;
use crate::learn::metrics::Metric;
use crate::memory::{ask, vector};
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

/// An evaluation under way.
pub struct Evaluation {
    metrics: Vec<Metric>,
    batch_size: usize,
    done: usize,
    samples: usize,
    sums: Sums,
    guesses: Guesses,
}

/// The class with the greatest score, for every sample so far.
#[derive(Clone, Debug, Default)]
pub struct Guesses(pub Vec<u32>);

/// Weighted sums of logs.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    count: f64,
    loss: f64,
    metrics: Vec<f64>,
}

impl Sums {
    pub(super) fn add(&mut self, logs: &Logs, samples: usize) {
        self.count += samples as f64;
        self.loss += f64::from(logs.loss) * samples as f64;
        self.metrics.resize(logs.metrics.len(), 0.0);
        for (sum, &value) in self.metrics.iter_mut().zip(&logs.metrics) {
            *sum += f64::from(value) * samples as f64;
        }
    }

    pub(super) fn mean(&self) -> Logs {
        let count = self.count.max(1.0);
        Logs {
            loss: (self.loss / count) as f32,
            metrics: self
                .metrics
                .iter()
                .map(|sum| (sum / count) as f32)
                .collect(),
        }
    }
}

impl Evaluation {
    /// An evaluation at its first batch.
    ///
    /// # Errors
    /// Data that do not fit the model, a batch size of 0, or a model that is not compiled.
    pub fn new(
        trainer: &Trainer,
        x: &Features,
        targets: &Targets,
        batch_size: usize,
    ) -> Result<Self> {
        check_batch_size(batch_size)?;
        trainer.model.check_input(x.sample_shape())?;
        targets.check(trainer.loss()?, x.len(), trainer.model.output_shape())?;
        let (metrics, samples) = (trainer.metrics()?, x.len());
        Ok(Evaluation {
            metrics,
            batch_size,
            done: 0,
            samples,
            sums: Sums::default(),
            guesses: Guesses(vector("evaluate", samples)?),
        })
    }

    /// Does one batch; `true` once all are done. The data must be those that it was made with.
    ///
    /// # Errors
    /// Data that do not fit the model.
    pub fn step(&mut self, trainer: &Trainer, x: &Features, targets: &Targets) -> Result<bool> {
        let end = (self.done + self.batch_size).min(self.samples);
        if self.done < end {
            ask("evaluate", 4 * (end - self.done))?;
            let indices: Vec<u32> = (self.done as u32..end as u32).collect();
            let (logs, answers) = trainer.test(
                &x.batch(&indices)?,
                &targets.batch(&indices)?,
                &self.metrics,
            )?;
            self.sums.add(&logs, indices.len());
            self.guesses.add(&answers)?;
            self.done = end;
        }
        Ok(self.done == self.samples)
    }

    /// The means over the samples done.
    pub fn logs(&self) -> Logs {
        self.sums.mean()
    }

    /// The guesses for the samples done.
    pub fn guesses(&self) -> &[u32] {
        &self.guesses.0
    }
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
