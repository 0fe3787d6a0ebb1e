//! What a model should have answered.
use super::Loss;
use crate::base::error::{Result, bail};
use crate::base::json::Decimal;
use crate::memory::{Buffer, ask_for, vector};
use crate::nn::Dims;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::vec::Vec;
use core::mem::replace;

/// Targets of samples.
#[derive(Clone, Debug)]
pub enum Targets {
    /// Class numbers: `per_sample` for each sample, one for each step of a sequence, say.
    Classes {
        /// All of them, sample by sample.
        labels: Vec<u32>,
        /// How many a sample has.
        per_sample: usize,
    },
    /// Values each: `[samples, …]`.
    Values(Tensor),
}

impl Targets {
    /// A class number for each sample.
    pub fn classes(labels: Vec<u32>) -> Self {
        Targets::Classes {
            labels,
            per_sample: 1,
        }
    }

    /// Targets as `loss` wants them, from values: class numbers for a sparse loss, else as they are.
    ///
    /// # Errors
    /// Class numbers that are not whole.
    pub fn for_loss(loss: &Loss, values: Tensor) -> Result<Self> {
        if !loss.is_sparse() {
            return Ok(Targets::Values(values));
        }
        let samples = values.shape().first().copied().unwrap_or(0);
        match values
            .data()
            .iter()
            .find(|&&y| !((0.0..16_777_216.0).contains(&y) && y as u32 as f32 == y))
        {
            Some(y) => bail!(
                Value,
                "{}: label {} is not a class number (0, 1, 2, …)",
                loss.name(),
                Decimal::from(*y)
            ),
            None => {
                let mut labels = vector("targets", values.data().len())?;
                labels.extend(values.data().iter().map(|&y| y as u32));
                let per_sample = values.data().len().checked_div(samples).unwrap_or(1);
                Ok(Targets::Classes { labels, per_sample })
            }
        }
    }

    /// How many samples.
    pub fn len(&self) -> usize {
        match self {
            Targets::Classes { labels, per_sample } => {
                labels.len().checked_div(*per_sample).unwrap_or(0)
            }
            Targets::Values(values) => values.shape().first().copied().unwrap_or(0),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The targets of these samples.
    ///
    /// # Errors
    /// An index past the end.
    pub fn batch(&self, indices: &[u32]) -> Result<Targets> {
        let mut batch = Targets::classes(Vec::new());
        self.batch_into(indices, &mut batch)?;
        Ok(batch)
    }

    /// Makes `batch` the targets of these samples, in its memory if it can be.
    ///
    /// # Errors
    /// An index past the end.
    pub fn batch_into(&self, indices: &[u32], batch: &mut Targets) -> Result<()> {
        match self {
            Targets::Values(values) => *batch = Targets::Values(values.rows(indices)?),
            Targets::Classes { labels, per_sample } => {
                let (all, width) = (self.len(), *per_sample);
                if let Some(index) = indices.iter().find(|&&index| index as usize >= all) {
                    bail!(Value, "targets: index {index} is outside 0..{all}");
                }
                let mut picked = match replace(batch, Targets::classes(Vec::new())) {
                    Targets::Classes { labels, .. } => labels,
                    Targets::Values(_) => Vec::new(),
                };
                picked.clear();
                let count = indices.len().saturating_mul(width);
                if picked.capacity() < count {
                    picked = vector("targets", count)?;
                }
                let own = |&index: &u32| &labels[index as usize * width..][..width];
                picked.extend(indices.iter().flat_map(own).copied());
                *batch = Targets::Classes {
                    labels: picked,
                    per_sample: width,
                };
            }
        }
        Ok(())
    }

    /// Refuses targets that cannot belong to `samples` samples with outputs of these dims.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, loss: &Loss, samples: usize, output: &Dims) -> Result<()> {
        if self.len() != samples {
            bail!(
                Shape,
                "targets: there are {samples} samples, but {} targets",
                self.len()
            );
        }
        match self {
            Targets::Classes { labels, per_sample } => {
                let Some((Some(count), places)) = output.split_last() else {
                    bail!(
                        Shape,
                        "{}: outputs must be rows of class scores, but are {output:?}",
                        loss.name()
                    );
                };
                let known: Option<usize> = places.iter().copied().product();
                if known.is_some_and(|known| known != *per_sample) {
                    bail!(
                        Shape,
                        "{}: outputs are {output:?}, which takes {} class numbers for each sample, but there are {per_sample}",
                        loss.name(),
                        known.unwrap_or(1)
                    );
                }
                if let Some(label) = labels.iter().find(|&&label| label as usize >= *count) {
                    bail!(
                        Value,
                        "{}: label {label} is outside 0..{count}, the classes the model has",
                        loss.name()
                    );
                }
            }
            Targets::Values(values) => {
                let own = &values.shape()[1..];
                if !loss.is_custom() && !output.takes(own) {
                    let hint = if loss.name() == "categorical_crossentropy"
                        && values.data().len() == samples
                    {
                        "; give them one-hot, or use sparse_categorical_crossentropy"
                    } else {
                        ""
                    };
                    bail!(
                        Shape,
                        "{}: each target is {own:?}, but the model's outputs are {output:?}{hint}",
                        loss.name(),
                    );
                }
                if let Some(y) = values.data().iter().find(|y| !y.is_finite()) {
                    bail!(
                        Value,
                        "targets: {} is not a finite number",
                        Decimal::from(*y)
                    );
                }
            }
        }
        Ok(())
    }

    pub(super) fn values(&self, loss: &str) -> Result<&Tensor> {
        match self {
            Targets::Values(values) => Ok(values),
            Targets::Classes { .. } => bail!(
                Value,
                "{loss}: expected targets as values, not class numbers"
            ),
        }
    }

    /// The class numbers.
    pub(super) fn labels(&self, loss: &str) -> Result<&[u32]> {
        match self {
            Targets::Classes { labels, .. } => Ok(labels),
            Targets::Values(_) => bail!(Value, "{loss}: expected targets as class numbers"),
        }
    }

    /// The targets as a tensor: class numbers as `[samples]` or `[samples, per_sample]`.
    ///
    /// # Errors
    /// See [`Shape::new`]; or too little memory.
    pub fn tensor(&self) -> Result<Tensor> {
        match self {
            Targets::Values(values) => Ok(values.clone()),
            Targets::Classes { labels, per_sample } => {
                let shape = match per_sample {
                    1 => Shape::new(&[labels.len()])?,
                    _ => Shape::new(&[self.len(), *per_sample])?,
                };
                ask_for("targets", &[labels.len()])?;
                let values: Buffer = labels.iter().map(|&label| label as f32).collect();
                Ok(Tensor::leaf(values, shape))
            }
        }
    }
}
