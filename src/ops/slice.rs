//! A box cut out of a tensor, and its derivative: the box put back among zeros. Each is the other's
//! derivative.
use super::transpose::copy_strided;
use crate::base::error::{Result, bail};
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
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

struct PadZero {
    begin: Shape,
}

impl Op for PadZero {
    fn name(&self) -> &'static str {
        "pad_zero"
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
        check("pad_zero", begin, self.shape(), shape)?;
        let shape = Shape::new(shape)?;
        ask_for("pad_zero", &[shape.size()])?;
        let mut y = Buffer::zeros(shape.size());
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
        Ok(Tensor::of(
            PadZero {
                begin: Shape::known(begin),
            },
            &[self],
            y,
            shape,
        ))
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
