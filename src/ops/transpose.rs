//! Axes in another order: `y[i_p0, i_p1, …] = x[i_0, i_1, …]`. Derivative: `dy` with the order undone.
use crate::base::error::{Result, bail};
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::MAX_RANK;
use smallvec::smallvec;

struct Transpose {
    inverse: [usize; MAX_RANK],
}

impl Op for Transpose {
    fn name(&self) -> &'static str {
        "transpose"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(
            at.dy
                .transpose(&self.inverse[..at.dy.shape().len()])?
                .into()
        )])
    }
}

impl Tensor {
    /// Axis `i` of the result is axis `order[i]` of this tensor.
    ///
    /// # Errors
    /// `order` does not name every axis once.
    pub fn transpose(&self, order: &[usize]) -> Result<Tensor> {
        let rank = self.shape().len();
        let mut inverse = [rank; MAX_RANK];
        if order.len() == rank {
            for (to, &from) in order.iter().enumerate() {
                if let Some(slot) = inverse.get_mut(from) {
                    *slot = to;
                }
            }
        }
        if inverse[..rank].contains(&rank) || order.len() != rank {
            bail!(
                Shape,
                "transpose: {order:?} does not name each axis of {:?} once",
                self.shape()
            );
        }
        let mut dims = *self.shape();
        for (to, &from) in order.iter().enumerate() {
            dims = dims.with(to, self.shape()[from]);
        }
        let strides = self.shape().strides();
        let mut steps = [0; MAX_RANK];
        steps
            .iter_mut()
            .zip(order)
            .for_each(|(step, &axis)| *step = strides[axis]);
        ask_for("transpose", &[self.data().len()])?;
        let mut y = Buffer::dirty(self.data().len());
        copy_strided(self.data(), &dims, &steps, 0, &mut y);
        Ok(Tensor::of(Transpose { inverse }, &[self], y, dims))
    }
}

/// Copies the block that starts at `offset` into `y`, axis by axis; as deep as the rank, six at most.
pub(super) fn copy_strided(
    x: &[f32],
    dims: &[usize],
    steps: &[usize],
    offset: usize,
    y: &mut [f32],
) {
    match dims {
        _ if y.is_empty() => {}
        [] => y[0] = x[offset],
        [_] if steps[0] == 1 => y.copy_from_slice(&x[offset..][..y.len()]),
        [_] => {
            let places = y.iter_mut().enumerate();
            places.for_each(|(i, y)| *y = x[offset + i * steps[0]]);
        }
        [length, rest @ ..] => {
            let blocks = y.chunks_exact_mut(y.len() / length).enumerate();
            blocks.for_each(|(i, y)| copy_strided(x, rest, &steps[1..], offset + i * steps[0], y));
        }
    }
}
