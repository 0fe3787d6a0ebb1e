//! Functions of two numbers, applied element by element with broadcasting: one table. A row is the documentation, the
//! method's name, the kernel and the derivatives with respect to either operand.
//!
//! A derivative gives `da` or `db` from the operands `a` and `b`, the result `y` and the gradient `dy` that arrives, all
//! of the result's shape or ready to be broadcast to it; the sum over what was broadcast is taken here, once. Derivatives
//! are written with ops, so that they can be differentiated again. `flat` stands in their place where the function has
//! no slope anywhere: no gradient flows through such a function.
use super::gate::gate;
use super::side_by_side;
use crate::base::error::Result;
use crate::kernels::{elementwise, scalar};
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

/// `da` or `db` from `a`, `b`, `y` and `dy`.
type Derivative = fn(&Tensor, &Tensor, &Tensor, &Tensor) -> Result<Tensor>;

/// A function of two numbers, applied element by element by [`Tensor::binary`].
pub struct Binary {
    /// The method's name, as it stands in error messages.
    pub name: &'static str,
    /// Of two slices of one length, or of a matrix and a row that meets all of its rows.
    kernel: fn(&[f32], &[f32], &mut [f32]),
    derivatives: Option<[Derivative; 2]>,
}

/// A row's function with the tensors that it was applied to.
struct Apply(&'static Binary);

impl Op for Apply {
    fn name(&self) -> &'static str {
        self.0.name
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (a, b) = (at.input(0), at.input(1));
        let Some([da, db]) = self.0.derivatives else {
            return Ok(smallvec![None, None]);
        };
        Ok(smallvec![
            at.wanted(0, || da(a, b, at.y, at.dy)?.sum_to(a.shape()))?,
            at.wanted(1, || db(a, b, at.y, at.dy)?.sum_to(b.shape()))?,
        ])
    }
}

impl Tensor {
    /// The function of a row of [`BINARY`], applied element by element, broadcasting as NumPy does.
    ///
    /// Equal shapes, and a right operand that repeats along leading axes (a bias), are read where they stand; other
    /// operands are repeated first.
    ///
    /// # Errors
    /// The shapes cannot be broadcast together, or there is no memory for the result.
    pub fn binary(&self, row: &'static Binary, other: &Tensor) -> Result<Tensor> {
        let (a, b) = (self, other);
        let shape = Shape::broadcast(row.name, a.shape(), b.shape())?;
        ask_for(row.name, &[shape.size()])?;
        let mut y = Buffer::dirty(shape.size());
        if *a.shape() == shape && shape.ends_with(b.shape()) {
            side_by_side::zip(a.data(), b.data(), &mut y, row.kernel);
        } else {
            let (a, b) = (
                a.detach().broadcast_to(&shape)?,
                b.detach().broadcast_to(&shape)?,
            );
            side_by_side::zip(a.data(), b.data(), &mut y, row.kernel);
        }
        if row.derivatives.is_none() {
            return Ok(Tensor::leaf(y, shape));
        }
        Ok(Tensor::of(Apply(row), &[a, b], y, shape))
    }
}

macro_rules! derivatives {
    (flat) => {
        None
    };
    ($derivatives:expr) => {
        Some($derivatives)
    };
}

macro_rules! table {
    ($($(#[$doc:meta])* $name:ident: $kernel:expr, $derivatives:tt;)*) => {
        #[allow(non_upper_case_globals)]
        mod rows {
            use super::*;
            $(pub(super) static $name: Binary = Binary {
                name: stringify!($name),
                kernel: $kernel,
                derivatives: derivatives!($derivatives),
            };)*
        }

        /// Every function of two numbers.
        pub static BINARY: &[&Binary] = &[$(&rows::$name),*];

        impl Tensor {
            $($(#[$doc])*
            ///
            /// # Errors
            /// The shapes cannot be broadcast together, or there is no memory for the result.
            pub fn $name(&self, other: &Tensor) -> Result<Tensor> {
                self.binary(&rows::$name, other)
            })*
        }
    };
}

table! {
    /// `self + other`, element by element, broadcasting as NumPy does.
    add: elementwise::add::<Native>, [
        |_, _, _, dy| Ok(dy.clone()),
        |_, _, _, dy| Ok(dy.clone()),
    ];
    /// `self − other`, element by element, broadcasting as NumPy does.
    sub: elementwise::sub::<Native>, [
        |_, _, _, dy| Ok(dy.clone()),
        |_, _, _, dy| Ok(dy.room_for("sub")?.neg()),
    ];
    /// `self · other`, element by element, broadcasting as NumPy does.
    mul: elementwise::mul::<Native>, [
        |_, b, _, dy| dy.mul(b),
        |a, _, _, dy| dy.mul(a),
    ];
    /// `self / other`, element by element, broadcasting as NumPy does.
    div: elementwise::div::<Native>, [
        |_, b, _, dy| dy.div(b),
        |_, b, y, dy| Ok(dy.mul(y)?.div(b)?.room_for("div")?.neg()),
    ];
    /// `self` to the power `other`, element by element, broadcasting as NumPy does. The slope in the exponent counts as
    /// 0 where the base is not positive, where it is no real number.
    pow: scalar::pow, [
        |a, b, _, dy| {
            // Where the exponent is 0 the power is constant, at a base of 0 too: a base of 1 keeps infinities out.
            let base = b.select(a, &Tensor::scalar(1.0))?;
            dy.mul(b)?.mul(&base.pow(&b.room_for("pow")?.shift(-1.0))?)
        },
        |a, _, y, dy| {
            let positive = a.room_for("pow")?.step();
            // 1 in place of what is not positive has the logarithm 0.
            let base = positive.select(a, &Tensor::scalar(1.0))?;
            dy.mul(y)?.mul(&base.room_for("pow")?.log())
        },
    ];
    /// The greater of each pair of elements; NaN wins. The gradient goes to `self` where both are equal.
    maximum: elementwise::maximum::<Native>, [
        |a, b, _, dy| gate(&a.greater_equal(b)?, dy),
        |a, b, _, dy| gate(&a.greater_equal(b)?.room_for("maximum")?.logical_not(), dy),
    ];
    /// The lesser of each pair of elements; NaN wins. The gradient goes to `self` where both are equal.
    minimum: elementwise::minimum::<Native>, [
        |a, b, _, dy| gate(&a.less_equal(b)?, dy),
        |a, b, _, dy| gate(&a.less_equal(b)?.room_for("minimum")?.logical_not(), dy),
    ];
    /// `(self − other)²`, element by element.
    squared_difference: elementwise::squared_difference::<Native>, [
        |a, b, _, dy| scaled_difference(a, b, 2.0, dy),
        |a, b, _, dy| scaled_difference(a, b, -2.0, dy),
    ];
    /// `⌊self / other⌋`, element by element. Flat.
    floor_div: scalar::floor_div, flat;
    /// What is left of `self` after whole multiples of `other`; it has the sign of `other`, as in Python.
    modulo: scalar::modulo, [
        |_, _, _, dy| Ok(dy.clone()),
        |a, b, _, dy| Ok(dy.mul(&a.floor_div(b)?)?.room_for("modulo")?.neg()),
    ];
    /// The angle of the point `(other, self)` in −π..=π, element by element.
    atan2: scalar::atan2, [
        |a, b, _, dy| dy.mul(b)?.div(&sum_of_squares(a, b)?),
        |a, b, _, dy| {
            let slope = dy.mul(a)?.div(&sum_of_squares(a, b)?)?;
            Ok(slope.room_for("atan2")?.neg())
        },
    ];
    /// 1 where elements are equal, else 0. Flat.
    equal: elementwise::equal::<Native>, flat;
    /// 1 where elements differ, else 0. Flat.
    not_equal: elementwise::not_equal::<Native>, flat;
    /// 1 where `self < other`, else 0. Flat.
    less: elementwise::less::<Native>, flat;
    /// 1 where `self ≤ other`, else 0. Flat.
    less_equal: elementwise::less_equal::<Native>, flat;
    /// 1 where `self > other`, else 0. Flat.
    greater: elementwise::greater::<Native>, flat;
    /// 1 where `self ≥ other`, else 0. Flat.
    greater_equal: elementwise::greater_equal::<Native>, flat;
}

/// `factor · (a − b) · dy`
fn scaled_difference(a: &Tensor, b: &Tensor, factor: f32, dy: &Tensor) -> Result<Tensor> {
    let product = dy.mul(&a.sub(b)?)?;
    Ok(product.room_for("squared_difference")?.scale(factor))
}

/// `a² + b²`
fn sum_of_squares(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let (a, b) = (a.room_for("atan2")?.square(), b.room_for("atan2")?.square());
    a.add(&b)
}
