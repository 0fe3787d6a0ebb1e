//! `y = exp(x)`, element by element. Derivative: `dx = dy · y`.
use super::map;
use crate::Result;
use crate::autograd::{Backward, Op};
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

struct Exp;

impl Op for Exp {
    fn name(&self) -> &'static str {
        "exp"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        Ok(vec![Some(at.dy.mul(at.y)?)])
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
