//! `y = 1 / (1 + exp(−x))`, element by element. Derivative: `dx = dy · y · (1 − y)`.
use super::map;
use crate::Result;
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Sigmoid;

impl Op for Sigmoid {
    fn name(&self) -> &'static str {
        "sigmoid"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(
            at.dy.mul(&at.y.sub(&at.y.mul(at.y)?)?)?.into()
        )])
    }
}

impl Tensor {
    /// `1 / (1 + exp(−x))` of every element.
    pub fn sigmoid(&self) -> Tensor {
        Tensor::of(
            Sigmoid,
            &[self],
            map(self, elementwise::sigmoid::<Native>),
            *self.shape(),
        )
    }
}
