//! Categorical cross-entropy: `−Σ t ln p` over the last axis. Probabilities are taken as the logits
//! `ln p`, whose softmax they are; so there is one formula.
use super::{EPSILON, Loss};
use crate::Result;
use crate::tensor::Tensor;

const NAME: &str = "categorical_crossentropy";

pub(super) fn losses(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let classes = prediction.shape().last().copied().unwrap_or(1) as f32;
    let smoothing = loss.label_smoothing;
    let t = if smoothing > 0.0 {
        let t = targets.room_for(NAME)?.scale(1.0 - smoothing);
        t.room_for(NAME)?.shift(smoothing / classes)
    } else {
        targets.clone()
    };
    if loss.from_logits {
        prediction.cross_entropy(&t)
    } else {
        let p = prediction.room_for(NAME)?.clamp(EPSILON, 1.0 - EPSILON);
        p.room_for(NAME)?.log().cross_entropy(&t)
    }
}
