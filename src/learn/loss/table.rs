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
    /// From targets and predictions to the loss of each row of the last axis; none where this build goes without.
    pub(super) formula: Option<Formula>,
}

type Formula = fn(&Loss, &Tensor, &Tensor) -> Result<Tensor>;

const CROSSENTROPY: &[&str] = &["from_logits", "label_smoothing", "axis"];
const FOCAL: &[&str] = &["from_logits", "label_smoothing", "axis", "alpha", "gamma"];

/// Every built-in loss.
pub(super) static TABLE: &[Row] = &[
    row("mean_squared_error", &["mse"], errors::squared),
    rare("mean_absolute_error", &["mae"], errors::absolute),
    rare(
        "mean_absolute_percentage_error",
        &["mape"],
        errors::percentage,
    ),
    rare(
        "mean_squared_logarithmic_error",
        &["msle"],
        errors::logarithmic,
    ),
    Row {
        keys: &["delta"],
        ..rare("huber", &["huberloss"], errors::huber)
    },
    rare("log_cosh", &["logcosherror"], errors::log_cosh),
    rare("hinge", &[], errors::hinge),
    rare("squared_hinge", &[], errors::squared_hinge),
    rare("categorical_hinge", &[], distributions::categorical_hinge),
    rare(
        "kl_divergence",
        &["kld", "kullbackleiblerdivergence"],
        distributions::kl_divergence,
    ),
    rare("poisson", &[], errors::poisson),
    Row {
        keys: &["axis"],
        ..rare(
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
        ..rare("binary_focal_crossentropy", &[], binary_crossentropy::focal)
    },
    Row {
        keys: FOCAL,
        inverse: Some(Activation::Softmax),
        ..rare(
            "categorical_focal_crossentropy",
            &[],
            categorical_crossentropy::focal,
        )
    },
];

/// The loss whose targets are class numbers.
pub(super) const SPARSE: &str = "sparse_categorical_crossentropy";

/// A loss without settings.
const fn row(name: &'static str, aliases: &'static [&'static str], formula: Formula) -> Row {
    Row {
        name,
        aliases,
        keys: &[],
        inverse: None,
        formula: Some(formula),
    }
}

/// The same, for a loss that is there with the feature `losses` only.
const fn rare(name: &'static str, aliases: &'static [&'static str], formula: Formula) -> Row {
    Row {
        formula: if cfg!(feature = "losses") {
            Some(formula)
        } else {
            None
        },
        ..row(name, aliases, formula)
    }
}
