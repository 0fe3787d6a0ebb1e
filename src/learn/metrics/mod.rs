//! How well a model does, in numbers people read. A metric adds up what it needs batch by batch, so that its value
//! over an epoch is that over all samples, not a mean of means.
use crate::base::error::{Result, bail};
use crate::base::names::plain;
use crate::learn::loss::{Loss, LossFunction, Targets};
use crate::nn::Dims;
use crate::tensor::Tensor;
use alloc::rc::Rc;

mod accuracy;
mod confusion;

pub use confusion::Confusion;

/// A metric: what is added up over samples, and the value that follows.
#[derive(Clone)]
pub enum Metric {
    /// The share of samples whose greatest score is at the class number.
    SparseCategoricalAccuracy,
    /// The share of samples whose greatest score is where the target's is.
    CategoricalAccuracy,
    /// The share of outputs that are the target when those above one half are taken for 1 and the others for 0.
    BinaryAccuracy,
    /// The mean squared error.
    MeanSquaredError,
    /// One's own: a score for each sample, or one for all.
    Custom(LossFunction),
}

impl PartialEq for Metric {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Metric::Custom(a), Metric::Custom(b)) => Rc::ptr_eq(a, b),
            _ => core::mem::discriminant(self) == core::mem::discriminant(other),
        }
    }
}

/// What `compile` is given for a metric.
#[derive(Clone)]
pub enum MetricChoice {
    /// A name; `accuracy` is the one that suits targets and outputs.
    Named(alloc::string::String),
    /// One's own.
    Custom(LossFunction),
}

impl From<&str> for MetricChoice {
    fn from(name: &str) -> Self {
        MetricChoice::Named(name.into())
    }
}

impl MetricChoice {
    /// The metric for outputs of these dims under this loss.
    ///
    /// # Errors
    /// An unknown name.
    pub fn metric(&self, loss: &Loss, output: &Dims) -> Result<Metric> {
        match self {
            MetricChoice::Named(name) => Metric::named(name, loss, output),
            MetricChoice::Custom(function) => Ok(Metric::Custom(function.clone())),
        }
    }
}

impl Metric {
    /// The metric of this name. `accuracy` is Keras' choice by the shapes of targets and outputs: binary for outputs of
    /// one value, sparse for class numbers, else categorical.
    ///
    /// # Errors
    /// An unknown name.
    pub fn named(name: &str, loss: &Loss, output: &Dims) -> Result<Self> {
        Ok(match &*plain(name) {
            "acc" | "accuracy" => match output.last() {
                _ if loss.is_sparse() => Metric::SparseCategoricalAccuracy,
                Some(Some(1)) | None => Metric::BinaryAccuracy,
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

    /// How many numbers it adds up.
    pub fn sums(&self) -> usize {
        2
    }

    /// Adds a batch of predictions (after the last activation) to `sums`.
    ///
    /// # Errors
    /// Targets of another kind or shape.
    pub fn add(&self, targets: &Targets, prediction: &Tensor, sums: &mut [f64]) -> Result<()> {
        let (total, count) = match (self, targets) {
            (Metric::SparseCategoricalAccuracy, Targets::Classes { labels, .. }) => {
                accuracy::sparse(labels, prediction)?
            }
            (Metric::CategoricalAccuracy, Targets::Values(values)) => {
                accuracy::categorical(values, prediction)?
            }
            (Metric::BinaryAccuracy, Targets::Values(values)) => {
                accuracy::binary(values, prediction)?
            }
            (Metric::MeanSquaredError, Targets::Values(values)) => {
                mean(&prediction.mean_squared_error(values)?)
            }
            (Metric::Custom(function), _) => mean(&function(&targets.tensor()?, prediction)?),
            _ => bail!(Value, "{}: it does not fit these targets", self.name()),
        };
        sums[0] += total;
        sums[1] += count;
        Ok(())
    }

    /// The value that follows from what was added up.
    pub fn value(&self, sums: &[f64]) -> f32 {
        (sums[0] / sums[1]) as f32
    }

    /// The value over one batch.
    ///
    /// # Errors
    /// As for [`add`](Metric::add).
    pub fn score(&self, targets: &Targets, prediction: &Tensor) -> Result<f32> {
        let mut sums = [0.0; 2];
        self.add(targets, prediction, &mut sums)?;
        Ok(self.value(&sums))
    }

    fn name(&self) -> &'static str {
        match self {
            Metric::SparseCategoricalAccuracy => "sparse_categorical_accuracy",
            Metric::CategoricalAccuracy => "categorical_accuracy",
            Metric::BinaryAccuracy => "binary_accuracy",
            Metric::MeanSquaredError => "mean_squared_error",
            Metric::Custom(_) => "custom metric",
        }
    }
}

/// The sum of all values, and how many there are.
fn mean(values: &Tensor) -> (f64, f64) {
    let sum = values.data().iter().map(|&value| f64::from(value)).sum();
    (sum, values.data().len() as f64)
}
