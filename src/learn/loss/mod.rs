//! What training minimises. Names and values are Keras'; reduction is the mean over the batch.
use crate::base::error::{Result, bail, left_out};
use crate::base::json::{Setting, Value, expected, unknown_key};
use crate::base::names::plain;
use crate::nn::Activation;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{rc::Rc, vec::Vec};

mod binary_crossentropy;
mod categorical_crossentropy;
mod distributions;
mod errors;
mod table;
mod targets;
mod term;

pub use table::Row;
use table::{SPARSE, TABLE};
pub use targets::Targets;

/// Probabilities are kept this far from 0 and 1 before a logarithm, as in Keras.
const EPSILON: f32 = 1e-7;

/// A loss of one's own: from targets and predictions to a loss for each sample, or one for all.
pub type LossFunction = Rc<dyn Fn(&Tensor, &Tensor) -> Result<Tensor>>;

/// Which loss.
#[derive(Clone)]
pub enum Kind {
    /// One of Keras'.
    BuiltIn(&'static Row),
    /// One's own.
    Custom(LossFunction),
}

/// How the losses of a batch become one number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reduction {
    /// Their sum divided by how many there are; weights of samples do not change what is divided by.
    SumOverBatchSize,
    /// Their sum.
    Sum,
    /// Their sum divided by the sum of the weights.
    MeanWithSampleWeight,
    /// They stay many.
    None,
}

impl Setting for Reduction {
    fn read(value: &Value) -> Result<Self> {
        Ok(match value.as_str() {
            Some("sum_over_batch_size" | "mean" | "auto") => Reduction::SumOverBatchSize,
            Some("sum") => Reduction::Sum,
            Some("mean_with_sample_weight") => Reduction::MeanWithSampleWeight,
            Some("none") => Reduction::None,
            _ => {
                return expected(
                    "sum_over_batch_size, sum, mean_with_sample_weight or none",
                    value,
                );
            }
        })
    }
}

/// A loss with its settings.
#[derive(Clone)]
pub struct Loss {
    /// Which.
    pub kind: Kind,
    /// Predictions are logits, not probabilities.
    pub from_logits: bool,
    /// Targets are drawn towards even odds by this share (0 to 1).
    pub label_smoothing: f32,
    /// Up to which error Huber's loss is squared.
    pub delta: f32,
    /// The axis along which the cosine is taken.
    pub axis: isize,
    /// How much the class 1 counts in a focal loss.
    pub alpha: f32,
    /// How little a focal loss counts what is nearly right.
    pub gamma: f32,
    /// Whether a binary focal loss heeds `alpha`.
    pub balanced: bool,
    /// How the losses of a batch become one number.
    pub reduction: Reduction,
}

impl Loss {
    /// The loss of this name, with defaults.
    ///
    /// # Errors
    /// An unknown name, or a loss that this build goes without.
    pub fn named(name: &str) -> Result<Self> {
        let wanted = plain(name);
        let is_it = |row: &&Row| plain(row.name) == wanted || row.aliases.contains(&&*wanted);
        let Some(row) = TABLE.iter().find(is_it) else {
            let names: Vec<&str> = TABLE.iter().map(|row| row.name).collect();
            bail!(
                Name,
                "loss `{name}` is unknown; there are {}",
                names.join(", ")
            );
        };
        if row.formula.is_none() {
            return left_out(&alloc::format!("the loss {}", row.name));
        }
        Ok(Self::new(Kind::BuiltIn(row)))
    }

    fn new(kind: Kind) -> Self {
        Loss {
            kind,
            from_logits: false,
            label_smoothing: 0.0,
            delta: 1.0,
            axis: -1,
            alpha: 0.25,
            gamma: 2.0,
            balanced: false,
            reduction: Reduction::SumOverBatchSize,
        }
    }

    /// A loss of one's own.
    pub fn custom(function: LossFunction) -> Self {
        Self::new(Kind::Custom(function))
    }

    /// Whether targets are class numbers.
    pub fn is_sparse(&self) -> bool {
        self.name() == SPARSE
    }

    /// Whether it is one's own.
    pub fn is_custom(&self) -> bool {
        matches!(self.kind, Kind::Custom(_))
    }

    /// A loss from JSON: a name, or `{ "class_name", "config": { "from_logits", "label_smoothing", "delta", … } }`
    /// with the settings that the loss has, and a `reduction`.
    ///
    /// # Errors
    /// An unknown name or key, or a value of the wrong kind.
    pub fn from_json(value: &Value) -> Result<Self> {
        if let Some(name) = value.as_str() {
            return Self::named(name);
        }
        let Some(name) = value["class_name"].as_str() else {
            bail!(Value, "loss: expected a name, not {value}");
        };
        let mut loss = Self::named(name)?;
        let known = match &loss.kind {
            Kind::BuiltIn(row) => row.keys,
            Kind::Custom(_) => &[],
        };
        for (key, value) in value["config"].as_object().into_iter().flatten() {
            // Keras writes these for every loss.
            if matches!(&**key, "name" | "dtype") || *value == Value::Null {
                continue;
            }
            if key == "reduction" {
                loss.reduction = Reduction::read(value)
                    .map_err(|error| error.within(&alloc::format!("loss `{name}`: `{key}`")))?;
                continue;
            }
            if !known.contains(&&**key) {
                return Err(unknown_key(&alloc::format!("loss `{name}`"), key, known));
            }
            let number = value.as_f64().unwrap_or(f64::NAN);
            let sparse = loss.is_sparse();
            match &**key {
                "from_logits" | "apply_class_balancing" if value.as_bool().is_some() => {
                    let yes = *value == Value::Bool(true);
                    if key == "from_logits" {
                        loss.from_logits = yes;
                    } else {
                        loss.balanced = yes;
                    }
                }
                "label_smoothing" if (0.0..=1.0).contains(&number) && !(sparse && number > 0.0) => {
                    loss.label_smoothing = number as f32;
                }
                "delta" if number > 0.0 && number.is_finite() => loss.delta = number as f32,
                "alpha" if (0.0..=1.0).contains(&number) => loss.alpha = number as f32,
                "gamma" if (0.0..100.0).contains(&number) => loss.gamma = number as f32,
                // Probabilities lie along the last axis; a cosine may go along any.
                "axis"
                    if number == -1.0 || (known.len() == 1 && number as isize as f64 == number) =>
                {
                    loss.axis = number as isize;
                }
                _ => bail!(Value, "loss `{name}`: `{key}` cannot be {value}"),
            }
        }
        Ok(loss)
    }

    /// Keras' name of the loss.
    pub fn name(&self) -> &'static str {
        match &self.kind {
            Kind::BuiltIn(row) => row.name,
            Kind::Custom(_) => "custom loss",
        }
    }

    /// The mean loss over a batch, one value.
    ///
    /// # Errors
    /// Targets that do not fit the predictions.
    pub fn value(&self, targets: &Targets, prediction: &Tensor) -> Result<Tensor> {
        self.weighted(targets, prediction, None)
    }

    /// The same with a weight for each sample, `[samples]`, or for each of its steps, `[samples, steps]`: the sum of
    /// weighted losses divided by how many there are, as in Keras.
    ///
    /// # Errors
    /// Targets or weights that do not fit the predictions.
    pub fn weighted(
        &self,
        targets: &Targets,
        prediction: &Tensor,
        weights: Option<&Tensor>,
    ) -> Result<Tensor> {
        let losses = self.losses(targets, prediction)?;
        let Some(weights) = weights else {
            return self.reduced(losses, None);
        };
        if !losses.shape().is_empty() && weights.shape().len() > losses.shape().len() {
            bail!(
                Shape,
                "sample_weight: there are weights {:?}, but losses {:?}",
                weights.shape(),
                losses.shape()
            );
        }
        let mut weights = weights.clone();
        while weights.shape().len() < losses.shape().len() {
            let shape = Shape::join(weights.shape(), &[1])?;
            weights = weights.reshape(&shape)?;
        }
        self.reduced(losses.mul(&weights)?, Some(&weights))
    }

    /// Losses, weighted if there are weights, as one number.
    fn reduced(&self, losses: Tensor, weights: Option<&Tensor>) -> Result<Tensor> {
        match (self.reduction, weights) {
            (Reduction::None, _) => Ok(losses),
            (Reduction::Sum, _) => losses.sum(&[], false),
            (Reduction::MeanWithSampleWeight, Some(weights)) => {
                let count = weights.broadcast_to(losses.shape())?.sum(&[], false)?;
                losses
                    .sum(&[], false)?
                    .div(&count.room_for("loss")?.clamp(EPSILON, f32::INFINITY))
            }
            _ => losses.mean(&[], false),
        }
    }

    /// The loss of each sample, or of each of its steps, before they become one number.
    ///
    /// # Errors
    /// Targets that do not fit the predictions.
    pub fn losses(&self, targets: &Targets, prediction: &Tensor) -> Result<Tensor> {
        let row = match &self.kind {
            Kind::BuiltIn(row) => row,
            Kind::Custom(function) => return function(&targets.tensor()?, prediction),
        };
        let Some(formula) = row.formula else {
            return left_out(row.name);
        };
        if self.is_sparse() {
            let classes = prediction.shape().last().copied().unwrap_or(0);
            let labels =
                Tensor::one_hot(targets.labels(row.name)?, classes)?.reshape(prediction.shape())?;
            return formula(self, &labels, prediction);
        }
        let targets = targets.values(row.name)?;
        if targets.shape() != prediction.shape() {
            bail!(
                Shape,
                "{}: targets are {:?}, predictions {:?}",
                row.name,
                targets.shape(),
                prediction.shape()
            );
        }
        formula(self, targets, prediction)
    }

    /// The mean loss of what a model's last layer gives: `raw` values on which `activation` still has to
    /// act. A softmax or sigmoid under a cross-entropy is not applied but left to the loss, which is exact
    /// where probabilities would round to 0 or 1.
    ///
    /// # Errors
    /// Targets that do not fit the predictions.
    pub fn of_raw(
        &self,
        targets: &Targets,
        raw: &Tensor,
        activation: Activation,
        weights: Option<&Tensor>,
    ) -> Result<Tensor> {
        let inverse = match &self.kind {
            Kind::BuiltIn(row) => row.inverse,
            Kind::Custom(_) => None,
        };
        if !self.from_logits && inverse == Some(activation) {
            let logits = Loss {
                from_logits: true,
                ..self.clone()
            };
            return logits.weighted(targets, raw, weights);
        }
        self.weighted(targets, &activation.apply(raw)?, weights)
    }
}
