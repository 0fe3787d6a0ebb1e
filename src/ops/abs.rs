//! `y = |x|`, element by element. Derivative: `dx = dy · sign(x)`, 0 at 0.
use super::map;
use crate::Result;
use crate::kernels::elementwise;
use crate::memory::Buffer;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Abs;

impl Op for Abs {
    fn name(&self) -> &'static str {
        "abs"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.mul(&at.input(0).sign())?.into())])
    }
}

impl Tensor {
    /// `|x|` of every element.
    pub fn abs(&self) -> Tensor {
        Tensor::of(
            Abs,
            &[self],
            map(self, elementwise::abs::<Native>),
            *self.shape(),
        )
    }
}

impl Tensor {
    /// −1, 0 or 1 by the sign of every element; NaN stays NaN. Flat, so no gradient flows.
    pub fn sign(&self) -> Tensor {
        let sign = |x: f32| {
            if x > 0.0 {
                1.0
            } else if x < 0.0 {
                -1.0
            } else {
                x * 0.0
            }
        };
        Tensor::leaf(
            self.data().iter().map(|&x| sign(x)).collect::<Buffer>(),
            *self.shape(),
        )
    }
}
