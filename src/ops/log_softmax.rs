//! `y_i = x_i − ln Σ_j exp(x_j)` along the last axis. Derivative: `dx = dy − exp(y) · Σ_j dy_j`.
use super::softmax::last_axis;
use crate::Result;
use crate::kernels::softmax;
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct LogSoftmax;

impl Op for LogSoftmax {
    fn name(&self) -> &'static str {
        "log_softmax"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let total = at.dy.sum(&[-1], true)?;
        Ok(smallvec![Some(
            at.dy
                .sub(&at.y.room_for("log_softmax")?.exp().mul(&total)?)?
                .into()
        )])
    }
}

impl Tensor {
    /// The logarithm of the softmax along the last axis, stable where the softmax itself rounds to 0.
    ///
    /// # Errors
    /// A tensor without axes, or whose last axis is empty.
    pub fn log_softmax(&self) -> Result<Tensor> {
        let classes = last_axis("log_softmax", self)?;
        ask_for("log_softmax", &[self.data().len()])?;
        let mut y = Buffer::dirty(self.data().len());
        softmax::log_softmax::<Native>(self.data(), &mut y, classes);
        Ok(Tensor::of(LogSoftmax, &[self], y, *self.shape()))
    }
}
