//! `y = erf(x)`, the error function. Derivative: `dx = dy · 2/√π · exp(−x²)`.
use crate::Result;
use crate::memory::Buffer;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use core::f32::consts::FRAC_2_SQRT_PI;
use smallvec::smallvec;

struct Erf;

impl Op for Erf {
    fn name(&self) -> &'static str {
        "erf"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let x = at.input(0);
        let slope = x.mul(x)?.neg().exp().scale(FRAC_2_SQRT_PI);
        Ok(smallvec![Some(at.dy.mul(&slope)?.into())])
    }
}

impl Tensor {
    /// The error function of every element.
    pub fn erf(&self) -> Tensor {
        let y = self
            .data()
            .iter()
            .map(|&x| libm::erff(x))
            .collect::<Buffer>();
        Tensor::of(Erf, &[self], y, *self.shape())
    }
}
