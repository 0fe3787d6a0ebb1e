//! Tensors one after the other along an axis. Derivative: each input's part of `dy`.
use crate::autograd::{Backward, Op};
use crate::error::{Result, bail};
use crate::shape::resolve_axis;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

struct Concat {
    axis: usize,
    lengths: Vec<usize>,
}

impl Op for Concat {
    fn name(&self) -> &'static str {
        "concat"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        let mut begin = vec![0; at.y.shape().len()];
        let mut gradients = Vec::with_capacity(self.lengths.len());
        for (index, length) in self.lengths.iter().enumerate() {
            gradients.push(at.wanted(index, || at.dy.slice(&begin, at.input(index).shape()))?);
            begin[self.axis] += length;
        }
        Ok(gradients)
    }
}

impl Tensor {
    /// `parts` one after the other along `axis` (−1 is the last).
    ///
    /// # Errors
    /// No parts, or parts whose other axes differ.
    pub fn concat(parts: &[Tensor], axis: isize) -> Result<Tensor> {
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
        let lengths: Vec<usize> = parts.iter().map(|part| part.shape()[axis]).collect();
        let shape = first.shape().with(axis, lengths.iter().sum());
        let (outer, _, inner) = shape.around(axis);
        let mut y = Vec::with_capacity(shape.size());
        for block in 0..outer {
            for (part, length) in parts.iter().zip(&lengths) {
                y.extend_from_slice(&part.data()[block * length * inner..][..length * inner]);
            }
        }
        let inputs: Vec<&Tensor> = parts.iter().collect();
        Ok(Tensor::of(Concat { axis, lengths }, &inputs, y, shape))
    }
}
