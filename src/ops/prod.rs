//! Products over axes, by halves: the first half of an axis times the second, until one element is left. The derivative
//! is that of the multiplications, which is right where factors are 0 too, and of every order.
use super::sum::{keep_axes, reduced_axes, squeeze};
use crate::base::error::Result;
use crate::tensor::Tensor;
use crate::tensor::shape::MAX_RANK;

impl Tensor {
    /// The product over `axes` (−1 is the last; none named means all); `keep` leaves them with length 1. The product of
    /// nothing is 1.
    ///
    /// # Errors
    /// An axis outside the shape.
    pub fn prod(&self, axes: &[isize], keep: bool) -> Result<Tensor> {
        let reduced = reduced_axes("prod", axes, self.shape())?;
        let mut y = self.clone();
        for axis in (0..self.shape().len()).filter(|&axis| reduced[axis]) {
            y = product_along(&y, axis)?;
        }
        if keep {
            return Ok(y);
        }
        let kept = keep_axes(self.shape(), &reduced);
        y.reshape(&squeeze(&kept, &reduced))
    }
}

fn product_along(x: &Tensor, axis: usize) -> Result<Tensor> {
    if x.shape()[axis] == 0 {
        return Tensor::full(&x.shape().with(axis, 1), 1.0);
    }
    let mut y = x.clone();
    while let length @ 2.. = y.shape()[axis] {
        let half = length / 2;
        let part = |from: usize, length: usize| {
            let mut begin = [0; MAX_RANK];
            begin[axis] = from;
            y.slice(&begin[..y.shape().len()], &y.shape().with(axis, length))
        };
        let mut product = part(0, half)?.mul(&part(half, half)?)?;
        if length % 2 == 1 {
            product = Tensor::concat(&[product, part(length - 1, 1)?], axis as isize)?;
        }
        y = product;
    }
    Ok(y)
}
