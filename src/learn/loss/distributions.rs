//! Losses that compare rows as a whole: one number for each row of the last axis.
use super::term::term;
use super::{EPSILON, Loss};
use crate::Result;
use crate::tensor::Tensor;

/// `max(0, 1 + the greatest wrong score − the right score)`.
pub(super) fn categorical_hinge(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let right = term(targets).mul(term(prediction));
    let wrong = term(targets).line(-1.0, 1.0).mul(term(prediction));
    let apart = wrong.over(Tensor::max, -1, false);
    let apart = apart.sub(right.over(Tensor::sum, -1, false));
    apart.line(1.0, 1.0).map(Tensor::relu).end()
}

/// `Σ t ln(t / p)`, the divergence of Kullback and Leibler.
pub(super) fn kl_divergence(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let t = term(targets).clamp(EPSILON, 1.0);
    let p = term(prediction).clamp(EPSILON, 1.0);
    let log = t.clone().with(Tensor::div, p).map(Tensor::log);
    t.mul(log).over(Tensor::sum, -1, false).end()
}

/// The cosine of the angle between target and prediction, negative so that less is better.
pub(super) fn cosine_similarity(
    loss: &Loss,
    targets: &Tensor,
    prediction: &Tensor,
) -> Result<Tensor> {
    let unit = |x| {
        let squares = term(x)
            .map(Tensor::square)
            .over(Tensor::sum, loss.axis, true);
        // A row of zeros has no direction: its cosine counts as 0.
        let length = squares.clamp(1e-14, f32::INFINITY).map(Tensor::rsqrt);
        term(x).mul(length)
    };
    let product = unit(targets).mul(unit(prediction));
    let cosine = product.over(Tensor::sum, loss.axis, false);
    cosine.line(-1.0, 0.0).end()
}
