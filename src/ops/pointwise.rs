//! Functions of one element that need more care than a formula of other ops gives: near 0, where a sum with 1
//! would lose digits, and steps, where the derivative is 0.
use crate::Result;
use crate::memory::Buffer;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Inputs, Op};
use smallvec::smallvec;

/// A function, and its slope written with ops, from `x` and `y`.
struct Pointwise {
    name: &'static str,
    slope: fn(&Tensor, &Tensor) -> Result<Tensor>,
}

impl Op for Pointwise {
    fn name(&self) -> &'static str {
        self.name
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Tensor>>> {
        let slope = (self.slope)(at.input(0), at.y)?;
        Ok(smallvec![Some(at.dy.mul(&slope)?)])
    }
}

impl Tensor {
    fn pointwise(
        &self,
        name: &'static str,
        value: fn(f32) -> f32,
        slope: fn(&Tensor, &Tensor) -> Result<Tensor>,
    ) -> Tensor {
        let y = self.data().iter().map(|&x| value(x)).collect::<Buffer>();
        Tensor::of(Pointwise { name, slope }, &[self], y, *self.shape())
    }

    /// `exp(x) − 1` of every element, exact near 0 too.
    pub fn expm1(&self) -> Tensor {
        self.pointwise("expm1", libm::expm1f, |_, y| Ok(y.shift(1.0)))
    }

    /// `ln(1 + x)` of every element, exact near 0 too.
    pub fn log1p(&self) -> Tensor {
        let slope = |x: &Tensor, _: &Tensor| one().div(&x.shift(1.0));
        self.pointwise("log1p", libm::log1pf, slope)
    }

    /// The sine of every element, in radians.
    pub fn sin(&self) -> Tensor {
        self.pointwise("sin", libm::sinf, |x, _| Ok(x.cos()))
    }

    /// The cosine of every element, in radians.
    pub fn cos(&self) -> Tensor {
        self.pointwise("cos", libm::cosf, |x, _| Ok(x.sin().neg()))
    }

    /// The tangent of every element, in radians.
    pub fn tan(&self) -> Tensor {
        self.pointwise("tan", libm::tanf, |_, y| Ok(y.mul(y)?.shift(1.0)))
    }

    /// The angle whose sine is each element.
    pub fn asin(&self) -> Tensor {
        self.pointwise("asin", libm::asinf, |x, _| {
            one().div(&x.mul(x)?.neg().shift(1.0).sqrt())
        })
    }

    /// The angle whose cosine is each element.
    pub fn acos(&self) -> Tensor {
        self.pointwise("acos", libm::acosf, |x, _| {
            Ok(one().div(&x.mul(x)?.neg().shift(1.0).sqrt())?.neg())
        })
    }

    /// The angle whose tangent is each element.
    pub fn atan(&self) -> Tensor {
        self.pointwise("atan", libm::atanf, |x, _| one().div(&x.mul(x)?.shift(1.0)))
    }

    /// The hyperbolic sine of every element.
    pub fn sinh(&self) -> Tensor {
        self.pointwise("sinh", libm::sinhf, |x, _| Ok(x.cosh()))
    }

    /// The hyperbolic cosine of every element.
    pub fn cosh(&self) -> Tensor {
        self.pointwise("cosh", libm::coshf, |x, _| Ok(x.sinh()))
    }

    /// The number whose hyperbolic sine is each element.
    pub fn asinh(&self) -> Tensor {
        self.pointwise("asinh", libm::asinhf, |x, _| {
            one().div(&x.mul(x)?.shift(1.0).sqrt())
        })
    }

    /// The number whose hyperbolic cosine is each element.
    pub fn acosh(&self) -> Tensor {
        self.pointwise("acosh", libm::acoshf, |x, _| {
            one().div(&x.mul(x)?.shift(-1.0).sqrt())
        })
    }

    /// The number whose hyperbolic tangent is each element.
    pub fn atanh(&self) -> Tensor {
        self.pointwise("atanh", libm::atanhf, |x, _| {
            one().div(&x.mul(x)?.neg().shift(1.0))
        })
    }

    /// The greatest whole number that is not above each element. Flat, so no gradient flows.
    pub fn floor(&self) -> Tensor {
        self.stepped(libm::floorf)
    }

    /// The least whole number that is not below each element. Flat, so no gradient flows.
    pub fn ceil(&self) -> Tensor {
        self.stepped(libm::ceilf)
    }

    /// The nearest whole number to each element, the even one of two. Flat, so no gradient flows.
    pub fn round(&self) -> Tensor {
        self.stepped(libm::rintf)
    }

    /// A function of every element that is flat wherever it has a slope: its derivative is 0.
    pub(crate) fn stepped(&self, value: fn(f32) -> f32) -> Tensor {
        let slope = |x: &Tensor, _: &Tensor| Tensor::zeros(x.shape());
        self.pointwise("step", value, slope)
    }
}

fn one() -> Tensor {
    Tensor::scalar(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn small_values_keep_their_digits() -> Result<()> {
        let x = Tensor::new(vec![1e-7, -3e-6], &[2])?;
        for (x, y) in x.data().iter().zip(x.expm1().log1p().data()) {
            assert!((x - y).abs() <= 1e-6 * x.abs(), "{x} {y}");
        }
        Ok(())
    }

    #[test]
    fn halves_are_rounded_to_even_numbers_and_steps_have_no_slope() -> Result<()> {
        let x = Tensor::new(vec![0.5, 1.5, 2.5, -0.5], &[4])?.tracked();
        let y = x.round();
        assert_eq!(y.data(), [0.0, 2.0, 2.0, 0.0]);
        let gradients = y.sum(&[], false)?.backward()?;
        assert_eq!(gradients.get(&x).expect("x").data(), [0.0; 4]);
        Ok(())
    }
}
