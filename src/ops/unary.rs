//! Functions of one number, applied to every element: one table. A row is the documentation, the method's name, the
//! kernel and the derivative.
//!
//! A derivative gives `dx` from the input `x`, the result `y` and the gradient `dy` that arrives, and is written with
//! ops, so that it can be differentiated again. `flat` stands in its place where the function has no slope anywhere: its
//! gradient is 0. The walk back has asked for memory for the first thing that a derivative makes; a function of one
//! number that makes anything after that asks with [`room_for`](Tensor::room_for).
use super::gate::gate;
use super::side_by_side;
use crate::base::error::Result;
use crate::kernels::{elementwise, scalar};
use crate::memory::Buffer;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use core::f32::consts::FRAC_2_SQRT_PI;
use smallvec::smallvec;

/// `dx` from `x`, `y` and `dy`.
type Derivative = fn(&Tensor, &Tensor, &Tensor) -> Result<Tensor>;

/// A function of one number, applied to every element of a tensor by [`Tensor::unary`].
pub struct Unary {
    /// The method's name, as it stands in error messages.
    pub name: &'static str,
    kernel: fn(&[f32], &mut [f32]),
    derivative: Derivative,
}

/// A row's function with the tensor that it was applied to.
struct Apply(&'static Unary);

impl Op for Apply {
    fn name(&self) -> &'static str {
        self.0.name
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let dx = (self.0.derivative)(at.input(0), at.y, at.dy)?;
        Ok(smallvec![Some(dx.into())])
    }
}

impl Tensor {
    /// The function of a row of [`UNARY`], applied to every element. It cannot refuse: where memory may be short the
    /// caller asks for room first.
    pub fn unary(&self, row: &'static Unary) -> Tensor {
        let mut y = Buffer::dirty(self.data().len());
        side_by_side::map(self.data(), &mut y, row.kernel);
        Tensor::of(Apply(row), &[self], y, *self.shape())
    }
}

macro_rules! derivative {
    (flat) => {
        |x: &Tensor, _: &Tensor, _: &Tensor| Tensor::zeros(x.shape())
    };
    ($derivative:expr) => {
        $derivative
    };
}

macro_rules! table {
    ($($(#[$doc:meta])* $name:ident: $kernel:expr, $derivative:tt;)*) => {
        #[allow(non_upper_case_globals)]
        mod rows {
            use super::*;
            $(pub(super) static $name: Unary = Unary {
                name: stringify!($name),
                kernel: $kernel,
                derivative: derivative!($derivative),
            };)*
        }

        /// Every function of one number.
        pub static UNARY: &[&Unary] = &[$(&rows::$name),*];

        impl Tensor {
            $($(#[$doc])*
            pub fn $name(&self) -> Tensor {
                self.unary(&rows::$name)
            })*
        }
    };
}

table! {
    /// `|x|` of every element. The slope at 0 is 0.
    abs: elementwise::abs::<Native>, (|x, _, dy| dy.mul(&x.sign()));
    /// `−x` of every element.
    neg: elementwise::neg::<Native>, (|_, _, dy| Ok(dy.neg()));
    /// −1, 0 or 1 by the sign of every element; NaN stays NaN. Flat.
    sign: elementwise::sign::<Native>, flat;
    /// 1 where an element is positive, else 0; NaN stays NaN. Flat.
    step: elementwise::step::<Native>, flat;
    /// The greatest whole number that is not above each element. Flat.
    floor: scalar::floor, flat;
    /// The least whole number that is not below each element. Flat.
    ceil: scalar::ceil, flat;
    /// The nearest whole number to each element; of two, the even one. Flat.
    round: scalar::round, flat;
    /// 1 where an element is 0, else 0. Flat.
    logical_not: elementwise::logical_not::<Native>, flat;
    /// 1 where an element is NaN, else 0. Flat.
    is_nan: elementwise::is_nan::<Native>, flat;
    /// 1 where an element is ∞ or −∞, else 0. Flat.
    is_inf: elementwise::is_inf::<Native>, flat;
    /// 1 where an element is neither infinite nor NaN, else 0. Flat.
    is_finite: elementwise::is_finite::<Native>, flat;
    /// `x²` of every element.
    square: elementwise::square::<Native>, (|x, _, dy| dy.mul(&x.scale(2.0)));
    /// `√x` of every element.
    sqrt: elementwise::sqrt::<Native>, (|_, y, dy| dy.div(&y.scale(2.0)));
    /// `1 / √x` of every element.
    rsqrt: elementwise::rsqrt::<Native>, (|_, y, dy| {
        let cube = y.square().mul(y)?;
        dy.mul(&cube.room_for("rsqrt")?.scale(-0.5))
    });
    /// `1 / x` of every element.
    reciprocal: elementwise::reciprocal::<Native>, (|_, y, dy| {
        dy.mul(&y.square().room_for("reciprocal")?.neg())
    });
    /// `exp(x)` of every element.
    exp: elementwise::exp::<Native>, (|_, y, dy| dy.mul(y));
    /// `exp(x) − 1` of every element, precise near 0.
    expm1: elementwise::expm1::<Native>, (|x, _, dy| dy.mul(&x.exp()));
    /// `ln(x)` of every element.
    log: elementwise::log::<Native>, (|x, _, dy| dy.div(x));
    /// `ln(1 + x)` of every element, precise near 0.
    log1p: elementwise::log1p::<Native>, (|x, _, dy| dy.div(&x.shift(1.0)));
    /// `max(x, 0)` of every element; NaN stays NaN. The slope at 0 is 0.
    relu: elementwise::relu::<Native>, (|_, y, dy| gate(&y.detach(), dy));
    /// `1 / (1 + exp(−x))` of every element.
    sigmoid: elementwise::sigmoid::<Native>, (|_, y, dy| dy.mul(&y.sub(&y.mul(y)?)?));
    /// `ln(1 + exp(x))` of every element, precise at both ends.
    softplus: elementwise::softplus::<Native>, (|x, _, dy| dy.mul(&x.sigmoid()));
    /// `tanh(x)` of every element.
    tanh: elementwise::tanh::<Native>, (|_, y, dy| dy.sub(&dy.mul(&y.mul(y)?)?));
    /// The error function of every element.
    erf: elementwise::erf::<Native>, (|x, _, dy| dy.mul(&bell(x)?));
    /// `1 − erf(x)` of every element, precise where that is small.
    erfc: elementwise::erfc::<Native>, (|x, _, dy| {
        dy.mul(&bell(x)?.room_for("erfc")?.neg())
    });
    /// The standard normal distribution function Φ of every element, precise where it is small.
    normal_cdf: elementwise::normal_cdf::<Native>, (|x, _, dy| dy.mul(&x.normal_density()));
    /// The standard normal density φ of every element.
    normal_density: elementwise::normal_density::<Native>, (|x, y, dy| {
        dy.mul(&x.mul(y)?.room_for("normal_density")?.neg())
    });
    /// `x · Φ(x)` of every element (Hendrycks and Gimpel 2016), with the exact Φ.
    gelu: elementwise::gelu::<Native>,
        (|x, _, dy| {
            let (cdf, density) = (x.normal_cdf(), x.room_for("gelu")?.normal_density());
            dy.mul(&cdf.add(&x.mul(&density)?)?)
        });
    /// `x / (1 + exp(−x))` of every element (Ramachandran et al. 2017).
    swish: elementwise::swish::<Native>, (|x, y, dy| {
        let s = x.sigmoid();
        dy.mul(&s.add(&y.sub(&y.mul(&s)?)?)?)
    });
    /// `x · tanh(softplus(x))` of every element (Misra 2019).
    mish: elementwise::mish::<Native>, (|x, _, dy| {
        let gate = x.softplus().room_for("mish")?.tanh();
        let bend = one_minus("mish", &gate.room_for("mish")?.square())?;
        let s = x.room_for("mish")?.sigmoid();
        dy.mul(&gate.add(&x.mul(&bend)?.mul(&s)?)?)
    });
    /// The sine of every element, in radians.
    sin: scalar::sin, (|x, _, dy| dy.mul(&x.cos()));
    /// The cosine of every element, in radians.
    cos: scalar::cos, (|x, _, dy| dy.mul(&x.sin().room_for("cos")?.neg()));
    /// The tangent of every element, in radians.
    tan: scalar::tan, (|_, y, dy| dy.mul(&y.square().room_for("tan")?.shift(1.0)));
    /// The angle in −π/2..=π/2 whose sine is `x`, of every element.
    asin: scalar::asin, (|x, _, dy| {
        dy.div(&beside_one(x)?.room_for("asin")?.sqrt())
    });
    /// The angle in 0..=π whose cosine is `x`, of every element.
    acos: scalar::acos, (|x, _, dy| {
        let root = beside_one(x)?.room_for("acos")?.sqrt();
        dy.div(&root.room_for("acos")?.neg())
    });
    /// The angle in −π/2..=π/2 whose tangent is `x`, of every element.
    atan: scalar::atan, (|x, _, dy| {
        dy.div(&x.square().room_for("atan")?.shift(1.0))
    });
    /// The hyperbolic sine of every element.
    sinh: scalar::sinh, (|x, _, dy| dy.mul(&x.cosh()));
    /// The hyperbolic cosine of every element.
    cosh: scalar::cosh, (|x, _, dy| dy.mul(&x.sinh()));
    /// The inverse hyperbolic sine of every element.
    asinh: scalar::asinh, (|x, _, dy| {
        let sum = x.square().room_for("asinh")?.shift(1.0);
        dy.div(&sum.room_for("asinh")?.sqrt())
    });
    /// The inverse hyperbolic cosine of every element; NaN below 1.
    acosh: scalar::acosh, (|x, _, dy| {
        let beside = beside_one(x)?.room_for("acosh")?.neg();
        dy.div(&beside.room_for("acosh")?.sqrt())
    });
    /// The inverse hyperbolic tangent of every element; NaN beyond ±1.
    atanh: scalar::atanh, (|x, _, dy| dy.div(&beside_one(x)?));
}

/// The slope of the error function, `2/√π · exp(−x²)`.
fn bell(x: &Tensor) -> Result<Tensor> {
    let power = x.mul(x)?.room_for("erf")?.neg();
    let bell = power.room_for("erf")?.exp();
    Ok(bell.room_for("erf")?.scale(FRAC_2_SQRT_PI))
}

/// `1 − x²`, as a product that is precise near ±1.
fn beside_one(x: &Tensor) -> Result<Tensor> {
    let more = x.room_for("shift")?.shift(1.0);
    one_minus("neg", x)?.mul(&more)
}

/// `1 − x`.
fn one_minus(op: &str, x: &Tensor) -> Result<Tensor> {
    Ok(x.room_for(op)?.neg().room_for(op)?.shift(1.0))
}
