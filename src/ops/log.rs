//! `y = ln(x)`, element by element. Derivative: `dx = dy / x`.
use super::map;
use crate::Result;
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Log;

impl Op for Log {
    fn name(&self) -> &'static str {
        "log"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.div(at.input(0))?.into())])
    }
}

impl Tensor {
    /// `ln(x)` of every element.
    pub fn log(&self) -> Tensor {
        Tensor::of(
            Log,
            &[self],
            map(self, elementwise::log::<Native>),
            *self.shape(),
        )
    }
}
