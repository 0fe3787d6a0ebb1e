//! `y = √x`, element by element. Derivative: `dx = dy / 2y`.
use super::map;
use crate::Result;
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Sqrt;

impl Op for Sqrt {
    fn name(&self) -> &'static str {
        "sqrt"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.div(&at.y.scale(2.0))?.into())])
    }
}

impl Tensor {
    /// `√x` of every element.
    pub fn sqrt(&self) -> Tensor {
        Tensor::of(
            Sqrt,
            &[self],
            map(self, elementwise::sqrt::<Native>),
            *self.shape(),
        )
    }
}
