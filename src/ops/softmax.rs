//! `y_i = exp(x_i) / Σ_j exp(x_j)` along the last axis. Derivative: `dx = y · (dy − Σ_j dy_j · y_j)`.
use crate::base::error::{Result, bail};
use crate::kernels::softmax;
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Softmax;

impl Op for Softmax {
    fn name(&self) -> &'static str {
        "softmax"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let weighted = at.dy.mul(at.y)?;
        let total = weighted.sum(&[-1], true)?;
        Ok(smallvec![Some(weighted.sub(&at.y.mul(&total)?)?.into())])
    }
}

impl Tensor {
    /// Softmax along the last axis: positive values that sum to 1. Stable for any finite input.
    ///
    /// # Errors
    /// A tensor without axes, or whose last axis is empty.
    pub fn softmax(&self) -> Result<Tensor> {
        let classes = last_axis("softmax", self)?;
        ask_for("softmax", &[self.data().len()])?;
        let mut y = Buffer::dirty(self.data().len());
        softmax::softmax::<Native>(self.data(), &mut y, classes);
        Ok(Tensor::of(Softmax, &[self], y, *self.shape()))
    }
}

/// The length of the last axis.
pub(super) fn last_axis(op: &str, x: &Tensor) -> Result<usize> {
    match x.shape().last() {
        Some(&length) if length > 0 => Ok(length),
        _ => bail!(Shape, "{op}: {:?} has no last axis with values", x.shape()),
    }
}
