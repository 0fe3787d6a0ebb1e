//! Exponentials and logarithms of four lanes, by polynomials (Moshier's Cephes).
//!
//! A lane's result depends on that lane alone.
#![allow(clippy::excessive_precision)] // coefficients as published
use crate::simd::Lanes;

/// ln 2 in two parts; the first has so few bits that its product with an exponent is exact.
const LN_2_HIGH: f32 = 0.693_359_375;
const LN_2_LOW: f32 = -2.121_944_40e-4;

#[inline(always)]
fn polynomial<L: Lanes, const N: usize>(x: L, coefficients: [f32; N]) -> L {
    let mut y = L::splat(coefficients[0]);
    for c in &coefficients[1..] {
        y = y.mul(x).add(L::splat(*c));
    }
    y
}

/// eˣ. `exp(−∞) = 0`, `exp(∞) = ∞`, NaN stays NaN.
#[inline(always)]
pub fn exp<L: Lanes>(x: L) -> L {
    // Beyond these bounds the result is 0 or ∞ anyway.
    let x = x.min(L::splat(89.0)).max(L::splat(-104.0));
    let n = x.mul(L::splat(core::f32::consts::LOG2_E)).round();
    let r = x
        .sub(n.mul(L::splat(LN_2_HIGH)))
        .sub(n.mul(L::splat(LN_2_LOW)));
    let p = polynomial(
        r,
        [
            1.987_569_15e-4,
            1.398_199_950_7e-3,
            8.333_451_907_3e-3,
            4.166_579_589_4e-2,
            1.666_666_545_9e-1,
            5.000_000_120_1e-1,
        ],
    );
    let y = p.mul(r.mul(r)).add(r).add(L::splat(1.0));
    // Two factors, because 2ⁿ itself may be out of range where the result is not.
    let half = n.mul(L::splat(0.5)).round();
    y.mul(half.pow2()).mul(n.sub(half).pow2())
}

/// ln x. `log(0) = −∞`, `log(∞) = ∞`, NaN for negative numbers.
#[inline(always)]
pub fn log<L: Lanes>(x: L) -> L {
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    let tiny = x.lt(L::splat(f32::MIN_POSITIVE));
    let (m, e) = L::select(tiny, x.mul(L::splat(8_388_608.0)), x).split();
    let e = e.sub(L::select(tiny, L::splat(23.0), zero));
    // The mantissa around 1, so that logarithms near 0 keep their precision.
    let large = L::splat(core::f32::consts::SQRT_2).lt(m);
    let e = e.add(L::select(large, one, zero));
    let f = L::select(large, m.mul(L::splat(0.5)), m).sub(one);
    let z = f.mul(f);
    let p = polynomial(
        f,
        [
            7.037_683_629_2e-2,
            -1.151_461_031_0e-1,
            1.167_699_874_0e-1,
            -1.242_014_084_6e-1,
            1.424_932_278_7e-1,
            -1.666_805_766_5e-1,
            2.000_071_476_5e-1,
            -2.499_999_399_3e-1,
            3.333_333_117_4e-1,
        ],
    );
    let low = p
        .mul(f)
        .mul(z)
        .add(e.mul(L::splat(LN_2_LOW)))
        .sub(z.mul(L::splat(0.5)));
    let y = f.add(low).add(e.mul(L::splat(LN_2_HIGH)));
    let y = L::select(x.eq(zero), L::splat(f32::NEG_INFINITY), y);
    let y = L::select(x.eq(L::splat(f32::INFINITY)), x, y);
    L::select(zero.le(x), y, L::splat(f32::NAN))
}

/// 1 / (1 + e⁻ˣ), precise on both sides.
#[inline(always)]
pub fn sigmoid<L: Lanes>(x: L) -> L {
    let one = L::splat(1.0);
    let e = exp(x.abs().neg());
    L::select(x.lt(L::splat(0.0)), e, one).div(one.add(e))
}

/// The hyperbolic tangent.
#[inline(always)]
pub fn tanh<L: Lanes>(x: L) -> L {
    let (one, two) = (L::splat(1.0), L::splat(2.0));
    let a = x.abs();
    let z = x.mul(x);
    let p = polynomial(
        z,
        [
            -5.704_988_727_45e-3,
            2.063_908_879_54e-2,
            -5.373_971_555_31e-2,
            1.333_144_220_36e-1,
            -3.333_328_194_22e-1,
        ],
    );
    let small = p.mul(z).mul(x).add(x);
    let large = one.sub(two.div(exp(a.add(a)).add(one)));
    let large = L::select(x.lt(L::splat(0.0)), large.neg(), large);
    L::select(a.lt(L::splat(0.625)), small, large)
}
