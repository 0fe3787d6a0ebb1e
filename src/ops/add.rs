//! `y = a + b` with broadcasting. Derivative: `da = dy`, `db = dy`, summed over broadcast axes.
use super::{combine, map};
use crate::Result;
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Add;

impl Op for Add {
    fn name(&self) -> &'static str {
        "add"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (a, b) = (at.input(0), at.input(1));
        Ok(smallvec![
            at.wanted(0, || at.dy.sum_to(a.shape()))?,
            at.wanted(1, || at.dy.sum_to(b.shape()))?,
        ])
    }
}

impl Tensor {
    /// `self + other`, element by element, broadcasting as NumPy does.
    ///
    /// # Errors
    /// The shapes cannot be broadcast together.
    pub fn add(&self, other: &Tensor) -> Result<Tensor> {
        let (y, shape) = combine(
            "add",
            self,
            other,
            elementwise::add::<Native>,
            elementwise::add_row::<Native>,
        )?;
        Ok(Tensor::of(Add, &[self, other], y, shape))
    }
}

impl Tensor {
    /// `self + term` for a plain number.
    pub fn shift(&self, term: f32) -> Tensor {
        Tensor::of(
            Shift,
            &[self],
            map(self, |x, y| elementwise::add_scalar::<Native>(x, term, y)),
            *self.shape(),
        )
    }
}

/// Addition of a plain number. Derivative: `dx = dy`.
struct Shift;

impl Op for Shift {
    fn name(&self) -> &'static str {
        "shift"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.clone().into())])
    }
}
