//! `y = x · factor` and `y = x + term` for plain numbers. Derivatives: `dx = dy · factor` and `dx = dy`.
use crate::Result;
use crate::kernels::elementwise;
use crate::memory::Buffer;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Inputs, Op};
use smallvec::smallvec;

struct Scale(f32);
struct Shift;

impl Op for Scale {
    fn name(&self) -> &'static str {
        "scale"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Tensor>>> {
        Ok(smallvec![Some(at.dy.scale(self.0))])
    }
}

impl Op for Shift {
    fn name(&self) -> &'static str {
        "shift"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Tensor>>> {
        Ok(smallvec![Some(at.dy.clone())])
    }
}

impl Tensor {
    /// `self · factor` for a plain number.
    pub fn scale(&self, factor: f32) -> Tensor {
        let mut y = Buffer::dirty(self.data().len());
        elementwise::mul_scalar::<Native>(self.data(), factor, &mut y);
        Tensor::of(Scale(factor), &[self], y, *self.shape())
    }

    /// `self + term` for a plain number.
    pub fn shift(&self, term: f32) -> Tensor {
        let mut y = Buffer::dirty(self.data().len());
        elementwise::add_scalar::<Native>(self.data(), term, &mut y);
        Tensor::of(Shift, &[self], y, *self.shape())
    }
}
