//! Mean absolute error: `mean(|prediction − target|)` over the last axis.
use crate::Result;
use crate::tensor::Tensor;

pub(super) fn losses(targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    prediction.sub(targets)?.abs().mean(&[-1], false)
}
