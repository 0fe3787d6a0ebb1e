//! Losses that are the mean, over the last axis, of a formula of each value.
use super::term::{Term, term};
use super::{EPSILON, Loss};
use crate::Result;
use crate::tensor::Tensor;
use core::f32::consts::LN_2;

const MOST: f32 = f32::INFINITY;

/// `(prediction − target)²`.
pub(super) fn squared(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    prediction.mean_squared_error(targets)
}

/// `|prediction − target|`.
pub(super) fn absolute(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    error(targets, prediction).map(Tensor::abs).mean()
}

/// `prediction − target`.
fn error(targets: &Tensor, prediction: &Tensor) -> Term {
    term(prediction).sub(term(targets))
}

/// The error in hundredths of the target.
pub(super) fn percentage(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let size = term(targets).map(Tensor::abs).clamp(EPSILON, MOST);
    let share = error(targets, prediction).with(Tensor::div, size);
    let mean = share.map(Tensor::abs).over(Tensor::mean, -1, false);
    mean.line(100.0, 0.0).end()
}

/// `(ln(1 + prediction) − ln(1 + target))²`, both at least 0.
pub(super) fn logarithmic(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let log = |x| {
        let positive = term(x).clamp(EPSILON, MOST);
        positive.line(1.0, 1.0).map(Tensor::log)
    };
    let both = log(prediction).with(Tensor::mean_squared_error, log(targets));
    both.end()
}

/// `ln cosh(error)`, as `error + softplus(−2 · error) − ln 2`, which does not overflow.
pub(super) fn log_cosh(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let error = error(targets, prediction);
    let bend = error.clone().line(-2.0, 0.0).map(Tensor::softplus);
    error.add(bend).line(1.0, -LN_2).mean()
}

/// `prediction − target · ln(prediction)`: what a Poisson distribution with this mean makes of the target.
pub(super) fn poisson(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let log = term(prediction).line(1.0, EPSILON).map(Tensor::log);
    term(prediction).sub(term(targets).mul(log)).mean()
}

/// Huber's loss (1964): half the squared error where the error is no more than `delta`, and beyond that
/// `delta · (|error| − delta / 2)`, which grows like the absolute error. Both are `q² / 2 + delta · (|error| − q)` with
/// `q`, the error that counts squared, no more than `delta`.
pub(super) fn huber(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let delta = loss.delta;
    let error = error(targets, prediction).map(Tensor::abs);
    let squared = error.clone().clamp(0.0, delta);
    let beyond = error.sub(squared.clone()).line(delta, 0.0);
    let squares = squared.clone().mul(squared);
    squares.line(0.5, 0.0).add(beyond).mean()
}

/// `max(1 − target · prediction, 0)`, with targets −1 and 1.
pub(super) fn hinge(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    margin(targets, prediction).mean()
}

/// The square of the hinge.
pub(super) fn squared_hinge(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    margin(targets, prediction).map(Tensor::square).mean()
}

/// How far predictions are from being right by 1. As in Keras, targets that are all 0 or 1 are taken for −1 and 1.
fn margin(targets: &Tensor, prediction: &Tensor) -> Term {
    let binary = targets.data().iter().all(|&t| t == 0.0 || t == 1.0);
    let signs = if binary {
        term(targets).line(2.0, -1.0)
    } else {
        term(targets)
    };
    let product = signs.mul(term(prediction));
    product.line(-1.0, 1.0).map(Tensor::relu)
}
