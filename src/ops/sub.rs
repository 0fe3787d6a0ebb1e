//! `y = a − b` with broadcasting. Derivative: `da = dy`, `db = −dy`, summed over broadcast axes.
use super::combine;
use crate::Result;
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Sub;

impl Op for Sub {
    fn name(&self) -> &'static str {
        "sub"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (a, b) = (at.input(0), at.input(1));
        Ok(smallvec![
            at.wanted(0, || at.dy.sum_to(a.shape()))?,
            at.wanted(1, || at.dy.neg().sum_to(b.shape()))?,
        ])
    }
}

impl Tensor {
    /// `self − other`, element by element, broadcasting as NumPy does.
    ///
    /// # Errors
    /// The shapes cannot be broadcast together.
    pub fn sub(&self, other: &Tensor) -> Result<Tensor> {
        let (y, shape) = combine(
            "sub",
            self,
            other,
            elementwise::sub::<Native>,
            elementwise::sub_row::<Native>,
        )?;
        Ok(Tensor::of(Sub, &[self, other], y, shape))
    }
}
