//! `y = a + b` with broadcasting. Derivative: `da = dy`, `db = dy`, summed over broadcast axes.
use super::{align, map};
use crate::Result;
use crate::autograd::{Backward, Op};
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

struct Add;

impl Op for Add {
    fn name(&self) -> &'static str {
        "add"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        let (a, b) = (at.input(0), at.input(1));
        Ok(vec![
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
        let (shape, a, b) = align("add", self, other)?;
        let mut y = vec![0.0; shape.size()];
        elementwise::add::<Native>(a.data(), b.data(), &mut y);
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

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        Ok(vec![Some(at.dy.clone())])
    }
}
