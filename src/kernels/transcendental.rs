//! Exponentials, logarithms and what is made of them, of four lanes, by polynomials (Moshier's Cephes for `exp` and
//! `log`).
//!
//! A lane's result depends on that lane alone. Each function's relative error is below 1e-6 wherever its result is a
//! normal number; `src/kernels/tests/functions.rs` holds each to its own bound.
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

/// `n` and `e^r − 1`, where `x + low = n · ln 2 + r` with `|r| ≤ ln 2 / 2`. The part `low` is less than a tenth in
/// magnitude: what rounding took from `x` where the exponent was computed.
#[inline(always)]
fn reduced_exp<L: Lanes>(x: L, low: Option<L>) -> (L, L) {
    let n = x.mul(L::splat(core::f32::consts::LOG2_E)).round();
    let mut r = x
        .sub(n.mul(L::splat(LN_2_HIGH)))
        .sub(n.mul(L::splat(LN_2_LOW)));
    if let Some(low) = low {
        r = r.add(low);
    }
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
    (n, p.mul(r.mul(r)).add(r))
}

/// `y · 2ⁿ` for whole `n` in −150..=129. Two factors, because 2ⁿ itself may be out of range where the result is not.
#[inline(always)]
fn scale<L: Lanes>(y: L, n: L) -> L {
    let half = n.mul(L::splat(0.5)).round();
    y.mul(half.pow2()).mul(n.sub(half).pow2())
}

/// `x` where eˣ is neither 0 nor ∞, else a bound beyond which the result stays what it is.
#[inline(always)]
fn bounded<L: Lanes>(x: L) -> L {
    x.min(L::splat(89.0)).max(L::splat(-104.0))
}

/// eˣ. `exp(−∞) = 0`, `exp(∞) = ∞`, NaN stays NaN.
#[inline(always)]
pub fn exp<L: Lanes>(x: L) -> L {
    let (n, m) = reduced_exp(bounded(x), None);
    scale(m.add(L::splat(1.0)), n)
}

/// eˣ − 1, precise near 0 too.
#[inline(always)]
pub fn expm1<L: Lanes>(x: L) -> L {
    let one = L::splat(1.0);
    // Below −30 the result is −1; from 2⁴⁰ on the 1 does not count.
    let (n, m) = reduced_exp(x.min(L::splat(89.0)).max(L::splat(-30.0)), None);
    let power = n.min(L::splat(40.0)).pow2();
    let near = m.mul(power).add(power.sub(one));
    let far = scale(m.add(one), n);
    L::select(n.lt(L::splat(40.0)), near, far)
}

/// `ln((1 + f) · 2^e)` for `1 + f` between √½ and √2.
#[inline(always)]
fn log_of_parts<L: Lanes>(f: L, e: L) -> L {
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
    f.add(low).add(e.mul(L::splat(LN_2_HIGH)))
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
    let y = log_of_parts(f, e);
    let y = L::select(x.eq(zero), L::splat(f32::NEG_INFINITY), y);
    let y = L::select(x.eq(L::splat(f32::INFINITY)), x, y);
    L::select(zero.le(x), y, L::splat(f32::NAN))
}

/// ln(1 + x), precise near 0 too. `log1p(−1) = −∞`, NaN below.
#[inline(always)]
pub fn log1p<L: Lanes>(x: L) -> L {
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    let u = one.add(x);
    // What rounding took from the sum, exactly.
    let lost = L::select(one.le(x), one.sub(u.sub(x)), x.sub(u.sub(one)));
    let (m, e) = u.split();
    let large = L::splat(core::f32::consts::SQRT_2).lt(m);
    let e = e.add(L::select(large, one, zero));
    let f = L::select(large, m.mul(L::splat(0.5)), m).sub(one);
    // From 2⁶⁴ on the part that was lost does not count.
    let f = f.add(lost.mul(e.min(L::splat(64.0)).neg().pow2()));
    let y = log_of_parts(f, e);
    let y = L::select(u.eq(zero), L::splat(f32::NEG_INFINITY), y);
    let y = L::select(x.eq(L::splat(f32::INFINITY)), x, y);
    L::select(one.neg().le(x), y, L::splat(f32::NAN))
}

/// x · eˣ for x ≤ 0, precise where eˣ alone would be denormal; 0 towards −∞.
#[inline(always)]
fn exp_times_itself<L: Lanes>(x: L) -> L {
    let x = x.max(L::splat(-112.0));
    let (n, m) = reduced_exp(x, None);
    scale(m.add(L::splat(1.0)).mul(x), n)
}

/// x / (1 + e⁻ˣ), which goes to 0 towards −∞.
#[inline(always)]
pub fn swish<L: Lanes>(x: L) -> L {
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    let below = x.min(zero);
    let weight = one.add(exp(x.abs().neg()));
    L::select(x.lt(zero), exp_times_itself(below), x).div(weight)
}

/// x · tanh(ln(1 + eˣ)), which goes to 0 towards −∞. The hyperbolic tangent is `w(w + 2) / (w(w + 2) + 2)` with
/// `w = eˣ`, and 1 from x = 20 on.
#[inline(always)]
pub fn mish<L: Lanes>(x: L) -> L {
    let (zero, two) = (L::splat(0.0), L::splat(2.0));
    let w = exp(x.min(L::splat(20.0)));
    let sum = w.add(two);
    let product = w.mul(sum);
    let weight = product.add(two);
    let below = exp_times_itself(x.min(zero)).mul(sum.div(weight));
    L::select(x.lt(zero), below, x.mul(product.div(weight)))
}

/// ln(1 + eˣ), precise at both ends.
#[inline(always)]
pub fn softplus<L: Lanes>(x: L) -> L {
    x.max(L::splat(0.0)).add(log1p(exp(x.abs().neg())))
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

/// `e^(−x² · factor)` for `|x|` at most 1000. The square is taken in two parts, because its rounding, small beside the
/// square, would not be small in the exponent.
#[inline(always)]
fn exp_of_square<L: Lanes>(x: L, factor: f32) -> L {
    // The upper twelve bits of x (Veltkamp 1968), whose square is exact.
    let c = x.mul(L::splat(4097.0));
    let high = c.sub(c.sub(x));
    let low = x.sub(high).mul(x.add(high));
    let factor = L::splat(-factor);
    let (n, m) = reduced_exp(bounded(high.mul(high).mul(factor)), Some(low.mul(factor)));
    scale(m.add(L::splat(1.0)), n)
}

/// `e^(x²) · erfc(x)` for x in 0..=11: a polynomial in `(x − 3) / (x + 3)`, divided by `1 + 2x`, fitted to 5e-9.
#[inline(always)]
fn scaled_erfc<L: Lanes>(x: L) -> L {
    let three = L::splat(3.0);
    let p = polynomial(
        x.sub(three).div(x.add(three)),
        [
            -2.690_068_022_44e-4,
            -7.758_974_229_63e-4,
            2.009_782_326_8e-3,
            2.572_904_460_4e-3,
            -2.380_005_900_87e-2,
            6.829_274_811_43e-2,
            -1.192_709_440_47e-1,
            1.296_468_575_36e-1,
            -4.756_237_295_5e-2,
            -1.356_211_555_52e-1,
            1.253_008_058_62,
        ],
    );
    p.div(L::splat(1.0).add(x.add(x)))
}

/// `erfc(x)` for x ≥ 0.
#[inline(always)]
fn erfc_of_positive<L: Lanes>(x: L) -> L {
    let x = x.min(L::splat(11.0));
    exp_of_square(x, 1.0).mul(scaled_erfc(x))
}

/// The error function, `2/√π · ∫₀ˣ exp(−t²) dt`.
#[inline(always)]
pub fn erf<L: Lanes>(x: L) -> L {
    let a = x.abs();
    let p = polynomial(
        x.mul(x),
        [
            -6.933_527_665_31e-4,
            5.136_527_572_37e-3,
            -2.684_390_013_77e-2,
            1.128_353_312_02e-1,
            -3.761_262_787_25e-1,
            1.283_791_663_3e-1,
        ],
    );
    // The leading coefficient, 2/√π, without its 1, so that it is rounded less.
    let small = p.mul(x).add(x);
    let large = L::splat(1.0).sub(erfc_of_positive(a));
    let large = L::select(x.lt(L::splat(0.0)), large.neg(), large);
    L::select(a.lt(L::splat(0.7)), small, large)
}

/// `1 − erf(x)`, precise where that is small.
#[inline(always)]
pub fn erfc<L: Lanes>(x: L) -> L {
    let y = erfc_of_positive(x.abs());
    L::select(x.lt(L::splat(0.0)), L::splat(2.0).sub(y), y)
}

/// The standard normal density, `exp(−x²/2) / √(2π)`.
#[inline(always)]
pub fn normal_density<L: Lanes>(x: L) -> L {
    let x = x.abs().min(L::splat(15.0));
    exp_of_square(x, 0.5).mul(L::splat(0.398_942_280_4))
}

/// Two factors of the share of a normal population that is above `x`, for x in 0..=15.
#[inline(always)]
fn normal_tail<L: Lanes>(x: L) -> (L, L) {
    let scaled = scaled_erfc(x.mul(L::splat(core::f32::consts::FRAC_1_SQRT_2)));
    (exp_of_square(x, 0.5), scaled.mul(L::splat(0.5)))
}

/// The standard normal distribution function Φ: the share of a normal population below `x`. Precise where it is small.
#[inline(always)]
pub fn normal_cdf<L: Lanes>(x: L) -> L {
    let (exp, scaled) = normal_tail(x.abs().min(L::splat(15.0)));
    let tail = exp.mul(scaled);
    L::select(x.lt(L::splat(0.0)), tail, L::splat(1.0).sub(tail))
}

/// x · Φ(x), which goes to 0 towards −∞.
#[inline(always)]
pub fn gelu<L: Lanes>(x: L) -> L {
    let x = x.max(L::splat(-15.0));
    let (exp, scaled) = normal_tail(x.abs().min(L::splat(15.0)));
    // The factors in an order in which none of the products is smaller than the result.
    let below = exp.mul(scaled.mul(x));
    let above = L::splat(1.0).sub(exp.mul(scaled)).mul(x);
    L::select(x.lt(L::splat(0.0)), below, above)
}
