//! A box cut out of a tensor, and a tensor put as a box into a larger one. The derivative of cutting is to put the box
//! back among zeros; that of putting is to cut it out again, whatever surrounds it.
use super::transpose::copy_strided;
use crate::base::error::{Result, bail};
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::{MAX_RANK, Shape};
use smallvec::smallvec;

struct Slice {
    begin: Shape,
}

impl Op for Slice {
    fn name(&self) -> &'static str {
        "slice"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(
            at.dy.pad_zero(&self.begin, at.input(0).shape())?.into(),
        )])
    }
}

struct Pad {
    begin: Shape,
}

impl Op for Pad {
    fn name(&self) -> &'static str {
        "pad"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(
            at.dy.slice(&self.begin, at.input(0).shape())?.into()
        )])
    }
}

impl Tensor {
    /// The box of shape `size` whose first element is at `begin`.
    ///
    /// # Errors
    /// The box does not lie inside the tensor.
    pub fn slice(&self, begin: &[usize], size: &[usize]) -> Result<Tensor> {
        check("slice", begin, size, self.shape())?;
        let strides = self.shape().strides();
        let offset = begin.iter().zip(strides).map(|(b, s)| b * s).sum();
        let shape = Shape::new(size)?;
        ask_for("slice", &[shape.size()])?;
        let mut y = Buffer::dirty(shape.size());
        copy_strided(self.data(), size, &strides, offset, &mut y);
        Ok(Tensor::of(
            Slice {
                begin: Shape::known(begin),
            },
            &[self],
            y,
            shape,
        ))
    }

    /// Zeros of `shape` with this tensor's values in the box that starts at `begin`.
    ///
    /// # Errors
    /// The box does not lie inside `shape`.
    pub fn pad_zero(&self, begin: &[usize], shape: &[usize]) -> Result<Tensor> {
        check("pad", begin, self.shape(), shape)?;
        self.surrounded(begin, Shape::result("pad", shape)?, 0.0)
    }

    /// This tensor with `value` around it: `amounts[axis]` says how many before and after.
    ///
    /// # Errors
    /// Not one pair for each axis, or a result that is too large.
    pub fn pad(&self, amounts: &[(usize, usize)], value: f32) -> Result<Tensor> {
        if amounts.len() != self.shape().len() {
            bail!(
                Shape,
                "pad: {amounts:?} does not say how much for each axis of {:?}",
                self.shape()
            );
        }
        let (mut begin, mut shape) = ([0; MAX_RANK], *self.shape());
        for (axis, &(before, after)) in amounts.iter().enumerate() {
            begin[axis] = before;
            let length = shape[axis].saturating_add(before).saturating_add(after);
            shape = shape.with(axis, length);
        }
        self.surrounded(
            &begin[..amounts.len()],
            Shape::result("pad", &shape)?,
            value,
        )
    }

    fn surrounded(&self, begin: &[usize], shape: Shape, value: f32) -> Result<Tensor> {
        ask_for("pad", &[shape.size()])?;
        let mut y = Buffer::dirty(shape.size());
        y.fill(value);
        let strides = shape.strides();
        let offset: usize = begin.iter().zip(strides).map(|(b, s)| b * s).sum();
        let run = self.shape().last().copied().unwrap_or(1).max(1);
        for (index, row) in self.data().chunks_exact(run).enumerate() {
            let mut remaining = index;
            let mut start = offset;
            for axis in (0..self.shape().len().saturating_sub(1)).rev() {
                start += remaining % self.shape()[axis] * strides[axis];
                remaining /= self.shape()[axis];
            }
            y[start..start + row.len()].copy_from_slice(row);
        }
        let begin = Shape::known(begin);
        Ok(Tensor::of(Pad { begin }, &[self], y, shape))
    }
}

fn check(op: &str, begin: &[usize], size: &[usize], outer: &[usize]) -> Result<()> {
    let inside =
        |((&b, &s), &o): ((&usize, &usize), &usize)| b.checked_add(s).is_some_and(|end| end <= o);
    let fits = begin.len() == outer.len() && size.len() == outer.len();
    if !fits || !begin.iter().zip(size).zip(outer).all(inside) {
        bail!(
            Shape,
            "{op}: a box of {size:?} at {begin:?} is not inside {outer:?}"
        );
    }
    Ok(())
}
