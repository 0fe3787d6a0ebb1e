//! Gradients that are too large are made smaller before a step. At most one of three ways is chosen, as in Keras.
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use crate::kernels::update;
use crate::tensor::autograd::Gradient;

/// How gradients are made smaller.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Clip {
    /// They are left alone.
    #[default]
    Nothing,
    /// No value is further from 0 than this.
    Value(f32),
    /// The norm of each weight's gradient is at most this.
    Norm(f32),
    /// The norm of all gradients together is at most this.
    GlobalNorm(f32),
}

/// Keras' keys, in the order of the ways.
pub(super) const KEYS: [&str; 3] = ["clipvalue", "clipnorm", "global_clipnorm"];

impl Clip {
    /// The way that is given under one of [`KEYS`].
    ///
    /// # Errors
    /// Another way is given already, or a bound that is not a number above 0.
    pub(super) fn choose(&mut self, way: usize, value: &Value) -> Result<()> {
        let Some(most) = value.as_f64().filter(|&most| most > 0.0 && most < 1e38) else {
            bail!(
                Value,
                "optimizer: `{}` must be a number above 0, not {value}",
                KEYS[way]
            );
        };
        if *self != Clip::Nothing {
            bail!(
                Value,
                "optimizer: only one of clipvalue, clipnorm and global_clipnorm can be given"
            );
        }
        let most = most as f32;
        *self = [Clip::Value(most), Clip::Norm(most), Clip::GlobalNorm(most)][way];
        Ok(())
    }

    /// Its key and bound.
    pub(super) fn entry(self) -> Option<(&'static str, f32)> {
        match self {
            Clip::Nothing => None,
            Clip::Value(most) => Some((KEYS[0], most)),
            Clip::Norm(most) => Some((KEYS[1], most)),
            Clip::GlobalNorm(most) => Some((KEYS[2], most)),
        }
    }

    /// Whether it goes by norms: then gradients must be there as a whole.
    pub(super) fn by_norm(self) -> bool {
        matches!(self, Clip::Norm(_) | Clip::GlobalNorm(_))
    }
}

/// The sum of a whole gradient's squares.
pub(super) fn squares(gradient: &Gradient) -> f64 {
    match gradient {
        Gradient::Whole(gradient) => update::sum_of_squares(gradient.data()),
        _ => 0.0,
    }
}

/// What gradients are multiplied by so that the sum of their squares becomes at most `most²`; NaN where that sum is not
/// finite, so that it is not missed.
pub(super) fn factor(most: f32, squares: f64) -> f32 {
    let norm = libm::sqrt(squares);
    if !norm.is_finite() {
        f32::NAN
    } else if norm > f64::from(most) {
        (f64::from(most) / norm) as f32
    } else {
        1.0
    }
}
