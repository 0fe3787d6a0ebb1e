//! Categorical cross-entropy: `−Σ t ln p` over the last axis. Logits go into one op that is precise at both ends;
//! probabilities are first divided by their sum, as in Keras.
use super::term::{Term, term};
use super::{EPSILON, Loss};
use crate::Result;
use crate::tensor::Tensor;

pub(super) fn losses(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let t = smoothed(loss, targets);
    if loss.from_logits {
        return prediction.cross_entropy(&t.end()?);
    }
    let log = probabilities(term(prediction)).map(Tensor::log);
    let sum = t.mul(log).over(Tensor::sum, -1, false);
    sum.line(-1.0, 0.0).end()
}

/// Focal (Lin et al. 2017): each class's term times `alpha · (1 − p) ^ gamma`.
pub(super) fn focal(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let p = if loss.from_logits {
        term(&prediction.softmax()?)
    } else {
        term(prediction)
    };
    let p = probabilities(p);
    let wrong = p.clone().line(-1.0, 1.0).power(loss.gamma);
    let terms = smoothed(loss, targets).mul(p.map(Tensor::log));
    let sum = wrong.mul(terms).over(Tensor::sum, -1, false);
    sum.line(-loss.alpha, 0.0).end()
}

/// Targets drawn towards even odds.
fn smoothed(loss: &Loss, targets: &Tensor) -> Term {
    let classes = targets.shape().last().copied().unwrap_or(1) as f32;
    let smoothing = loss.label_smoothing;
    term(targets).line(1.0 - smoothing, smoothing / classes)
}

/// Shares of a row's sum, kept from 0 and 1.
fn probabilities(prediction: Term) -> Term {
    let sum = prediction.clone().over(Tensor::sum, -1, true);
    let share = prediction.with(Tensor::div, sum);
    share.clamp(EPSILON, 1.0 - EPSILON)
}
