//! Huber's loss (1964): half the squared error where the error is no more than `delta`, and beyond that
//! `delta · (|error| − delta / 2)`, which grows like the absolute error; the mean over the last axis. Both are
//! `q² / 2 + delta · (|error| − q)` with `q`, the error that counts squared, no more than `delta`.
use crate::Result;
use crate::tensor::Tensor;

pub(super) fn losses(targets: &Tensor, prediction: &Tensor, delta: f32) -> Result<Tensor> {
    let error = prediction.sub(targets)?.room_for("huber")?.abs();
    let squared = error.room_for("huber")?.clamp(0.0, delta);
    let beyond = error.sub(&squared)?.room_for("huber")?.scale(delta);
    let squares = squared.mul(&squared)?;
    let each = squares.room_for("huber")?.scale(0.5).add(&beyond)?;
    each.mean(&[-1], false)
}
