//! `y = a ^ b` with broadcasting. Derivative: `da = dy · b · a^(b−1)`, `db = dy · y · ln(a)`, summed over
//! broadcast axes; `ln` is taken as 0 where `a ≤ 0`, where `y` has no slope in `b` that is a real number.
use super::align;
use crate::Result;
use crate::autograd::{Backward, Op};
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

struct Pow;

impl Op for Pow {
    fn name(&self) -> &'static str {
        "pow"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        let (a, b) = (at.input(0), at.input(1));
        Ok(vec![
            at.wanted(0, || {
                at.dy
                    .mul(b)?
                    .mul(&a.pow(&b.shift(-1.0))?)?
                    .sum_to(a.shape())
            })?,
            at.wanted(1, || {
                let positive = a.relu().sign();
                // 1 in place of what is not positive has the logarithm 0.
                let base = a.mul(&positive)?.add(&positive.neg().shift(1.0))?;
                at.dy.mul(at.y)?.mul(&base.log())?.sum_to(b.shape())
            })?,
        ])
    }
}

impl Tensor {
    /// `self` to the power `exponent`, element by element, broadcasting as NumPy does.
    ///
    /// # Errors
    /// The shapes cannot be broadcast together.
    pub fn pow(&self, exponent: &Tensor) -> Result<Tensor> {
        let (shape, a, b) = align("pow", self, exponent)?;
        let y = a
            .data()
            .iter()
            .zip(b.data())
            .map(|(&a, &b)| libm::powf(a, b))
            .collect();
        Ok(Tensor::of(Pow, &[self, exponent], y, shape))
    }
}
