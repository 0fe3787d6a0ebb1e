//! The table of losses: Keras' names, their settings and formulas.
use super::{Loss, binary_crossentropy, categorical_crossentropy, distributions, errors};
use crate::Result;
use crate::nn::Activation;
use crate::tensor::Tensor;

/// A built-in loss.
pub struct Row {
    /// Keras' name.
    pub(super) name: &'static str,
    /// More names, as [`plain`] spells them.
    pub(super) aliases: &'static [&'static str],
    /// Which settings it has.
    pub(super) keys: &'static [&'static str],
    /// The activation that is left out where predictions are logits.
    pub(super) inverse: Option<Activation>,
    /// From targets and predictions to the loss of each row of the last axis.
    pub(super) formula: fn(&Loss, &Tensor, &Tensor) -> Result<Tensor>,
}

const CROSSENTROPY: &[&str] = &["from_logits", "label_smoothing", "axis"];
const FOCAL: &[&str] = &["from_logits", "label_smoothing", "axis", "alpha", "gamma"];

/// Every built-in loss.
pub(super) static TABLE: &[Row] = &[
    row("mean_squared_error", &["mse"], errors::squared),
    row("mean_absolute_error", &["mae"], errors::absolute),
    row(
        "mean_absolute_percentage_error",
        &["mape"],
        errors::percentage,
    ),
    row(
        "mean_squared_logarithmic_error",
        &["msle"],
        errors::logarithmic,
    ),
    Row {
        keys: &["delta"],
        ..row("huber", &["huberloss"], errors::huber)
    },
    row("log_cosh", &["logcosherror"], errors::log_cosh),
    row("hinge", &[], errors::hinge),
    row("squared_hinge", &[], errors::squared_hinge),
    row("categorical_hinge", &[], distributions::categorical_hinge),
    row(
        "kl_divergence",
        &["kld", "kullbackleiblerdivergence"],
        distributions::kl_divergence,
    ),
    row("poisson", &[], errors::poisson),
    Row {
        keys: &["axis"],
        ..row(
            "cosine_similarity",
            &["cosineproximity", "cosine"],
            distributions::cosine_similarity,
        )
    },
    Row {
        keys: CROSSENTROPY,
        inverse: Some(Activation::Sigmoid),
        ..row("binary_crossentropy", &["bce"], binary_crossentropy::losses)
    },
    Row {
        keys: CROSSENTROPY,
        inverse: Some(Activation::Softmax),
        ..row(
            "categorical_crossentropy",
            &[],
            categorical_crossentropy::losses,
        )
    },
    Row {
        keys: CROSSENTROPY,
        inverse: Some(Activation::Softmax),
        ..row(SPARSE, &[], categorical_crossentropy::losses)
    },
    Row {
        keys: &[
            "from_logits",
            "label_smoothing",
            "axis",
            "alpha",
            "gamma",
            "apply_class_balancing",
        ],
        inverse: Some(Activation::Sigmoid),
        ..row("binary_focal_crossentropy", &[], binary_crossentropy::focal)
    },
    Row {
        keys: FOCAL,
        inverse: Some(Activation::Softmax),
        ..row(
            "categorical_focal_crossentropy",
            &[],
            categorical_crossentropy::focal,
        )
    },
];

/// The loss whose targets are class numbers.
pub(super) const SPARSE: &str = "sparse_categorical_crossentropy";

/// A loss without settings.
const fn row(
    name: &'static str,
    aliases: &'static [&'static str],
    formula: fn(&Loss, &Tensor, &Tensor) -> Result<Tensor>,
) -> Row {
    Row {
        name,
        aliases,
        keys: &[],
        inverse: None,
        formula,
    }
}
