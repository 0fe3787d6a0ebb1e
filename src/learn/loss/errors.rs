//! Losses that are the mean, over the last axis, of a formula of each value.
use super::{EPSILON, Loss, of};
use crate::Result;
use crate::tensor::Tensor;
use core::f32::consts::LN_2;

fn mean(each: &Tensor) -> Result<Tensor> {
    each.mean(&[-1], false)
}

/// `(prediction − target)²`.
pub(super) fn squared(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    prediction.mean_squared_error(targets)
}

/// `|prediction − target|`.
pub(super) fn absolute(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    mean(&of(&prediction.sub(targets)?, Tensor::abs)?)
}

/// The error in hundredths of the target.
pub(super) fn percentage(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let size = of(targets, Tensor::abs)?;
    let size = of(&size, |size| size.clamp(EPSILON, f32::INFINITY))?;
    let share = targets.sub(prediction)?.div(&size)?;
    of(&mean(&of(&share, Tensor::abs)?)?, |mean| mean.scale(100.0))
}

/// `(ln(1 + prediction) − ln(1 + target))²`, both at least 0.
pub(super) fn logarithmic(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let log = |x: &Tensor| {
        let x = of(x, |x| x.clamp(EPSILON, f32::INFINITY))?;
        of(&of(&x, |x| x.shift(1.0))?, Tensor::log)
    };
    log(prediction)?.mean_squared_error(&log(targets)?)
}

/// `ln cosh(error)`, as `error + softplus(−2 · error) − ln 2`, which does not overflow.
pub(super) fn log_cosh(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let error = prediction.sub(targets)?;
    let bend = of(&of(&error, |error| error.scale(-2.0))?, Tensor::softplus)?;
    mean(&of(&error.add(&bend)?, |sum| sum.shift(-LN_2))?)
}

/// `prediction − target · ln(prediction)`: what a Poisson distribution with this mean makes of the target.
pub(super) fn poisson(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let log = of(&of(prediction, |p| p.shift(EPSILON))?, Tensor::log)?;
    mean(&prediction.sub(&targets.mul(&log)?)?)
}

/// Huber's loss (1964): half the squared error where the error is no more than `delta`, and beyond that
/// `delta · (|error| − delta / 2)`, which grows like the absolute error. Both are `q² / 2 + delta · (|error| − q)` with
/// `q`, the error that counts squared, no more than `delta`.
pub(super) fn huber(loss: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let delta = loss.delta;
    let error = of(&prediction.sub(targets)?, Tensor::abs)?;
    let squared = of(&error, |error| error.clamp(0.0, delta))?;
    let beyond = of(&error.sub(&squared)?, |beyond| beyond.scale(delta))?;
    let squares = squared.mul(&squared)?;
    mean(&of(&squares, |squares| squares.scale(0.5))?.add(&beyond)?)
}

/// `max(1 − target · prediction, 0)`, with targets −1 and 1.
pub(super) fn hinge(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    mean(&margin(targets, prediction)?)
}

/// The square of the hinge.
pub(super) fn squared_hinge(_: &Loss, targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    mean(&of(&margin(targets, prediction)?, Tensor::square)?)
}

/// How far predictions are from being right by 1. As in Keras, targets that are all 0 or 1 are taken for −1 and 1.
fn margin(targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let binary = targets.data().iter().all(|&t| t == 0.0 || t == 1.0);
    let signs = if binary {
        of(&of(targets, |t| t.scale(2.0))?, |t| t.shift(-1.0))?
    } else {
        targets.clone()
    };
    let product = of(&signs.mul(prediction)?, Tensor::neg)?;
    of(&of(&product, |product| product.shift(1.0))?, Tensor::relu)
}
