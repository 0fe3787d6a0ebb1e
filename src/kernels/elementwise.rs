//! Element by element. All slices have the same length unless said otherwise.
//!
//! Lengths that are no multiple of four end in a padded group of lanes, so an element's bits do not
//! depend on where it stands.
use super::transcendental;
use super::{Map, Zip};
use crate::simd::Lanes;
use alloc::{vec, vec::Vec};
use core::array::from_fn;

/// Up to four values, padded with ones, for which no kernel here gives NaN or takes longer.
#[inline(never)]
fn load_tail<L: Lanes>(x: &[f32]) -> L {
    L::load(&from_fn(|lane| x.get(lane).copied().unwrap_or(1.0)))
}

/// Stores the first one, two or three of four values, as many as `y` has room for. Copying slices of any length would take
/// a call each time.
#[inline(never)]
pub(super) fn store_tail<L: Lanes>(values: L, y: &mut [f32]) {
    let values = values.to_array();
    match y {
        [] => {}
        [x] => *x = values[0],
        [x, y] => [*x, *y] = [values[0], values[1]],
        [x, y, z, ..] => [*x, *y, *z] = [values[0], values[1], values[2]],
    }
}

/// `y[i] = f(x[i])`.
#[inline(always)]
pub(super) fn map<L: Lanes>(x: &[f32], y: &mut [f32], f: impl Fn(L) -> L) {
    map_all(x, y, &f);
}

/// The tail is computed as four values by the same loop, so that the code of `f`, which may be long, exists once.
fn map_all<L: Lanes>(x: &[f32], y: &mut [f32], f: &impl Fn(L) -> L) {
    assert_eq!(x.len(), y.len());
    let ((x, x_tail), (y, y_tail)) = (x.as_chunks::<4>(), y.as_chunks_mut::<4>());
    for (x, y) in x.iter().zip(y) {
        f(L::load(x)).store(y);
    }
    if !x_tail.is_empty() {
        let mut last = [0.0; 4];
        map_all(&load_tail::<L>(x_tail).to_array(), &mut last, f);
        store_tail(L::load(&last), y_tail);
    }
}

/// `y[i] = x[i] / 255`. Most bytes of most pictures are 0, which sixteen at a time are quick to see.
#[inline(always)]
pub fn from_bytes<L: Lanes>(x: &[u8], y: &mut [f32]) {
    let ((x, x_tail), (y, y_tail)) = (x.as_chunks::<16>(), y.as_chunks_mut::<16>());
    for (x, y) in x.iter().zip(y) {
        let mut values = [L::splat(0.0); 4];
        if u128::from_ne_bytes(*x) != 0 {
            values = L::from_bytes(x).map(|x| x.div(L::splat(255.0)));
        }
        for (value, y) in values.into_iter().zip(y.as_chunks_mut().0) {
            value.store(y);
        }
    }
    for (x, y) in x_tail.iter().zip(y_tail) {
        *y = f32::from(*x) / 255.0;
    }
}

/// The same where the bytes of `x` lie in the last quarter of `y` itself: those of a value lie behind all values before
/// it, so they have been read when they are overwritten.
#[cfg(any(test, feature = "eager"))]
pub fn expand_in_place<L: Lanes>(y: &mut [f32]) {
    let n = y.len();
    for from in (0..n).step_by(256) {
        let len = (n - from).min(256);
        // The first byte may lie anywhere in a value, so 256 bytes are in 64 values or in 65.
        let (first, skipped) = ((3 * n + from) / 4, (3 * n + from) % 4);
        let mut bytes = [[0; 4]; 65];
        for (bytes, value) in bytes.iter_mut().zip(&y[first..]) {
            *bytes = value.to_ne_bytes();
        }
        let bytes = &bytes.as_flattened()[skipped..][..len];
        from_bytes::<L>(bytes, &mut y[from..from + len]);
    }
}

/// 0 where `x` is smaller than `tiny` in magnitude, else `x`, NaN too.
#[inline(always)]
pub(super) fn flush<L: Lanes>(x: L, tiny: L) -> L {
    L::select(x.abs().lt(tiny), L::splat(0.0), x)
}

/// `y[i] = f(y[i])`.
#[inline(always)]
pub(super) fn map_in_place<L: Lanes>(y: &mut [f32], f: impl Fn(L) -> L) {
    let (y, tail) = y.as_chunks_mut::<4>();
    for y in y {
        f(L::load(y)).store(y);
    }
    if !tail.is_empty() {
        store_tail(f(load_tail(tail)), tail);
    }
}

/// `y[i] = f(a[i], b[i])`.
#[inline(always)]
pub(super) fn zip<L: Lanes>(a: &[f32], b: &[f32], y: &mut [f32], f: impl Fn(L, L) -> L) {
    assert!(a.len() == y.len() && b.len() == y.len());
    let ((a, a_tail), (b, b_tail)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let (y, y_tail) = y.as_chunks_mut::<4>();
    for ((a, b), y) in a.iter().zip(b).zip(y) {
        f(L::load(a), L::load(b)).store(y);
    }
    if !a_tail.is_empty() {
        store_tail(f(load_tail(a_tail), load_tail(b_tail)), y_tail);
    }
}

/// `y[i] = f(y[i], x[i])`.
#[inline(always)]
pub(super) fn update<L: Lanes>(y: &mut [f32], x: &[f32], f: impl Fn(L, L) -> L) {
    assert_eq!(x.len(), y.len());
    let ((x, x_tail), (y, y_tail)) = (x.as_chunks::<4>(), y.as_chunks_mut::<4>());
    for (x, y) in x.iter().zip(y) {
        f(L::load(y), L::load(x)).store(y);
    }
    if !x_tail.is_empty() {
        store_tail(f(load_tail(y_tail), load_tail(x_tail)), y_tail);
    }
}

macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident: $f:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name<L: Lanes>(x: &[f32], y: &mut [f32]) {
            map::<L>(x, y, $f);
        }
    )*

        /// Every function of this table, for the hash of what kernels give.
        pub(super) fn unary<L: Lanes>() -> Vec<Map> {
            vec![$($name::<L>),*]
        }
    };
}

unary! {
    /// `y = eˣ`, relative error below 2e-7; see [`transcendental::exp`].
    exp: |x| transcendental::exp(x);
    /// `y = eˣ − 1`, precise near 0.
    expm1: |x| transcendental::expm1(x);
    /// `y = ln x`; see [`transcendental::log`].
    log: |x| transcendental::log(x);
    /// `y = ln(1 + x)`, precise near 0.
    log1p: |x| transcendental::log1p(x);
    /// `y = ln(1 + eˣ)`, precise at both ends.
    softplus: |x| transcendental::softplus(x);
    /// `y = tanh x`.
    tanh: |x| transcendental::tanh(x);
    /// `y = 1 / (1 + e⁻ˣ)`.
    sigmoid: |x| transcendental::sigmoid(x);
    /// The error function.
    erf: |x| transcendental::erf(x);
    /// `y = 1 − erf x`, precise where that is small.
    erfc: |x| transcendental::erfc(x);
    /// The standard normal distribution function Φ.
    normal_cdf: |x| transcendental::normal_cdf(x);
    /// The standard normal density φ.
    normal_density: |x| transcendental::normal_density(x);
    /// `y = x · Φ(x)`, which goes to 0 towards −∞.
    gelu: |x| transcendental::gelu(x);
    /// `y = x / (1 + e⁻ˣ)`.
    swish: |x| transcendental::swish(x);
    /// `y = x · tanh(ln(1 + eˣ))`.
    mish: |x| transcendental::mish(x);
    /// `y = √x`, correctly rounded; NaN for negative numbers.
    sqrt: |x| x.sqrt();
    /// `y = 1 / √x`.
    rsqrt: |x| L::splat(1.0).div(x.sqrt());
    /// `y = 1 / x`.
    reciprocal: |x| L::splat(1.0).div(x);
    /// `y = x²`.
    square: |x| x.mul(x);
    /// `y = max(x, 0)`; NaN stays NaN.
    relu: |x| x.max(L::splat(0.0));
    /// `y = −x`.
    neg: |x| x.neg();
    /// `y = |x|`.
    abs: |x| x.abs();
    /// `y` is −1, 0 or 1 by the sign of `x`; NaN stays NaN.
    sign: |x| {
        let (zero, one) = (L::splat(0.0), L::splat(1.0));
        let y = L::select(zero.lt(x), one, x.mul(zero));
        L::select(x.lt(zero), one.neg(), y)
    };
    /// `y` is 1 where `x > 0`, else 0; NaN stays NaN.
    step: |x| {
        let (zero, one) = (L::splat(0.0), L::splat(1.0));
        let y = L::select(zero.lt(x), one, zero);
        L::select(x.eq(x), y, x)
    };
    /// `y` is 1 where `x` is 0, else 0; NaN counts as true, so it gives 0.
    logical_not: |x| L::select(x.zeros(), L::splat(1.0), L::splat(0.0));
    /// `y` is 1 where `x` is NaN, else 0.
    is_nan: |x| L::select(x.eq(x), L::splat(0.0), L::splat(1.0));
    /// `y` is 1 where `x` is ∞ or −∞, else 0.
    is_inf: |x| L::select(x.abs().eq(L::splat(f32::INFINITY)), L::splat(1.0), L::splat(0.0));
    /// `y` is 1 where `x` is neither infinite nor NaN, else 0.
    is_finite: |x| L::select(x.abs().lt(L::splat(f32::INFINITY)), L::splat(1.0), L::splat(0.0));
}

macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident: $f:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// `b` is as long as `a`, or it is a row (n) that meets every row of `a` (m×n).
        pub fn $name<L: Lanes>(a: &[f32], b: &[f32], y: &mut [f32]) {
            let f = $f;
            if let [b] = b {
                let b = L::splat(*b);
                return map::<L>(a, y, |a| f(a, b));
            }
            let n = b.len().max(1);
            assert!(a.len() == y.len() && a.len().is_multiple_of(n));
            for (a, y) in a.chunks_exact(n).zip(y.chunks_exact_mut(n)) {
                zip::<L>(a, b, y, f);
            }
        }
    )*

        /// Every function of this table, for the hash of what kernels give.
        pub(super) fn binary<L: Lanes>() -> Vec<Zip> {
            vec![$($name::<L>),*]
        }
    };
}

binary! {
    /// `y = a + b`.
    add: |a: L, b: L| a.add(b);
    /// `y = a − b`.
    sub: |a: L, b: L| a.sub(b);
    /// `y = a · b`.
    mul: |a: L, b: L| a.mul(b);
    /// `y = a / b`.
    div: |a: L, b: L| a.div(b);
    /// `y` is the greater of `a` and `b`; NaN wins.
    maximum: |a: L, b: L| L::select(b.eq(b), a.max(b), b);
    /// `y` is the lesser of `a` and `b`; NaN wins.
    minimum: |a: L, b: L| L::select(b.eq(b), a.min(b), b);
    /// `y = (a − b)²`.
    squared_difference: |a: L, b: L| a.sub(b).mul(a.sub(b));
    /// `y` is 1 where `a = b`, else 0.
    equal: |a: L, b: L| L::select(a.eq(b), L::splat(1.0), L::splat(0.0));
    /// `y` is 1 where `a ≠ b`, else 0.
    not_equal: |a: L, b: L| L::select(a.eq(b), L::splat(0.0), L::splat(1.0));
    /// `y` is 1 where `a < b`, else 0.
    less: |a: L, b: L| L::select(a.lt(b), L::splat(1.0), L::splat(0.0));
    /// `y` is 1 where `a ≤ b`, else 0.
    less_equal: |a: L, b: L| L::select(a.le(b), L::splat(1.0), L::splat(0.0));
    /// `y` is 1 where `a > b`, else 0.
    greater: |a: L, b: L| L::select(b.lt(a), L::splat(1.0), L::splat(0.0));
    /// `y` is 1 where `a ≥ b`, else 0.
    greater_equal: |a: L, b: L| L::select(b.le(a), L::splat(1.0), L::splat(0.0));
}

/// `y = a + b` with the same `b` for every element.
pub fn add_scalar<L: Lanes>(a: &[f32], b: f32, y: &mut [f32]) {
    let b = L::splat(b);
    map::<L>(a, y, |a| a.add(b));
}

/// `y = a · b` with the same `b` for every element.
pub fn mul_scalar<L: Lanes>(a: &[f32], b: f32, y: &mut [f32]) {
    let b = L::splat(b);
    map::<L>(a, y, |a| a.mul(b));
}

/// `y = x > 0 ? x : slope · x`.
pub fn leaky_relu<L: Lanes>(x: &[f32], slope: f32, y: &mut [f32]) {
    let (zero, slope) = (L::splat(0.0), L::splat(slope));
    map::<L>(x, y, |x| L::select(zero.lt(x), x, x.mul(slope)));
}

/// `dx = x > 0 ? dy : slope · dy`; `x` is leaky relu's input.
pub fn leaky_relu_gradient<L: Lanes>(x: &[f32], dy: &[f32], slope: f32, dx: &mut [f32]) {
    let (zero, slope) = (L::splat(0.0), L::splat(slope));
    zip::<L>(x, dy, dx, |x, dy| L::select(zero.lt(x), dy, dy.mul(slope)));
}

/// `y = min(max(x, low), high)`; NaN stays NaN.
pub fn clamp<L: Lanes>(x: &[f32], low: f32, high: f32, y: &mut [f32]) {
    let (low, high) = (L::splat(low), L::splat(high));
    map::<L>(x, y, |x| x.max(low).min(high));
}

/// `y` is 1 where `low ≤ x ≤ high`, else 0.
pub fn within<L: Lanes>(x: &[f32], low: f32, high: f32, y: &mut [f32]) {
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    let (low, high) = (L::splat(low), L::splat(high));
    map::<L>(x, y, |x| {
        L::select(low.le(x), L::select(x.le(high), one, zero), zero)
    });
}

/// `y = mask ≠ 0 ? yes : no`; a NaN in the mask counts as true.
pub fn select<L: Lanes>(mask: &[f32], yes: &[f32], no: &[f32], y: &mut [f32]) {
    let zero = L::splat(0.0);
    y.copy_from_slice(no);
    assert!(mask.len() == y.len() && yes.len() == y.len());
    let ((mask, mask_tail), (yes, yes_tail)) = (mask.as_chunks::<4>(), yes.as_chunks::<4>());
    let (y, y_tail) = y.as_chunks_mut::<4>();
    for ((mask, yes), y) in mask.iter().zip(yes).zip(y) {
        L::select(L::load(mask).eq(zero), L::load(y), L::load(yes)).store(y);
    }
    for ((mask, yes), y) in mask_tail.iter().zip(yes_tail).zip(y_tail) {
        *y = if *mask == 0.0 { *y } else { *yes };
    }
}

/// `y` becomes the greater of `y` and `x`; NaN wins.
pub fn raise<L: Lanes>(y: &mut [f32], x: &[f32]) {
    update::<L>(y, x, |y, x| L::select(x.eq(x), y.max(x), x));
}

/// `y` becomes the lesser of `y` and `x`; NaN wins.
pub fn lower<L: Lanes>(y: &mut [f32], x: &[f32]) {
    update::<L>(y, x, |y, x| L::select(x.eq(x), y.min(x), x));
}

/// `y *= x`.
pub fn multiply<L: Lanes>(y: &mut [f32], x: &[f32]) {
    update::<L>(y, x, |y, x| y.mul(x));
}

/// `y += x`.
pub fn accumulate<L: Lanes>(y: &mut [f32], x: &[f32]) {
    update::<L>(y, x, |y, x| y.add(x));
}

/// Adds `row` (n) to every row of `y` (m×n), then makes 0 what is negative if `relu`.
pub fn finish_rows<L: Lanes>(y: &mut [f32], row: &[f32], relu: bool) {
    let floor = L::splat(if relu { 0.0 } else { f32::NEG_INFINITY });
    for y in y.chunks_exact_mut(row.len().max(1)) {
        update::<L>(y, row, |y, x| y.add(x).max(floor));
    }
}

/// `y += alpha · x`.
pub fn axpy<L: Lanes>(alpha: f32, x: &[f32], y: &mut [f32]) {
    let alpha = L::splat(alpha);
    update::<L>(y, x, |y, x| y.add(alpha.mul(x)));
}

/// `dx = x > 0 ? dy : 0`; `x` may be relu's input or its output.
pub fn relu_gradient<L: Lanes>(x: &[f32], dy: &[f32], dx: &mut [f32]) {
    let zero = L::splat(0.0);
    zip::<L>(x, dy, dx, |x, dy| L::select(zero.lt(x), dy, zero));
}
