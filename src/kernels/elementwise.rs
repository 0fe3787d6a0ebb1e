//! Element by element. All slices have the same length unless said otherwise.
//!
//! Lengths that are no multiple of four end in a padded group of lanes, so an element's bits do not
//! depend on where it stands.
use super::transcendental;
use crate::simd::Lanes;
use core::array::from_fn;

/// Up to four values, padded with ones (which no kernel here finds hard).
#[inline(never)]
fn load_tail<L: Lanes>(x: &[f32]) -> L {
    L::load(&from_fn(|lane| x.get(lane).copied().unwrap_or(1.0)))
}

/// The first of four values, at most three, as many as there is room for. Copying slices of any length would take
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

/// The tail goes the same way as four values, so that there is one copy of `f`, which may be long.
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
fn update<L: Lanes>(y: &mut [f32], x: &[f32], f: impl Fn(L, L) -> L) {
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
    )*};
}

unary! {
    /// `y = eˣ`, relative error below 2e-7; see [`transcendental::exp`].
    exp: |x| transcendental::exp(x);
    /// `y = ln x`; see [`transcendental::log`].
    log: |x| transcendental::log(x);
    /// `y = tanh x`.
    tanh: |x| transcendental::tanh(x);
    /// `y = 1 / (1 + e⁻ˣ)`.
    sigmoid: |x| transcendental::sigmoid(x);
    /// `y = √x`, correctly rounded; NaN for negative numbers.
    sqrt: |x| x.sqrt();
    /// `y = max(x, 0)`; NaN stays NaN.
    relu: |x| x.max(L::splat(0.0));
    /// `y = −x`.
    neg: |x| x.neg();
    /// `y = |x|`.
    abs: |x| x.abs();
}

macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident, $scalar:ident, $row:ident: $f:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name<L: Lanes>(a: &[f32], b: &[f32], y: &mut [f32]) {
            zip::<L>(a, b, y, $f);
        }

        #[doc = concat!("[`", stringify!($name), "`] with the same `b` for every element.")]
        pub fn $scalar<L: Lanes>(a: &[f32], b: f32, y: &mut [f32]) {
            let (b, f) = (L::splat(b), $f);
            map::<L>(a, y, |a| f(a, b));
        }

        #[doc = concat!("[`", stringify!($name), "`] of every row of `a` (m×n) with `row` (n), into `y` (m×n).")]
        pub fn $row<L: Lanes>(a: &[f32], row: &[f32], y: &mut [f32]) {
            let n = row.len().max(1);
            assert!(a.len() == y.len() && a.len().is_multiple_of(n));
            for (a, y) in a.chunks_exact(n).zip(y.chunks_exact_mut(n)) {
                zip::<L>(a, row, y, $f);
            }
        }
    )*};
}

binary! {
    /// `y = a + b`.
    add, add_scalar, add_row: |a: L, b: L| a.add(b);
    /// `y = a − b`.
    sub, sub_scalar, sub_row: |a: L, b: L| a.sub(b);
    /// `y = a · b`.
    mul, mul_scalar, mul_row: |a: L, b: L| a.mul(b);
    /// `y = a / b`.
    div, div_scalar, div_row: |a: L, b: L| a.div(b);
    /// `y = a < b ? b : a`.
    maximum, maximum_scalar, maximum_row: |a: L, b: L| a.max(b);
    /// `y = b < a ? b : a`.
    minimum, minimum_scalar, minimum_row: |a: L, b: L| a.min(b);
}

/// `y = a − b` with the same `a` for every element.
pub fn scalar_sub<L: Lanes>(a: f32, b: &[f32], y: &mut [f32]) {
    let a = L::splat(a);
    map::<L>(b, y, |b| a.sub(b));
}

/// `y = a / b` with the same `a` for every element.
pub fn scalar_div<L: Lanes>(a: f32, b: &[f32], y: &mut [f32]) {
    let a = L::splat(a);
    map::<L>(b, y, |b| a.div(b));
}

/// `y = a ^ b`, one element at a time.
pub fn pow(a: &[f32], b: &[f32], y: &mut [f32]) {
    assert!(a.len() == y.len() && b.len() == y.len());
    for ((a, b), y) in a.iter().zip(b).zip(y) {
        *y = libm::powf(*a, *b);
    }
}

/// `y = a ^ b` with the same `b` for every element.
pub fn pow_scalar(a: &[f32], b: f32, y: &mut [f32]) {
    assert_eq!(a.len(), y.len());
    for (a, y) in a.iter().zip(y) {
        *y = libm::powf(*a, b);
    }
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
