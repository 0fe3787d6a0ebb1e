//! Formulas of losses, written from left to right. A term is a tensor, or what went wrong while it was made, which is
//! carried on to the end. Its methods are functions of their own, so that a formula is a row of calls and no more: there
//! are many formulas, and the module that they are in is loaded by a page.
use crate::base::error::Result;
use crate::tensor::Tensor;

/// A tensor on its way to a loss.
pub(super) struct Term(Result<Tensor>);

/// The beginning of a formula.
#[inline(never)]
pub(super) fn term(x: &Tensor) -> Term {
    Term(Ok(x.clone()))
}

/// A formula that goes on with its first part in several places.
impl Clone for Term {
    #[inline(never)]
    fn clone(&self) -> Self {
        Term(self.0.clone())
    }
}

impl Term {
    /// A function of each value, once there is memory for the result.
    #[inline(never)]
    pub(super) fn map(self, f: fn(&Tensor) -> Tensor) -> Term {
        Term(self.0.and_then(|x| Ok(f(x.room_for("loss")?))))
    }

    /// `x · factor + shift`.
    #[inline(never)]
    pub(super) fn line(self, factor: f32, shift: f32) -> Term {
        Term(self.0.and_then(|mut x| {
            if factor == -1.0 {
                x = x.room_for("loss")?.neg();
            } else if factor != 1.0 {
                x = x.room_for("loss")?.scale(factor);
            }
            if shift != 0.0 {
                x = x.room_for("loss")?.shift(shift);
            }
            Ok(x)
        }))
    }

    /// Kept between two bounds.
    #[inline(never)]
    pub(super) fn clamp(self, low: f32, high: f32) -> Term {
        Term(
            self.0
                .and_then(|x| Ok(x.room_for("loss")?.clamp(low, high))),
        )
    }

    /// A function of this and another term.
    #[inline(never)]
    pub(super) fn with(self, f: fn(&Tensor, &Tensor) -> Result<Tensor>, other: Term) -> Term {
        Term(self.0.and_then(|x| f(&x, &other.0?)))
    }

    /// A reduction over an axis.
    #[inline(never)]
    pub(super) fn over(
        self,
        f: fn(&Tensor, &[isize], bool) -> Result<Tensor>,
        axis: isize,
        keep: bool,
    ) -> Term {
        Term(self.0.and_then(|x| f(&x, &[axis], keep)))
    }

    /// To the power of a number.
    #[inline(never)]
    pub(super) fn power(self, exponent: f32) -> Term {
        if exponent == 2.0 {
            self.map(Tensor::square)
        } else {
            self.with(Tensor::pow, Term(Ok(Tensor::scalar(exponent))))
        }
    }

    pub(super) fn sub(self, other: Term) -> Term {
        self.with(Tensor::sub, other)
    }

    pub(super) fn add(self, other: Term) -> Term {
        self.with(Tensor::add, other)
    }

    pub(super) fn mul(self, other: Term) -> Term {
        self.with(Tensor::mul, other)
    }

    /// The mean over the last axis.
    pub(super) fn mean(self) -> Result<Tensor> {
        self.over(Tensor::mean, -1, false).0
    }

    /// The end of a formula.
    pub(super) fn end(self) -> Result<Tensor> {
        self.0
    }
}
