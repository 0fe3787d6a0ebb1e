//! `y = a / b` with broadcasting. Derivative: `da = dy / b`, `db = −dy · y / b`, summed over broadcast axes.
use super::combine;
use crate::Result;
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Div;

impl Op for Div {
    fn name(&self) -> &'static str {
        "div"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (a, b) = (at.input(0), at.input(1));
        Ok(smallvec![
            at.wanted(0, || at.dy.div(b)?.sum_to(a.shape()))?,
            at.wanted(1, || at.dy.mul(at.y)?.div(b)?.neg().sum_to(b.shape()))?,
        ])
    }
}

impl Tensor {
    /// `self / other`, element by element, broadcasting as NumPy does.
    ///
    /// # Errors
    /// The shapes cannot be broadcast together.
    pub fn div(&self, other: &Tensor) -> Result<Tensor> {
        let (y, shape) = combine(
            "div",
            self,
            other,
            elementwise::div::<Native>,
            elementwise::div_row::<Native>,
        )?;
        Ok(Tensor::of(Div, &[self, other], y, shape))
    }
}
