//! `y = exp(x)`, element by element. Derivative: `dx = dy · y`.
use super::map;
use crate::Result;
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Exp;

impl Op for Exp {
    fn name(&self) -> &'static str {
        "exp"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.mul(at.y)?.into())])
    }
}

impl Tensor {
    /// `exp(x)` of every element.
    pub fn exp(&self) -> Tensor {
        Tensor::of(
            Exp,
            &[self],
            map(self, elementwise::exp::<Native>),
            *self.shape(),
        )
    }
}
