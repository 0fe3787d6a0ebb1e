//! How well a model does, in numbers people read. A metric adds up what it needs batch by batch, so that its value
//! over an epoch is that over all samples, not a mean of means.
//!
//! Metrics are rows of one table: Keras' name, the settings, how many numbers are added up, how a batch is added to
//! them, and the value that follows. Losses are metrics too: their mean.
use crate::base::error::{Result, bail, left_out};
use crate::base::json::Value;
use crate::base::names::plain;
use crate::learn::loss::{Loss, LossFunction, Targets};
use crate::memory::vector;
use crate::nn::Dims;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{rc::Rc, string::String, vec::Vec};

mod accuracy;
mod batch;
mod confusion;
mod counts;
mod r2;
mod table;
mod thresholds;

use batch::Batch;
pub use confusion::Confusion;
use table::{CATEGORICAL_ACCURACY, Row, SPARSE_ACCURACY, Set, TABLE};

/// What is added up, and how.
#[derive(Clone)]
enum Kind {
    /// A row of the table.
    Row(&'static Row, Set),
    /// The mean of a loss, and what becomes of it.
    Loss(Loss, fn(f64) -> f64),
    /// One's own: a score for each sample, or one for all.
    Custom(LossFunction),
}

/// A metric: what is added up over samples, and the value that follows.
#[derive(Clone)]
pub struct Metric {
    kind: Kind,
    /// Whether samples count by their weights.
    weighted: bool,
}

/// What `compile` is given for a metric.
#[derive(Clone)]
pub enum MetricChoice {
    /// A name; `accuracy` is the one that suits targets and outputs.
    Named(String),
    /// `{ "class_name", "config" }`.
    Set(Value),
    /// One's own.
    Custom(LossFunction),
    /// One for which samples count by their weights.
    Weighted(Rc<MetricChoice>),
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
    /// An unknown name or key.
    pub fn metric(&self, loss: &Loss, output: &Dims) -> Result<Metric> {
        Ok(match self {
            MetricChoice::Named(name) => Metric::named(name, loss, output)?,
            MetricChoice::Set(settings) => Metric::from_json(settings, loss, output)?,
            MetricChoice::Custom(function) => Metric {
                kind: Kind::Custom(function.clone()),
                weighted: false,
            },
            MetricChoice::Weighted(choice) => Metric {
                weighted: true,
                ..choice.metric(loss, output)?
            },
        })
    }
}

impl Metric {
    /// The metric of this name. `accuracy` is Keras' choice by the shapes of targets and outputs: binary for outputs of
    /// one value, sparse for class numbers, else categorical.
    ///
    /// # Errors
    /// An unknown name, or a metric that this build goes without.
    pub fn named(name: &str, loss: &Loss, output: &Dims) -> Result<Self> {
        Self::read(name, &Value::Null, loss, output)
    }

    /// A metric from JSON: a name, or `{ "class_name", "config" }`.
    ///
    /// # Errors
    /// An unknown name or key, or a value of the wrong kind.
    pub fn from_json(value: &Value, loss: &Loss, output: &Dims) -> Result<Self> {
        match value.as_str().or_else(|| value["class_name"].as_str()) {
            Some(name) => Self::read(name, &value["config"], loss, output),
            None => bail!(Value, "metric: expected a name, not {value}"),
        }
    }

    fn read(name: &str, config: &Value, loss: &Loss, output: &Dims) -> Result<Self> {
        let single = matches!(output.last(), Some(Some(1)) | None);
        let (sparse, wanted) = (loss.is_sparse(), plain(name));
        // Names that mean what suits targets and outputs.
        let suiting = |single_name, sparse_name, name| match (sparse, single) {
            (true, _) => sparse_name,
            (_, true) => single_name,
            _ => name,
        };
        let crossentropy = || {
            suiting(
                "binary_crossentropy",
                "sparse_categorical_crossentropy",
                "categorical_crossentropy",
            )
        };
        let name = match &*wanted {
            "acc" | "accuracy" => suiting("binary_accuracy", SPARSE_ACCURACY, CATEGORICAL_ACCURACY),
            "crossentropy" | "ce" | "perplexity" => crossentropy(),
            "rootmeansquarederror" | "rmse" => "mean_squared_error",
            _ => name,
        };
        let plain_name = plain(name);
        let found = TABLE
            .iter()
            .find(|row| plain(row.name) == plain_name || row.aliases.contains(&&*plain_name));
        let kind = match found {
            Some(row) if !row.is_here => {
                return left_out(&alloc::format!("the metric {}", row.name));
            }
            Some(row) => Kind::Row(row, row.settings(config, output)?),
            None => {
                let Ok(known) = Loss::named(name) else {
                    let names: Vec<&str> = TABLE.iter().map(|row| row.name).collect();
                    bail!(
                        Name,
                        "metric `{name}` is unknown; there are accuracy, {}, and the names of losses",
                        names.join(", ")
                    );
                };
                let fields = [
                    ("class_name".into(), known.name().into()),
                    ("config".into(), config.clone()),
                ];
                let loss = Loss::from_json(&Value::Object(fields.into()))?;
                let finish: fn(f64) -> f64 = match (&*wanted, known.name()) {
                    ("perplexity", _) if cfg!(not(feature = "metrics")) => {
                        return left_out("the metric perplexity");
                    }
                    ("perplexity", _) => libm::exp,
                    ("rootmeansquarederror" | "rmse", _) => libm::sqrt,
                    // As a metric the cosine itself.
                    (_, "cosine_similarity") => |mean| -mean,
                    _ => |mean| mean,
                };
                Kind::Loss(loss, finish)
            }
        };
        Ok(Metric {
            kind,
            weighted: false,
        })
    }

    /// Whether samples count by their weights.
    pub fn is_weighted(&self) -> bool {
        self.weighted
    }

    /// Whether it looks at class numbers where there are some.
    pub fn takes_classes(&self) -> bool {
        match &self.kind {
            Kind::Row(row, _) => row.name.starts_with("sparse_"),
            Kind::Loss(loss, _) => loss.is_sparse(),
            Kind::Custom(_) => false,
        }
    }

    /// Whether only the order of a sample's scores counts: a softmax would not change that.
    pub fn goes_by_order(&self) -> bool {
        match &self.kind {
            Kind::Row(row, _) => row.name.ends_with("categorical_accuracy"),
            _ => false,
        }
    }

    /// How many numbers it adds up.
    pub fn sums(&self) -> usize {
        match &self.kind {
            Kind::Row(row, set) => (row.sums)(set),
            _ => 2,
        }
    }

    /// Adds a batch of predictions (after the last activation) to `sums`. Weights are given for each sample, or for each
    /// of its steps; without them all count 1.
    ///
    /// # Errors
    /// Targets of another kind or shape.
    pub fn add(
        &self,
        targets: &Targets,
        prediction: &Tensor,
        weights: Option<&Tensor>,
        sums: &mut [f64],
    ) -> Result<()> {
        let batch = Batch::new(targets, prediction, weights)?;
        match &self.kind {
            Kind::Row(row, set) => {
                (row.add)(set, &batch, sums).map_err(|error| error.within(row.name))
            }
            Kind::Loss(loss, _) => batch.mean(&batch.losses(loss)?, sums),
            Kind::Custom(function) => batch.mean(&function(&targets.tensor()?, prediction)?, sums),
        }
    }

    /// The value of each row of predictions for itself, in this shape. Of a loss it is recorded how it was made.
    ///
    /// # Errors
    /// As for [`add`](Metric::add).
    pub fn each(&self, targets: &Targets, prediction: &Tensor, shape: Shape) -> Result<Tensor> {
        let mut batch = Batch::new(targets, prediction, None)?;
        match &self.kind {
            Kind::Loss(loss, finish) => {
                let losses = batch.losses(loss)?;
                // A finish that turns the sign around is the cosine's; a root or an exponent is taken of means only.
                Ok(if finish(1.0) == -1.0 {
                    losses.room_for("metric")?.neg()
                } else {
                    losses
                })
            }
            Kind::Row(row, set) if self.is_mean() => {
                batch.each = true;
                let mut sums = vector("metric", 2 * batch.rows())?;
                sums.resize(2 * batch.rows(), 0.0);
                (row.add)(set, &batch, &mut sums).map_err(|error| error.within(row.name))?;
                let values = sums
                    .chunks_exact(2)
                    .map(|sums| ratio(sums[0], sums[1]) as f32);
                Tensor::new(values.collect(), &shape)
            }
            _ => bail!(
                Value,
                "this metric has one value for all samples, not one for each"
            ),
        }
    }

    /// Whether it is the mean of shares of rows.
    fn is_mean(&self) -> bool {
        matches!(&self.kind, Kind::Row(row, _) if row.name.ends_with("_accuracy"))
    }

    /// The value that follows from what was added up; 0 before the first batch.
    pub fn value(&self, sums: &[f64]) -> f32 {
        let value = match &self.kind {
            Kind::Row(row, set) => (row.value)(set, sums),
            Kind::Loss(_, finish) => finish(ratio(sums[0], sums[1])),
            Kind::Custom(_) => ratio(sums[0], sums[1]),
        };
        value as f32
    }

    /// The value over one batch.
    ///
    /// # Errors
    /// As for [`add`](Metric::add).
    pub fn score(&self, targets: &Targets, prediction: &Tensor) -> Result<f32> {
        let mut sums = alloc::vec![0.0; self.sums()];
        self.add(targets, prediction, None, &mut sums)?;
        Ok(self.value(&sums))
    }
}

/// `a / b`, or 0 where there is nothing to divide by.
fn ratio(a: f64, b: f64) -> f64 {
    if b == 0.0 { 0.0 } else { a / b }
}
