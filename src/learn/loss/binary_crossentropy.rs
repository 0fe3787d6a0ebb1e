//! Binary cross-entropy: `−t ln p − (1 − t) ln(1 − p)`, the mean over the last axis. From logits `x` it is
//! `t · softplus(−x) + (1 − t) · softplus(x)`: two terms that are never negative, so nothing cancels, and the value and
//! its gradient are precise however certain an answer is.
use super::{EPSILON, Loss};
use crate::Result;
use crate::tensor::Tensor;

const NAME: &str = "binary_crossentropy";

pub(super) fn losses(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let smoothing = loss.label_smoothing;
    let t = if smoothing > 0.0 {
        let t = targets.room_for(NAME)?.scale(1.0 - smoothing);
        t.room_for(NAME)?.shift(0.5 * smoothing)
    } else {
        targets.clone()
    };
    let minus = |x: &Tensor| -> Result<Tensor> { Ok(x.room_for(NAME)?.neg()) };
    let one_minus_t = minus(&t)?.room_for(NAME)?.shift(1.0);
    let each = if loss.from_logits {
        let x = prediction;
        let zeros = one_minus_t.mul(&x.room_for(NAME)?.softplus())?;
        let ones = t.mul(&minus(x)?.room_for(NAME)?.softplus())?;
        ones.add(&zeros)?
    } else {
        let p = prediction.room_for(NAME)?.clamp(EPSILON, 1.0 - EPSILON);
        let zeros = one_minus_t.mul(&minus(&p)?.room_for(NAME)?.log1p())?;
        let ones = t.mul(&p.room_for(NAME)?.log())?;
        minus(&ones.add(&zeros)?)?
    };
    each.mean(&[-1], false)
}
