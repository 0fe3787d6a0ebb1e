//! `y = −x`, element by element. Derivative: `dx = −dy`.
use super::map;
use crate::Result;
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Neg;

impl Op for Neg {
    fn name(&self) -> &'static str {
        "neg"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.neg().into())])
    }
}

impl Tensor {
    /// `−x` of every element.
    pub fn neg(&self) -> Tensor {
        Tensor::of(
            Neg,
            &[self],
            map(self, elementwise::neg::<Native>),
            *self.shape(),
        )
    }
}
