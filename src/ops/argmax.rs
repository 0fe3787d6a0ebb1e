//! Where the greatest value along an axis stands. Flat, so no gradient flows.
use crate::base::error::{Result, bail};
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;
use crate::tensor::shape::resolve_axis;

impl Tensor {
    /// The index of the first greatest value along `axis` (−1 is the last), as whole numbers in a tensor
    /// without that axis.
    ///
    /// # Errors
    /// An axis outside the shape, or of length 0.
    pub fn argmax(&self, axis: isize) -> Result<Tensor> {
        let axis = resolve_axis("argmax", axis, self.shape())?;
        let (outer, n, inner) = self.shape().around(axis);
        if n == 0 {
            bail!(Shape, "argmax: axis {axis} of {:?} is empty", self.shape());
        }
        let x = self.data();
        ask_for("argmax", &[outer * inner])?;
        let mut y = Buffer::dirty(outer * inner);
        let starts = (0..outer).flat_map(|block| (0..inner).map(move |i| block * n * inner + i));
        for (y, start) in y.iter_mut().zip(starts) {
            let mut best = 0;
            for index in 1..n {
                if x[start + index * inner] > x[start + best * inner] {
                    best = index;
                }
            }
            *y = best as f32;
        }
        Ok(Tensor::leaf(y, self.shape().without(axis)))
    }
}
