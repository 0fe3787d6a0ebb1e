//! Categorical cross-entropy: `−Σ t ln p` over the last axis. Logits go into one op that is precise at both ends;
//! probabilities are first divided by their sum, as in Keras.
use super::{EPSILON, Loss, of, power};
use crate::Result;
use crate::tensor::Tensor;

pub(super) fn losses(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let t = smoothed(loss, targets)?;
    if loss.from_logits {
        return prediction.cross_entropy(&t);
    }
    let p = probabilities(prediction)?;
    let sum = t.mul(&of(&p, Tensor::log)?)?.sum(&[-1], false)?;
    of(&sum, Tensor::neg)
}

/// Focal (Lin et al. 2017): each class's term times `alpha · (1 − p) ^ gamma`.
pub(super) fn focal(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let t = smoothed(loss, targets)?;
    let p = if loss.from_logits {
        probabilities(&prediction.softmax()?)?
    } else {
        probabilities(prediction)?
    };
    let wrong = of(&of(&p, Tensor::neg)?, |p| p.shift(1.0))?;
    let terms = t.mul(&of(&p, Tensor::log)?)?;
    let sum = power(&wrong, loss.gamma)?.mul(&terms)?.sum(&[-1], false)?;
    of(&sum, |sum| sum.scale(-loss.alpha))
}

/// Targets drawn towards even odds.
fn smoothed(loss: &Loss, targets: &Tensor) -> Result<Tensor> {
    let smoothing = loss.label_smoothing;
    if smoothing > 0.0 {
        let classes = targets.shape().last().copied().unwrap_or(1) as f32;
        let t = of(targets, |t| t.scale(1.0 - smoothing))?;
        of(&t, |t| t.shift(smoothing / classes))
    } else {
        Ok(targets.clone())
    }
}

/// Shares of a row's sum, kept from 0 and 1.
fn probabilities(prediction: &Tensor) -> Result<Tensor> {
    let share = prediction.div(&prediction.sum(&[-1], true)?)?;
    of(&share, |share| share.clamp(EPSILON, 1.0 - EPSILON))
}
