//! The mean over axes: the sum divided by how many there are, with the sum's derivative.
use super::sum::reduced_axes;
use crate::Result;
use crate::tensor::Tensor;

impl Tensor {
    /// The mean over `axes` (−1 is the last; none named means all); `keep` leaves them with length 1.
    /// The mean of nothing is NaN.
    ///
    /// # Errors
    /// An axis outside the shape.
    pub fn mean(&self, axes: &[isize], keep: bool) -> Result<Tensor> {
        let reduced = reduced_axes("mean", axes, self.shape())?;
        let count: usize = self
            .shape()
            .iter()
            .zip(reduced)
            .filter(|(_, reduced)| *reduced)
            .map(|(dim, _)| dim)
            .product();
        let sum = self.sum(axes, keep)?;
        Ok(sum.room_for("mean")?.scale(1.0 / count as f32))
    }
}
