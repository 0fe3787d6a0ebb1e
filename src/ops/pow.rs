//! `y = a ^ b` with broadcasting. Derivative: `da = dy · b · a^(b−1)`, `db = dy · y · ln(a)`, summed over
//! broadcast axes; `ln` is taken as 0 where `a ≤ 0`, where `y` has no slope in `b` that is a real number.
use super::combine;
use crate::Result;
use crate::kernels::elementwise;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Pow;

impl Op for Pow {
    fn name(&self) -> &'static str {
        "pow"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (a, b) = (at.input(0), at.input(1));
        Ok(smallvec![
            at.wanted(0, || {
                at.dy
                    .mul(b)?
                    .mul(&a.pow(&b.room_for("pow")?.shift(-1.0))?)?
                    .sum_to(a.shape())
            })?,
            at.wanted(1, || {
                let positive = a.relu().room_for("pow")?.sign();
                // 1 in place of what is not positive has the logarithm 0.
                let base = a
                    .mul(&positive)?
                    .add(&positive.room_for("pow")?.neg().shift(1.0))?;
                at.dy
                    .mul(at.y)?
                    .mul(&base.room_for("pow")?.log())?
                    .sum_to(b.shape())
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
        let row = |a: &[f32], b: &[f32], y: &mut [f32]| {
            let width = b.len().max(1);
            for (a, y) in a.chunks_exact(width).zip(y.chunks_exact_mut(width)) {
                elementwise::pow(a, b, y);
            }
        };
        let (y, shape) = combine("pow", self, exponent, elementwise::pow, row)?;
        Ok(Tensor::of(Pow, &[self, exponent], y, shape))
    }
}
