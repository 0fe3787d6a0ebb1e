//! A gradient let through where a condition holds: `y = open > 0 ? x : 0`. The gate is linear in `x`, so it is its own
//! derivative.
use super::side_by_side;
use crate::Result;
use crate::kernels::elementwise;
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

/// Remembers where the gate is open.
struct Gate {
    open: Tensor,
}

impl Op for Gate {
    fn name(&self) -> &'static str {
        "gate"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(gate(&self.open, at.dy)?.into())])
    }
}

/// `x` where `open`, which has as many values, is positive; else 0. No gradient flows to `open`.
///
/// # Errors
/// There is no memory for the result.
pub(super) fn gate(open: &Tensor, x: &Tensor) -> Result<Tensor> {
    let open = open.detach();
    ask_for("gate", &[x.data().len()])?;
    let mut y = Buffer::dirty(x.data().len());
    let kernel = elementwise::relu_gradient::<Native>;
    side_by_side::zip(open.data(), x.data(), &mut y, kernel);
    Ok(Tensor::of(Gate { open }, &[x], y, *x.shape()))
}
