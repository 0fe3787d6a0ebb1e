//! Where the greatest or the least value along an axis stands. Flat, so no gradient flows.
use crate::base::error::{Result, bail};
use crate::memory::{Buffer, ask_for, vector};
use crate::tensor::Tensor;
use crate::tensor::shape::{Shape, resolve_axis};
use alloc::vec::Vec;

/// Whole numbers up to this are exact in a tensor.
const EXACT: u32 = 1 << 24;

impl Tensor {
    /// The index of the first greatest value along `axis` (−1 is the last), as whole numbers in a tensor
    /// without that axis. The first NaN wins, as in NumPy.
    ///
    /// # Errors
    /// An axis outside the shape, or of length 0, or an index above 2²⁴, which a tensor cannot hold exactly.
    pub fn argmax(&self, axis: isize) -> Result<Tensor> {
        self.place("argmax", axis, |best, x| best >= x)
    }

    /// The index of the first least value along `axis`; see [`argmax`](Tensor::argmax).
    ///
    /// # Errors
    /// Those of [`argmax`](Tensor::argmax).
    pub fn argmin(&self, axis: isize) -> Result<Tensor> {
        self.place("argmin", axis, |best, x| best <= x)
    }

    /// What [`argmax`](Tensor::argmax) gives, as whole numbers of any size, with their shape.
    ///
    /// # Errors
    /// An axis outside the shape, or of length 0.
    pub fn argmax_indices(&self, axis: isize) -> Result<(Vec<u32>, Shape)> {
        self.indices("argmax", axis, |best, x| best >= x)
    }

    /// What [`argmin`](Tensor::argmin) gives, as whole numbers of any size, with their shape.
    ///
    /// # Errors
    /// An axis outside the shape, or of length 0.
    pub fn argmin_indices(&self, axis: isize) -> Result<(Vec<u32>, Shape)> {
        self.indices("argmin", axis, |best, x| best <= x)
    }

    fn place(&self, op: &str, axis: isize, holds: impl Fn(f32, f32) -> bool) -> Result<Tensor> {
        let (axis, shape) = self.compared(op, axis)?;
        ask_for(op, &[shape.size()])?;
        let (mut y, mut greatest) = (Buffer::dirty(shape.size()), 0);
        self.for_each_best(axis, holds, |at, best| {
            y[at] = best as f32;
            greatest = greatest.max(best);
        });
        if greatest > EXACT {
            bail!(
                Value,
                "{op}: the index {greatest} is above 16777216, beyond which a tensor's numbers are not exact"
            );
        }
        Ok(Tensor::leaf(y, shape))
    }

    fn indices(
        &self,
        op: &str,
        axis: isize,
        holds: impl Fn(f32, f32) -> bool,
    ) -> Result<(Vec<u32>, Shape)> {
        let (axis, shape) = self.compared(op, axis)?;
        let mut list = vector(op, shape.size())?;
        self.for_each_best(axis, holds, |_, best| list.push(best));
        Ok((list, shape))
    }

    /// The axis along which values are compared, and the shape without it.
    fn compared(&self, op: &str, axis: isize) -> Result<(usize, Shape)> {
        let axis = resolve_axis(op, axis, self.shape())?;
        let n = self.shape()[axis];
        if n == 0 {
            bail!(Shape, "{op}: axis {axis} of {:?} is empty", self.shape());
        }
        if u32::try_from(n).is_err() {
            bail!(Shape, "{op}: axis {axis} of {:?} is too long", self.shape());
        }
        Ok((axis, self.shape().without(axis)))
    }

    /// Calls `put` with the number of each place of the other axes, and the index of the best value along `axis` there. It
    /// `holds` against a value that is not better; none holds against NaN, so that one comparison a value is enough.
    fn for_each_best(
        &self,
        axis: usize,
        holds: impl Fn(f32, f32) -> bool,
        mut put: impl FnMut(usize, u32),
    ) {
        let (outer, n, inner) = self.shape().around(axis);
        for block in 0..outer {
            for i in 0..inner {
                let x = &self.data()[block * n * inner + i..];
                let (mut best, mut value) = (0, x[0]);
                let mut index = if value.is_nan() { n } else { 1 };
                while index < n {
                    let x = x[index * inner];
                    if !holds(value, x) {
                        (best, value) = (index, x);
                        if x.is_nan() {
                            break;
                        }
                    }
                    index += 1;
                }
                put(block * inner + i, best as u32);
            }
        }
    }
}
