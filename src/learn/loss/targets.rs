//! What a model should have answered.
use super::{Kind, Loss};
use crate::base::error::{Result, bail};
use crate::base::json::Decimal;
use crate::memory::ask;
use crate::tensor::Tensor;
use alloc::vec::Vec;

/// Targets of samples.
#[derive(Clone, Debug)]
pub enum Targets {
    /// A class number each.
    Classes(Vec<u32>),
    /// Values each: `[samples, …]`.
    Values(Tensor),
}

impl Targets {
    /// Targets as `loss` wants them, from values: class numbers for a sparse loss, else as they are.
    ///
    /// # Errors
    /// Class numbers that are not whole, or more than one per sample.
    pub fn for_loss(loss: &Loss, values: Tensor) -> Result<Self> {
        if loss.kind != Kind::SparseCategoricalCrossentropy {
            return Ok(Targets::Values(values));
        }
        let samples = values.shape().first().copied().unwrap_or(0);
        if values.data().len() != samples {
            bail!(
                Shape,
                "{}: expected one class number per sample, but the targets are {:?}",
                loss.name(),
                values.shape()
            );
        }
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
                ask("targets", 4 * samples)?;
                let classes = values.data().iter().map(|&y| y as u32).collect();
                Ok(Targets::Classes(classes))
            }
        }
    }

    /// How many samples.
    pub fn len(&self) -> usize {
        match self {
            Targets::Classes(classes) => classes.len(),
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
        let mut batch = Targets::Classes(Vec::new());
        self.batch_into(indices, &mut batch)?;
        Ok(batch)
    }

    /// Makes `batch` the targets of these samples, in its memory if it can be.
    ///
    /// # Errors
    /// An index past the end.
    pub fn batch_into(&self, indices: &[u32], batch: &mut Targets) -> Result<()> {
        match self {
            Targets::Values(values) => *batch = Targets::Values(values.gather(indices)?),
            Targets::Classes(classes) => {
                if let Some(index) = indices
                    .iter()
                    .find(|&&index| index as usize >= classes.len())
                {
                    bail!(
                        Value,
                        "targets: index {index} is outside 0..{}",
                        classes.len()
                    );
                }
                let picked = indices.iter().map(|&index| classes[index as usize]);
                if let Targets::Classes(classes) = batch {
                    classes.clear();
                    classes.extend(picked);
                } else {
                    ask("targets", 4 * indices.len())?;
                    *batch = Targets::Classes(picked.collect());
                }
            }
        }
        Ok(())
    }

    /// Refuses targets that cannot belong to `samples` samples with outputs of shape `output`.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, loss: &Loss, samples: usize, output: &[usize]) -> Result<()> {
        if self.len() != samples {
            bail!(
                Shape,
                "targets: there are {samples} samples, but {} targets",
                self.len()
            );
        }
        match self {
            Targets::Classes(classes) => {
                let [count] = output else {
                    bail!(
                        Shape,
                        "{}: outputs must be one row of class scores, but are {output:?}",
                        loss.name()
                    );
                };
                if let Some(label) = classes.iter().find(|&&label| label as usize >= *count) {
                    bail!(
                        Value,
                        "{}: label {label} is outside 0..{count}, the classes the model has",
                        loss.name()
                    );
                }
            }
            Targets::Values(values) => {
                if values.shape()[1..] != *output {
                    let hint = if loss.kind == Kind::CategoricalCrossentropy
                        && values.data().len() == samples
                    {
                        "; give them one-hot, or use sparse_categorical_crossentropy"
                    } else {
                        ""
                    };
                    bail!(
                        Shape,
                        "{}: each target is {:?}, but the model's outputs are {output:?}{hint}",
                        loss.name(),
                        &values.shape()[1..]
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
            Targets::Classes(_) => bail!(
                Value,
                "{loss}: expected targets as values, not class numbers"
            ),
        }
    }

    pub(super) fn classes(&self, loss: &str) -> Result<&[u32]> {
        match self {
            Targets::Classes(classes) => Ok(classes),
            Targets::Values(_) => bail!(Value, "{loss}: expected targets as class numbers"),
        }
    }
}
