//! Axes in another order: `y[i_p0, i_p1, …] = x[i_0, i_1, …]`. Derivative: `dy` with the order undone.
use crate::autograd::{Backward, Op};
use crate::error::{Result, bail};
use crate::shape::{MAX_RANK, Shape};
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

struct Transpose {
    inverse: Vec<usize>,
}

impl Op for Transpose {
    fn name(&self) -> &'static str {
        "transpose"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        Ok(vec![Some(at.dy.transpose(&self.inverse)?)])
    }
}

impl Tensor {
    /// Axis `i` of the result is axis `order[i]` of this tensor.
    ///
    /// # Errors
    /// `order` does not name every axis once.
    pub fn transpose(&self, order: &[usize]) -> Result<Tensor> {
        let rank = self.shape().len();
        let mut inverse = vec![rank; rank];
        if order.len() == rank {
            for (to, &from) in order.iter().enumerate() {
                if let Some(slot) = inverse.get_mut(from) {
                    *slot = to;
                }
            }
        }
        if inverse.contains(&rank) || order.len() != rank {
            bail!(
                Shape,
                "transpose: {order:?} does not name each axis of {:?} once",
                self.shape()
            );
        }
        let dims: Vec<usize> = order.iter().map(|&axis| self.shape()[axis]).collect();
        let strides = self.shape().strides();
        let mut steps = [0; MAX_RANK];
        steps
            .iter_mut()
            .zip(order)
            .for_each(|(step, &axis)| *step = strides[axis]);
        let mut y = Vec::with_capacity(self.data().len());
        copy_strided(self.data(), &dims, &steps, 0, &mut y);
        Ok(Tensor::of(
            Transpose { inverse },
            &[self],
            y,
            Shape::known(&dims),
        ))
    }
}

/// Appends the block that starts at `offset`, axis by axis; as deep as the rank, six at most.
pub(super) fn copy_strided(
    x: &[f32],
    dims: &[usize],
    steps: &[usize],
    offset: usize,
    y: &mut Vec<f32>,
) {
    match dims {
        [] => y.push(x[offset]),
        [length] if steps[0] == 1 => y.extend_from_slice(&x[offset..offset + length]),
        [length] => y.extend((0..*length).map(|i| x[offset + i * steps[0]])),
        [length, rest @ ..] => {
            (0..*length).for_each(|i| copy_strided(x, rest, &steps[1..], offset + i * steps[0], y))
        }
    }
}
