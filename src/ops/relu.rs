//! `y = max(x, 0)`, element by element. Derivative: `dx = dy` where `x > 0`, else 0.
use super::map;
use crate::Result;
use crate::autograd::{Backward, Op};
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

struct Relu;

impl Op for Relu {
    fn name(&self) -> &'static str {
        "relu"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        Ok(vec![Some(at.dy.mul(&at.y.sign())?)])
    }
}

impl Tensor {
    /// `max(x, 0)` of every element.
    pub fn relu(&self) -> Tensor {
        Tensor::of(
            Relu,
            &[self],
            map(self, elementwise::relu::<Native>),
            *self.shape(),
        )
    }
}
