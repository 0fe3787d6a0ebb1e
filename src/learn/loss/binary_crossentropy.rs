//! Binary cross-entropy: `−t ln p − (1 − t) ln(1 − p)`, the mean over the last axis. From logits `x` it is
//! `t · softplus(−x) + (1 − t) · softplus(x)`: two terms that are never negative, so nothing cancels, and the value and
//! its gradient are precise however certain an answer is.
use super::{EPSILON, Loss};
use crate::Result;
use crate::tensor::Tensor;

pub(super) fn losses(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let smoothing = loss.label_smoothing;
    let t = if smoothing > 0.0 {
        targets.scale(1.0 - smoothing).shift(0.5 * smoothing)
    } else {
        targets.clone()
    };
    let one_minus_t = t.neg().shift(1.0);
    let each = if loss.from_logits {
        let x = prediction;
        t.mul(&x.neg().softplus())?
            .add(&one_minus_t.mul(&x.softplus())?)?
    } else {
        let p = prediction.clamp(EPSILON, 1.0 - EPSILON);
        t.mul(&p.log())?
            .add(&one_minus_t.mul(&p.neg().log1p())?)?
            .neg()
    };
    each.mean(&[-1], false)
}
