//! Binary cross-entropy: `−t ln p − (1 − t) ln(1 − p)`, the mean over the last axis. From logits `x` it is
//! `t · softplus(−x) + (1 − t) · softplus(x)`: two terms that are never negative, so nothing cancels, and the value and
//! its gradient are precise however certain an answer is.
use super::term::{Term, term};
use super::{EPSILON, Loss};
use crate::Result;
use crate::tensor::Tensor;

pub(super) fn losses(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    each(loss, smoothed(loss, targets), prediction).mean()
}

/// Focal (Lin et al. 2017): what is nearly right counts little, by `(1 − q) ^ gamma` with `q` the probability of the
/// right answer.
pub(super) fn focal(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let t = smoothed(loss, targets);
    let p = if loss.from_logits {
        term(prediction).map(Tensor::sigmoid)
    } else {
        term(prediction)
    };
    let other = rest(t.clone());
    let wrong = t.clone().mul(rest(p.clone())).add(other.clone().mul(p));
    let mut focal = wrong.power(loss.gamma);
    focal = focal.mul(each(loss, t.clone(), prediction));
    if loss.balanced {
        let ones = t.line(loss.alpha, 0.0);
        focal = focal.mul(ones.add(other.line(1.0 - loss.alpha, 0.0)));
    }
    focal.mean()
}

/// Targets drawn towards even odds.
fn smoothed(loss: &Loss, targets: &Tensor) -> Term {
    let smoothing = loss.label_smoothing;
    term(targets).line(1.0 - smoothing, 0.5 * smoothing)
}

/// `1 − x`.
fn rest(x: Term) -> Term {
    x.line(-1.0, 1.0)
}

/// The cross-entropy of each value.
fn each(loss: &Loss, t: Term, prediction: &Tensor) -> Term {
    let others = rest(t.clone());
    let x = term(prediction);
    if loss.from_logits {
        let zeros = others.mul(x.clone().map(Tensor::softplus));
        let ones = t.mul(x.line(-1.0, 0.0).map(Tensor::softplus));
        ones.add(zeros)
    } else {
        let p = x.clamp(EPSILON, 1.0 - EPSILON);
        let zeros = others.mul(p.clone().line(-1.0, 0.0).map(Tensor::log1p));
        let ones = t.mul(p.map(Tensor::log));
        ones.add(zeros).line(-1.0, 0.0)
    }
}
