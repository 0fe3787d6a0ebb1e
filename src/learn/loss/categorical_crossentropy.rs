//! Categorical cross-entropy: `−Σ t ln p` over the last axis. Probabilities are taken as the logits
//! `ln p`, whose softmax they are; so there is one formula.
use super::{EPSILON, Loss};
use crate::Result;
use crate::tensor::Tensor;

pub(super) fn losses(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let classes = prediction.shape().last().copied().unwrap_or(1) as f32;
    let smoothing = loss.label_smoothing;
    let t = if smoothing > 0.0 {
        targets.scale(1.0 - smoothing).shift(smoothing / classes)
    } else {
        targets.clone()
    };
    if loss.from_logits {
        prediction.cross_entropy(&t)
    } else {
        prediction
            .clamp(EPSILON, 1.0 - EPSILON)
            .log()
            .cross_entropy(&t)
    }
}
