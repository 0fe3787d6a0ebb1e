//! Tensors one after the other along an axis. Derivative: each input's part of `dy`.
use crate::base::error::{Result, bail};
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::{MAX_RANK, Shape, resolve_axis};
use alloc::vec::Vec;

struct Concat {
    axis: usize,
}

impl Op for Concat {
    fn name(&self) -> &'static str {
        "concat"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let mut begin = [0; MAX_RANK];
        let mut gradients = Inputs::new();
        for (index, input) in at.inputs.iter().enumerate() {
            let shape = input.shape();
            let part = || at.dy.slice(&begin[..shape.len()], shape);
            gradients.push(at.wanted(index, part)?);
            begin[self.axis] += shape[self.axis];
        }
        Ok(gradients)
    }
}

impl Tensor {
    /// `parts` one after the other along `axis` (−1 is the last).
    ///
    /// # Errors
    /// No parts, parts whose other axes differ, or a result that is too large.
    pub fn concat(parts: &[Tensor], axis: isize) -> Result<Tensor> {
        let (y, shape, axis) = joined(parts, axis)?;
        let inputs: Vec<&Tensor> = parts.iter().collect();
        Ok(Tensor::of(Concat { axis }, &inputs, y, shape))
    }

    /// The same along the first axis, as values: how they were joined is not recorded.
    ///
    /// # Errors
    /// As for [`concat`](Tensor::concat).
    pub(crate) fn concat_values(parts: &[Tensor]) -> Result<Tensor> {
        let (y, shape, _) = joined(parts, 0)?;
        Ok(Tensor::leaf(y, shape))
    }
}

/// The values of [`Tensor::concat`], their shape, and the axis counted from the first.
fn joined(parts: &[Tensor], axis: isize) -> Result<(Buffer, Shape, usize)> {
    let Some(first) = parts.first() else {
        bail!(Shape, "concat: there is nothing to join")
    };
    let axis = resolve_axis("concat", axis, first.shape())?;
    for part in parts {
        if part.shape().len() != first.shape().len()
            || part.shape().with(axis, 0) != first.shape().with(axis, 0)
        {
            bail!(
                Shape,
                "concat: {:?} and {:?} differ outside axis {axis}",
                first.shape(),
                part.shape()
            );
        }
    }
    let lengths = parts.iter().map(|part| part.shape()[axis]);
    let length = lengths.fold(0, usize::saturating_add);
    let shape = Shape::result("concat", &first.shape().with(axis, length))?;
    ask_for("concat", &[shape.size()])?;
    let (outer, _, inner) = shape.around(axis);
    let mut y = Buffer::dirty(shape.size());
    let mut places = &mut y[..];
    for block in 0..outer {
        for part in parts {
            let run = part.shape()[axis] * inner;
            let values = &part.data()[block * run..][..run];
            let (place, rest) = places.split_at_mut(values.len());
            place.copy_from_slice(values);
            places = rest;
        }
    }
    Ok((y, shape, axis))
}
