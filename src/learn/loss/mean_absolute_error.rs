//! Mean absolute error: `mean(|prediction − target|)` over the last axis.
use crate::Result;
use crate::tensor::Tensor;

const NAME: &str = "mean_absolute_error";

pub(super) fn losses(targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    let error = prediction.sub(targets)?;
    error.room_for(NAME)?.abs().mean(&[-1], false)
}
