//! A tensor repeated along its axes. Each axis is a broadcast of a new axis in front of it, whose derivative is the sum
//! over the copies.
use crate::base::error::{Result, bail};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

impl Tensor {
    /// This tensor `times[axis]` times one after the other along each axis.
    ///
    /// # Errors
    /// Not one number for each axis, or a result that is too large.
    pub fn tile(&self, times: &[usize]) -> Result<Tensor> {
        let rank = self.shape().len();
        if times.len() != rank {
            bail!(
                Shape,
                "tile: {times:?} does not say how often for each axis of {:?}",
                self.shape()
            );
        }
        let mut tiled = *self.shape();
        for (axis, &times) in times.iter().enumerate() {
            tiled = tiled.with(axis, tiled[axis].saturating_mul(times));
        }
        Shape::result("tile", &tiled)?;
        let mut y = self.clone();
        for axis in (0..rank).rev().filter(|&axis| times[axis] != 1) {
            let (outer, length, inner) = y.shape().around(axis);
            let run = length * inner;
            let shape = y.shape().with(axis, tiled[axis]);
            y = y
                .reshape(&[outer, 1, run])?
                .broadcast_to(&[outer, times[axis], run])?
                .reshape(&shape)?;
        }
        Ok(y)
    }
}
