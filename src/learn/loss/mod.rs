//! What training minimises. Names and values are Keras'; reduction is the mean over the batch.
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use crate::base::names::plain;
use crate::nn::Activation;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::rc::Rc;

mod binary_crossentropy;
mod categorical_crossentropy;
mod huber;
mod mean_absolute_error;
mod mean_squared_error;
mod targets;

pub use targets::Targets;

/// Probabilities are kept this far from 0 and 1 before a logarithm, as in Keras.
const EPSILON: f32 = 1e-7;

/// A loss of one's own: from targets and predictions to a loss for each sample, or one for all.
pub type LossFunction = Rc<dyn Fn(&Tensor, &Tensor) -> Result<Tensor>>;

/// Which loss.
#[derive(Clone)]
pub enum Kind {
    /// The mean of `(prediction − target)²`.
    MeanSquaredError,
    /// The mean of `|prediction − target|`.
    MeanAbsoluteError,
    /// The mean of half the squared error, which goes on as a straight line where the error is more than `delta`.
    Huber {
        /// Up to which error it is squared.
        delta: f32,
    },
    /// `−t ln p − (1 − t) ln(1 − p)`, the mean over outputs.
    BinaryCrossentropy,
    /// `−Σ t ln p` with targets as probabilities (one-hot).
    CategoricalCrossentropy,
    /// `−ln p[label]` with targets as class numbers.
    SparseCategoricalCrossentropy,
    /// One's own.
    Custom(LossFunction),
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Kind::Custom(a), Kind::Custom(b)) => Rc::ptr_eq(a, b),
            (Kind::Huber { delta: a }, Kind::Huber { delta: b }) => a == b,
            _ => core::mem::discriminant(self) == core::mem::discriminant(other),
        }
    }
}

/// A loss with its settings.
#[derive(Clone, PartialEq)]
pub struct Loss {
    /// Which.
    pub kind: Kind,
    /// Predictions are logits, not probabilities.
    pub from_logits: bool,
    /// Targets are drawn towards even odds by this share (0 to 1).
    pub label_smoothing: f32,
}

impl Loss {
    /// The loss of this name, with defaults.
    ///
    /// # Errors
    /// An unknown name.
    pub fn named(name: &str) -> Result<Self> {
        let kind = match &*plain(name) {
            "mse" | "meansquarederror" => Kind::MeanSquaredError,
            "mae" | "meanabsoluteerror" => Kind::MeanAbsoluteError,
            "huber" | "huberloss" => Kind::Huber { delta: 1.0 },
            "binarycrossentropy" => Kind::BinaryCrossentropy,
            "categoricalcrossentropy" => Kind::CategoricalCrossentropy,
            "sparsecategoricalcrossentropy" => Kind::SparseCategoricalCrossentropy,
            _ => bail!(
                Value,
                "loss `{name}` is unknown; there are mean_squared_error, mean_absolute_error, huber, binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy"
            ),
        };
        Ok(Loss {
            kind,
            from_logits: false,
            label_smoothing: 0.0,
        })
    }

    /// A loss of one's own.
    pub fn custom(function: LossFunction) -> Self {
        Loss {
            kind: Kind::Custom(function),
            from_logits: false,
            label_smoothing: 0.0,
        }
    }

    /// Whether targets are class numbers.
    pub fn is_sparse(&self) -> bool {
        self.kind == Kind::SparseCategoricalCrossentropy
    }

    /// Whether it is one's own.
    pub fn is_custom(&self) -> bool {
        matches!(self.kind, Kind::Custom(_))
    }

    /// A loss from JSON: a name, or `{ "class_name", "config": { "from_logits", "label_smoothing", "delta" } }`
    /// with the settings that the loss has.
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
        for (key, value) in value["config"].as_object().into_iter().flatten() {
            let on_probabilities = matches!(
                loss.kind,
                Kind::BinaryCrossentropy
                    | Kind::CategoricalCrossentropy
                    | Kind::SparseCategoricalCrossentropy
            );
            match (&**key, value.as_bool(), value.as_f64()) {
                ("from_logits", Some(yes), _) if on_probabilities => loss.from_logits = yes,
                ("label_smoothing", _, Some(share))
                    if on_probabilities && (0.0..=1.0).contains(&share) =>
                {
                    loss.label_smoothing = share as f32
                }
                ("delta", _, Some(given)) if given > 0.0 && given.is_finite() => {
                    match &mut loss.kind {
                        Kind::Huber { delta } => *delta = given as f32,
                        _ => bail!(Value, "loss `{name}`: there is no `delta`"),
                    }
                }
                _ => bail!(Value, "loss `{name}`: `{key}` cannot be {value}"),
            }
        }
        Ok(loss)
    }

    /// Keras' name of the loss.
    pub fn name(&self) -> &'static str {
        match self.kind {
            Kind::MeanSquaredError => "mean_squared_error",
            Kind::MeanAbsoluteError => "mean_absolute_error",
            Kind::Huber { .. } => "huber",
            Kind::BinaryCrossentropy => "binary_crossentropy",
            Kind::CategoricalCrossentropy => "categorical_crossentropy",
            Kind::SparseCategoricalCrossentropy => "sparse_categorical_crossentropy",
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
            return losses.mean(&[], false);
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
        losses.mul(&weights)?.mean(&[], false)
    }

    /// The loss of each sample, or of each of its steps.
    fn losses(&self, targets: &Targets, prediction: &Tensor) -> Result<Tensor> {
        match &self.kind {
            Kind::MeanSquaredError => {
                mean_squared_error::losses(targets.values(self.name())?, prediction)
            }
            Kind::MeanAbsoluteError => {
                mean_absolute_error::losses(targets.values(self.name())?, prediction)
            }
            Kind::Huber { delta } => {
                huber::losses(targets.values(self.name())?, prediction, *delta)
            }
            Kind::BinaryCrossentropy => {
                binary_crossentropy::losses(self, targets.values(self.name())?, prediction)
            }
            Kind::CategoricalCrossentropy => {
                categorical_crossentropy::losses(self, targets.values(self.name())?, prediction)
            }
            Kind::SparseCategoricalCrossentropy => {
                let classes = prediction.shape().last().copied().unwrap_or(0);
                let labels = Tensor::one_hot(targets.labels(self.name())?, classes)?
                    .reshape(prediction.shape())?;
                let plain = Loss {
                    label_smoothing: 0.0,
                    ..self.clone()
                };
                categorical_crossentropy::losses(&plain, &labels, prediction)
            }
            Kind::Custom(function) => function(&targets.tensor()?, prediction),
        }
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
        let inverse = match self.kind {
            Kind::MeanSquaredError
            | Kind::MeanAbsoluteError
            | Kind::Huber { .. }
            | Kind::Custom(_) => None,
            Kind::BinaryCrossentropy => Some(Activation::Sigmoid),
            Kind::CategoricalCrossentropy | Kind::SparseCategoricalCrossentropy => {
                Some(Activation::Softmax)
            }
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
