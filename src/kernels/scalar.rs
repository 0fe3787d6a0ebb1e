//! Functions that are computed one element at a time, by the crate `libm`: its code is Rust, so the bits are the same
//! everywhere.
use super::{Map, Zip};
use alloc::{vec, vec::Vec};
use libm::{
    acosf, acoshf, asinf, asinhf, atan2f, atanf, atanhf, ceilf, cosf, coshf, floorf, fmodf, powf,
    rintf, sinf, sinhf, tanf,
};

macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident: $f:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name(x: &[f32], y: &mut [f32]) {
            assert_eq!(x.len(), y.len());
            for (x, y) in x.iter().zip(y) {
                *y = $f(*x);
            }
        }
    )*

        /// Every function of this table, for the hash of what kernels give.
        pub(super) fn unary() -> Vec<Map> {
            vec![$($name),*]
        }
    };
}

unary! {
    /// The greatest whole number that is not above `x`.
    floor: floorf;
    /// The least whole number that is not below `x`.
    ceil: ceilf;
    /// The nearest whole number; of two, the even one.
    round: rintf;
    /// The sine of `x` in radians.
    sin: sinf;
    /// The cosine of `x` in radians.
    cos: cosf;
    /// The tangent of `x` in radians.
    tan: tanf;
    /// The angle in −π/2..=π/2 whose sine is `x`.
    asin: asinf;
    /// The angle in 0..=π whose cosine is `x`.
    acos: acosf;
    /// The angle in −π/2..=π/2 whose tangent is `x`.
    atan: atanf;
    /// The hyperbolic sine.
    sinh: sinhf;
    /// The hyperbolic cosine.
    cosh: coshf;
    /// The inverse of the hyperbolic sine.
    asinh: asinhf;
    /// The inverse of the hyperbolic cosine; NaN below 1.
    acosh: acoshf;
    /// The inverse of the hyperbolic tangent; NaN beyond ±1.
    atanh: atanhf;
}

macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident: $f:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// `b` is as long as `a`, or it is a row (n) that meets every row of `a` (m×n).
        pub fn $name(a: &[f32], b: &[f32], y: &mut [f32]) {
            let n = b.len().max(1);
            assert!(a.len() == y.len() && a.len().is_multiple_of(n));
            for (a, y) in a.chunks_exact(n).zip(y.chunks_exact_mut(n)) {
                for ((a, b), y) in a.iter().zip(b).zip(y) {
                    *y = $f(*a, *b);
                }
            }
        }
    )*

        /// Every function of this table, for the hash of what kernels give.
        pub(super) fn binary() -> Vec<Zip> {
            vec![$($name),*]
        }
    };
}

binary! {
    /// `y = a ^ b`.
    pow: powf;
    /// The angle of the point `(b, a)`, in −π..=π.
    atan2: atan2f;
    /// `y = ⌊a / b⌋`.
    floor_div: |a: f32, b: f32| floorf(a / b);
    /// What is left of `a` after whole multiples of `b`; it has the sign of `b`.
    modulo: |a: f32, b: f32| {
        let rest = fmodf(a, b);
        if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
    };
}
