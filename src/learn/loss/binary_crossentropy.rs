//! Binary cross-entropy: `−t ln p − (1 − t) ln(1 − p)`, the mean over the last axis. From logits `x` it is
//! `max(x, 0) − x t + ln(1 + exp(−|x|))`, which neither overflows nor rounds to 0.
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
    let each = if loss.from_logits {
        let x = prediction;
        x.relu()
            .sub(&x.mul(&t)?)?
            .add(&x.abs().neg().exp().shift(1.0).log())?
    } else {
        let p = prediction.clamp(EPSILON, 1.0 - EPSILON);
        let (one_minus_t, one_minus_p) = (t.neg().shift(1.0), p.neg().shift(1.0));
        t.mul(&p.log())?
            .add(&one_minus_t.mul(&one_minus_p.log())?)?
            .neg()
    };
    each.mean(&[-1], false)
}
