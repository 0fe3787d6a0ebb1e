//! Mean squared error: `mean((prediction − target)²)` over the last axis.
use crate::Result;
use crate::tensor::Tensor;

pub(super) fn losses(targets: &Tensor, prediction: &Tensor) -> Result<Tensor> {
    prediction.mean_squared_error(targets)
}
