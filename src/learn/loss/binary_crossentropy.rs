//! Binary cross-entropy: `−t ln p − (1 − t) ln(1 − p)`, the mean over the last axis. From logits `x` it is
//! `t · softplus(−x) + (1 − t) · softplus(x)`: two terms that are never negative, so nothing cancels, and the value and
//! its gradient are precise however certain an answer is.
use super::{EPSILON, Loss, of, power};
use crate::Result;
use crate::tensor::Tensor;

pub(super) fn losses(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let t = smoothed(loss, targets)?;
    each(loss, &t, prediction)?.mean(&[-1], false)
}

/// Focal (Lin et al. 2017): what is nearly right counts little, by `(1 − q) ^ gamma` with `q` the probability of the
/// right answer.
pub(super) fn focal(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let t = smoothed(loss, targets)?;
    let p = if loss.from_logits {
        of(prediction, Tensor::sigmoid)?
    } else {
        prediction.clone()
    };
    let other = rest(&t)?;
    let wrong = t.mul(&rest(&p)?)?.add(&other.mul(&p)?)?;
    let mut focal = power(&wrong, loss.gamma)?.mul(&each(loss, &t, prediction)?)?;
    if loss.balanced {
        let ones = of(&t, |t| t.scale(loss.alpha))?;
        let zeros = of(&other, |other| other.scale(1.0 - loss.alpha))?;
        focal = focal.mul(&ones.add(&zeros)?)?;
    }
    focal.mean(&[-1], false)
}

/// Targets drawn towards even odds.
fn smoothed(loss: &Loss, targets: &Tensor) -> Result<Tensor> {
    let smoothing = loss.label_smoothing;
    if smoothing > 0.0 {
        let t = of(targets, |t| t.scale(1.0 - smoothing))?;
        of(&t, |t| t.shift(0.5 * smoothing))
    } else {
        Ok(targets.clone())
    }
}

/// `1 − x`.
fn rest(x: &Tensor) -> Result<Tensor> {
    of(&of(x, Tensor::neg)?, |x| x.shift(1.0))
}

/// The cross-entropy of each value.
fn each(loss: &Loss, t: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let one_minus_t = rest(t)?;
    if loss.from_logits {
        let zeros = one_minus_t.mul(&of(prediction, Tensor::softplus)?)?;
        let ones = t.mul(&of(&of(prediction, Tensor::neg)?, Tensor::softplus)?)?;
        ones.add(&zeros)
    } else {
        let p = of(prediction, |p| p.clamp(EPSILON, 1.0 - EPSILON))?;
        let zeros = one_minus_t.mul(&of(&of(&p, Tensor::neg)?, Tensor::log1p)?)?;
        let ones = t.mul(&of(&p, Tensor::log)?)?;
        of(&ones.add(&zeros)?, Tensor::neg)
    }
}
