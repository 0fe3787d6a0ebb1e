//! The mean squared error `y = mean((a − b)²)` along the last axis. Derivative: `da = 2 dy · (a − b) / n`,
//! `db = −da`, from the ops it is made of.
use crate::base::error::{Result, bail};
use crate::tensor::Tensor;

impl Tensor {
    /// The mean over the last axis of the squared difference to `other`.
    ///
    /// # Errors
    /// Shapes that differ, or no axes.
    pub fn mean_squared_error(&self, other: &Tensor) -> Result<Tensor> {
        if self.shape() != other.shape() {
            bail!(
                Shape,
                "mean_squared_error: {:?} and {:?} differ",
                self.shape(),
                other.shape()
            );
        }
        let difference = self.sub(other)?;
        difference.mul(&difference)?.mean(&[-1], false)
    }
}
