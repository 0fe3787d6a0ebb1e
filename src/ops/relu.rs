//! `y = max(x, 0)`, element by element. Derivative: `dx = dy` where `y > 0`, else 0; that gate is linear in
//! `dy`, and its own derivative.
use super::map;
use crate::Result;
use crate::kernels::elementwise;
use crate::memory::Buffer;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Relu;

impl Op for Relu {
    fn name(&self) -> &'static str {
        "relu"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(gate(&at.y.detach(), at.dy).into())])
    }
}

/// Lets a value through where another tensor, which it remembers, is positive.
struct Gate {
    open: Tensor,
}

impl Op for Gate {
    fn name(&self) -> &'static str {
        "gate"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(gate(&self.open, at.dy).into())])
    }
}

/// `dy` where `open` is positive, else 0.
pub(super) fn gate(open: &Tensor, dy: &Tensor) -> Tensor {
    let mut dx = Buffer::dirty(dy.data().len());
    elementwise::relu_gradient::<Native>(open.data(), dy.data(), &mut dx);
    Tensor::of(Gate { open: open.clone() }, &[dy], dx, *dy.shape())
}

impl Tensor {
    /// `max(x, 0)` of every element; NaN stays NaN.
    pub fn relu(&self) -> Tensor {
        Tensor::of(
            Relu,
            &[self],
            map(self, elementwise::relu::<Native>),
            *self.shape(),
        )
    }
}
