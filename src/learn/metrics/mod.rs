//! How well a model does, in numbers people read. A metric adds up what it needs batch by batch, so that its value
//! over an epoch is that over all samples, not a mean of means.
//!
//! Metrics are rows of one table: Keras' name, the settings, how many numbers are added up, how a batch is added to
//! them, and the value that follows. Losses are metrics too: their mean.
use crate::base::error::{Result, bail};
use crate::base::json::{Settings, Value};
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
mod means;
mod r2;
mod thresholds;

use batch::Batch;
pub use confusion::Confusion;

/// Settings of metrics; each metric heeds its own.
#[derive(Clone)]
struct Set {
    /// Scores above this count as yes; none where the greatest of a row does.
    threshold: Option<f32>,
    /// How many of the greatest scores of a row count.
    top: Option<usize>,
    /// The one class that is looked at.
    class: Option<usize>,
    /// The place of a choice among the words that its key may have.
    choice: usize,
    /// The place of a second choice.
    curve: usize,
    beta: f64,
    /// How many thresholds from 0 to 1 there are.
    thresholds: usize,
    from_logits: bool,
    /// How many values a row of outputs has.
    width: usize,
}

/// A row of the table.
struct Row {
    name: &'static str,
    /// More names, as [`plain`] spells them.
    aliases: &'static [&'static str],
    keys: &'static [&'static str],
    /// The words of `choice`, the default first.
    choices: &'static [&'static str],
    sums: fn(&Set) -> usize,
    add: fn(&Set, &Batch, &mut [f64]) -> Result<()>,
    value: fn(&Set, &[f64]) -> f64,
}

/// A mean: what is added up is a total and what it is divided by.
const fn mean(
    name: &'static str,
    aliases: &'static [&'static str],
    add: fn(&Set, &Batch, &mut [f64]) -> Result<()>,
) -> Row {
    Row {
        name,
        aliases,
        keys: &[],
        choices: &[],
        sums: |_| 2,
        add,
        value: |_, sums| ratio(sums[0], sums[1]),
    }
}

/// Counts of right and wrong answers; see `counts.rs`.
const fn count(name: &'static str, value: fn(&Set, &[f64]) -> f64) -> Row {
    Row {
        name,
        aliases: &[],
        keys: &["thresholds", "top_k", "class_id"],
        choices: &[],
        sums: |_| 4,
        add: counts::add,
        value,
    }
}

const AVERAGES: &[&str] = &["macro", "micro", "weighted"];

static TABLE: &[Row] = &[
    mean(SPARSE_ACCURACY, &[], accuracy::sparse),
    mean(CATEGORICAL_ACCURACY, &[], accuracy::categorical),
    Row {
        keys: &["threshold"],
        ..mean("binary_accuracy", &[], accuracy::binary)
    },
    Row {
        keys: &["k"],
        ..mean("top_k_categorical_accuracy", &["topk"], accuracy::top)
    },
    Row {
        keys: &["k"],
        ..mean(
            "sparse_top_k_categorical_accuracy",
            &[],
            accuracy::sparse_top,
        )
    },
    Row {
        value: |_, sums| libm::sqrt(ratio(sums[0], sums[1])),
        ..mean("root_mean_squared_error", &["rmse"], means::squared_error)
    },
    count("precision", |_, n| ratio(n[0], n[0] + n[1])),
    count("recall", |_, n| ratio(n[0], n[0] + n[2])),
    count("true_positives", |_, n| n[0]),
    count("false_positives", |_, n| n[1]),
    count("false_negatives", |_, n| n[2]),
    count("true_negatives", |_, n| n[3]),
    Row {
        name: "f1_score",
        aliases: &["f1"],
        keys: &["average", "threshold"],
        choices: AVERAGES,
        sums: |set| 4 * set.width,
        add: counts::add_by_class,
        value: counts::f_beta,
    },
    Row {
        name: "f_beta_score",
        aliases: &["fbeta"],
        keys: &["average", "threshold", "beta"],
        choices: AVERAGES,
        sums: |set| 4 * set.width,
        add: counts::add_by_class,
        value: counts::f_beta,
    },
    Row {
        name: "auc",
        aliases: &[],
        keys: &["num_thresholds", "curve", "summation_method", "from_logits"],
        choices: &["interpolation", "minoring", "majoring"],
        sums: |set| 2 * set.thresholds,
        add: thresholds::add,
        value: thresholds::area,
    },
    Row {
        name: "r2_score",
        aliases: &["r2"],
        keys: &["class_aggregation"],
        choices: &["uniform_average", "variance_weighted_average"],
        sums: |set| 4 * set.width,
        add: r2::add,
        value: r2::value,
    },
];

const SPARSE_ACCURACY: &str = "sparse_categorical_accuracy";
const CATEGORICAL_ACCURACY: &str = "categorical_accuracy";

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
    /// An unknown name.
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
            _ => name,
        };
        let plain_name = plain(name);
        let found = TABLE
            .iter()
            .find(|row| plain(row.name) == plain_name || row.aliases.contains(&&*plain_name));
        let kind = match found {
            Some(row) => Kind::Row(row, row.settings(config, output)?),
            None => {
                let Ok(known) = Loss::named(name) else {
                    let names: Vec<&str> = TABLE.iter().map(|row| row.name).collect();
                    bail!(
                        Value,
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
                    ("perplexity", _) => libm::exp,
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
        let batch = Batch::new(targets, prediction, None)?;
        if let Kind::Loss(loss, finish) = &self.kind {
            let losses = batch.losses(loss)?;
            // A finish that turns the sign around is the cosine's; an exponent is taken of means only.
            return Ok(if finish(1.0) == -1.0 {
                losses.room_for("metric")?.neg()
            } else {
                losses
            });
        }
        let values = batch.values_or_labels()?;
        let wide = values.data().len() / batch.rows().max(1);
        let mut each = vector("metric", batch.rows())?;
        let mut sums = alloc::vec![0.0; self.sums()];
        for row in 0..batch.rows() {
            let part = |all: &Tensor, width: usize| {
                Tensor::new(all.data()[row * width..][..width].into(), &[1, width])
            };
            sums.fill(0.0);
            let own = Targets::Values(part(&values, wide)?);
            self.add(&own, &part(prediction, batch.width)?, None, &mut sums)?;
            each.push(self.value(&sums));
        }
        Tensor::new(each, &shape)
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

impl Row {
    /// The settings of a configuration; `name` and `dtype`, which Keras writes for all, ask for nothing.
    fn settings(&self, config: &Value, output: &Dims) -> Result<Set> {
        let keys = [self.keys, &["name", "dtype"]].concat();
        let read = Settings::new(self.name, config, &keys)?;
        let choice = |key: &str, words: &[&str]| -> Result<usize> {
            let Some(word) = read.optional::<String>(key)? else {
                return Ok(0);
            };
            match words.iter().position(|one| plain(one) == plain(&word)) {
                Some(place) => Ok(place),
                None => bail!(
                    Value,
                    "{}: `{key}`: expected {}, not {word}",
                    self.name,
                    words.join(" or ")
                ),
            }
        };
        let averages = matches!(self.choices.first(), Some(&"macro"));
        let word = ["average", "summation_method", "class_aggregation"];
        let word = word.into_iter().find(|key| self.keys.contains(key));
        // A list of one threshold is one.
        let thresholds: Option<f32> = match &config["thresholds"] {
            Value::Array(list) if list.len() == 1 => read.optional_in("thresholds", &list[0])?,
            _ => read.optional("thresholds")?,
        };
        let top = match read.optional("k")? {
            None => read.optional("top_k")?,
            k => k,
        };
        let default = if averages || top.is_some() {
            None
        } else {
            Some(0.5)
        };
        let set = Set {
            threshold: read.optional("threshold")?.or(thresholds).or(default),
            top,
            class: read.optional("class_id")?,
            choice: word.map_or(Ok(0), |key| choice(key, self.choices))?,
            curve: choice("curve", &["ROC", "PR"])?,
            beta: read.or("beta", 1.0)?,
            thresholds: read.or("num_thresholds", 200)?,
            from_logits: read.or("from_logits", false)?,
            width: output.last().copied().flatten().unwrap_or(1),
        };
        if !(2..=100_000).contains(&set.thresholds) || set.top == Some(0) || !(set.beta > 0.0) {
            bail!(
                Value,
                "{}: there must be from 2 to 100000 thresholds, k of at least 1, and beta above 0",
                self.name
            );
        }
        Ok(set)
    }
}

/// `a / b`, or 0 where there is nothing to divide by.
fn ratio(a: f64, b: f64) -> f64 {
    if b == 0.0 { 0.0 } else { a / b }
}
