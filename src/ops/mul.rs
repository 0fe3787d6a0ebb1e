//! `y = a · b` with broadcasting. Derivative: `da = dy · b`, `db = dy · a`, summed over broadcast axes.
use super::{combine, map};
use crate::Result;
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Mul;

impl Op for Mul {
    fn name(&self) -> &'static str {
        "mul"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (a, b) = (at.input(0), at.input(1));
        Ok(smallvec![
            at.wanted(0, || at.dy.mul(b)?.sum_to(a.shape()))?,
            at.wanted(1, || at.dy.mul(a)?.sum_to(b.shape()))?,
        ])
    }
}

impl Tensor {
    /// `self · other`, element by element, broadcasting as NumPy does.
    ///
    /// # Errors
    /// The shapes cannot be broadcast together.
    pub fn mul(&self, other: &Tensor) -> Result<Tensor> {
        let (y, shape) = combine(
            "mul",
            self,
            other,
            elementwise::mul::<Native>,
            elementwise::mul_row::<Native>,
        )?;
        Ok(Tensor::of(Mul, &[self, other], y, shape))
    }
}

impl Tensor {
    /// `self · factor` for a plain number.
    pub fn scale(&self, factor: f32) -> Tensor {
        Tensor::of(
            Scale(factor),
            &[self],
            map(self, |x, y| elementwise::mul_scalar::<Native>(x, factor, y)),
            *self.shape(),
        )
    }
}

/// Multiplication by a plain number. Derivative: `dx = dy · factor`.
struct Scale(f32);

impl Op for Scale {
    fn name(&self) -> &'static str {
        "scale"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.scale(self.0).into())])
    }
}
