//! How well a model does, in numbers people read.
use crate::base::error::{Result, bail};
use crate::base::names::plain;
use crate::learn::loss::{Kind, Loss, Targets};
use crate::tensor::Tensor;

mod accuracy;
mod confusion;

pub use confusion::Confusion;

/// A metric: the mean of a score over samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// The share of samples whose greatest score is at the class number.
    SparseCategoricalAccuracy,
    /// The share of samples whose greatest score is where the target's is.
    CategoricalAccuracy,
    /// The share of outputs on the target's side of one half.
    BinaryAccuracy,
    /// The mean squared error.
    MeanSquaredError,
}

impl Metric {
    /// The metric of this name. `accuracy` is the one that suits the loss and the outputs' shape.
    ///
    /// # Errors
    /// An unknown name.
    pub fn named(name: &str, loss: &Loss, output: &[usize]) -> Result<Self> {
        Ok(match &*plain(name) {
            "acc" | "accuracy" => match loss.kind {
                Kind::SparseCategoricalCrossentropy => Metric::SparseCategoricalAccuracy,
                Kind::BinaryCrossentropy => Metric::BinaryAccuracy,
                _ if output.last() == Some(&1) => Metric::BinaryAccuracy,
                _ => Metric::CategoricalAccuracy,
            },
            "sparsecategoricalaccuracy" => Metric::SparseCategoricalAccuracy,
            "categoricalaccuracy" => Metric::CategoricalAccuracy,
            "binaryaccuracy" => Metric::BinaryAccuracy,
            "mse" | "meansquarederror" => Metric::MeanSquaredError,
            _ => bail!(
                Value,
                "metric `{name}` is unknown; there are accuracy, binary_accuracy, categorical_accuracy, sparse_categorical_accuracy, mean_squared_error"
            ),
        })
    }

    /// Whether only the order of a sample's scores counts: a softmax would not change that.
    pub fn goes_by_order(&self) -> bool {
        matches!(
            self,
            Metric::SparseCategoricalAccuracy | Metric::CategoricalAccuracy
        )
    }

    /// The mean score over a batch of predictions (after the last activation).
    ///
    /// # Errors
    /// Targets of another kind or shape.
    pub fn score(&self, targets: &Targets, prediction: &Tensor) -> Result<f32> {
        match (self, targets) {
            (Metric::SparseCategoricalAccuracy, Targets::Classes(classes)) => {
                accuracy::sparse(classes, prediction)
            }
            (Metric::CategoricalAccuracy, Targets::Values(values)) => {
                accuracy::categorical(values, prediction)
            }
            (Metric::BinaryAccuracy, Targets::Values(values)) => {
                accuracy::binary(values, prediction)
            }
            (Metric::MeanSquaredError, Targets::Values(values)) => prediction
                .mean_squared_error(values)?
                .mean(&[], false)?
                .item(),
            _ => bail!(Value, "metric {self:?} does not fit these targets"),
        }
    }
}
