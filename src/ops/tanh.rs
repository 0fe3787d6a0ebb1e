//! `y = tanh(x)`, element by element. Derivative: `dx = dy · (1 − y²)`.
use super::map;
use crate::Result;
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Tanh;

impl Op for Tanh {
    fn name(&self) -> &'static str {
        "tanh"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(
            at.dy.sub(&at.dy.mul(&at.y.mul(at.y)?)?)?.into()
        )])
    }
}

impl Tensor {
    /// `tanh(x)` of every element.
    pub fn tanh(&self) -> Tensor {
        Tensor::of(
            Tanh,
            &[self],
            map(self, elementwise::tanh::<Native>),
            *self.shape(),
        )
    }
}
