//! Losses that compare rows as a whole: one number for each row of the last axis.
use super::{EPSILON, Loss, of};
use crate::Result;
use crate::tensor::Tensor;

/// `max(0, 1 + the greatest wrong score − the right score)`.
pub(super) fn categorical_hinge(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let right = targets.mul(prediction)?.sum(&[-1], false)?;
    let others = of(&of(targets, Tensor::neg)?, |t| t.shift(1.0))?;
    let wrong = others.mul(prediction)?.max(&[-1], false)?;
    let apart = of(&wrong.sub(&right)?, |apart| apart.shift(1.0))?;
    of(&apart, Tensor::relu)
}

/// `Σ t ln(t / p)`, the divergence of Kullback and Leibler.
pub(super) fn kl_divergence(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let positive = |x: &Tensor| of(x, |x| x.clamp(EPSILON, 1.0));
    let (t, p) = (positive(targets)?, positive(prediction)?);
    let log = of(&t.div(&p)?, Tensor::log)?;
    t.mul(&log)?.sum(&[-1], false)
}

/// The cosine of the angle between target and prediction, negative so that less is better.
pub(super) fn cosine_similarity(
    loss: &Loss,
    targets: &Tensor,
    prediction: &Tensor,
) -> Result<Tensor> {
    let axes = &[loss.axis];
    let unit = |x: &Tensor| {
        let squares = of(x, Tensor::square)?.sum(axes, true)?;
        // A row of zeros has no direction: its cosine counts as 0.
        let squares = of(&squares, |squares| squares.clamp(1e-14, f32::INFINITY))?;
        x.mul(&of(&squares, Tensor::rsqrt)?)
    };
    let product = unit(targets)?.mul(&unit(prediction)?)?;
    of(&product.sum(axes, false)?, Tensor::neg)
}
