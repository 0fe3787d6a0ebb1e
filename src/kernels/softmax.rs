//! Softmax of rows of length `n`, stable: the row's maximum is subtracted first.
use super::{elementwise, reduce, transcendental};
use crate::simd::Lanes;

/// Writes `e^(x − max x)` to `y`, and returns `max x`.
fn shifted_exp<L: Lanes>(x: &[f32], y: &mut [f32]) -> f32 {
    let max = reduce::max::<L>(x);
    let shift = L::splat(max);
    elementwise::map::<L>(x, y, |x| transcendental::exp(x.sub(shift)));
    max
}

/// `ln Σ e^(x − max x)` from the exponentials that [`shifted_exp`] wrote. The greatest one is exactly 1 and is left out
/// of the sum, so that the logarithm, which is that of one plus the sum of the rest, is precise where the rest is small.
fn log_of_sum<L: Lanes>(exps: &mut [f32]) -> f32 {
    let greatest = exps.iter().position(|e| *e == 1.0);
    if let Some(at) = greatest {
        exps[at] = 0.0;
    }
    let rest = reduce::sum::<L>(exps);
    let Some(at) = greatest else {
        return transcendental::log(L::splat(rest)).to_array()[0];
    };
    exps[at] = 1.0;
    transcendental::log1p(L::splat(rest)).to_array()[0]
}

/// `x` becomes `eˣ / Σ eˣ`. It has a value that is more than −∞.
pub(super) fn in_place<L: Lanes>(x: &mut [f32]) {
    let shift = L::splat(reduce::max::<L>(x));
    elementwise::map_in_place::<L>(x, |x| transcendental::exp(x.sub(shift)));
    let sum = L::splat(reduce::sum::<L>(x));
    elementwise::map_in_place::<L>(x, |x| x.div(sum));
}

/// `y = eˣ / Σ eˣ`, row by row.
pub fn softmax<L: Lanes>(x: &[f32], y: &mut [f32], n: usize) {
    assert_eq!(x.len(), y.len());
    for (x, y) in x.chunks_exact(n.max(1)).zip(y.chunks_exact_mut(n.max(1))) {
        shifted_exp::<L>(x, y);
        let sum = L::splat(reduce::sum::<L>(y));
        elementwise::map_in_place::<L>(y, |y| y.div(sum));
    }
}

/// `y = x − ln Σ eˣ`, row by row. The maximum and the logarithm of the sum are subtracted one after the other: both
/// make the result more negative, so none of its precision is lost.
pub fn log_softmax<L: Lanes>(x: &[f32], y: &mut [f32], n: usize) {
    assert_eq!(x.len(), y.len());
    for (x, y) in x.chunks_exact(n.max(1)).zip(y.chunks_exact_mut(n.max(1))) {
        let max = L::splat(shifted_exp::<L>(x, y));
        let log = L::splat(log_of_sum::<L>(y));
        elementwise::map::<L>(x, y, |x| x.sub(max).sub(log));
    }
}

/// The cross-entropy between each row of targets `t` (m×n) and the softmax of the row of `x`, `y = −Σ_j t_j · ln p_j`
/// (m), and into `exps` (m×n) what [`cross_entropy_gradient`] needs. A target of 0 adds nothing, even where the
/// logarithm is −∞.
pub fn cross_entropy<L: Lanes>(x: &[f32], t: &[f32], exps: &mut [f32], y: &mut [f32], n: usize) {
    assert!(x.len() == y.len() * n && t.len() == x.len() && exps.len() == x.len());
    let rows = x.chunks_exact(n).zip(t.chunks_exact(n));
    for ((x, t), (exps, y)) in rows.zip(exps.chunks_exact_mut(n).zip(y)) {
        let max = shifted_exp::<L>(x, exps);
        let log = log_of_sum::<L>(exps);
        let terms = x.iter().zip(t).filter(|(_, t)| **t != 0.0);
        *y = terms.fold(0.0, |y, (x, t)| y + t * ((max - x) + log));
    }
}

/// The gradient of [`cross_entropy`] for `x`, `dx = dy · (softmax(x) · Σ_j t_j − t)` (m×n), with the `exps` it left
/// and `dy` (m). A difference of less than 1e-12 counts as 0. Probabilities near 1 are exact to 5e-8 only, so nothing is
/// lost; but a well trained classifier has many such differences, and their products, up to the square of a weight's
/// gradient, would be denormal numbers, which make a step a fifth slower.
pub fn cross_entropy_gradient<L: Lanes>(
    exps: &[f32],
    t: &[f32],
    dy: &[f32],
    dx: &mut [f32],
    n: usize,
) {
    assert!(dx.len() == dy.len() * n && t.len() == dx.len() && exps.len() == dx.len());
    let tiny = L::splat(1e-12);
    let rows = exps.chunks_exact(n).zip(t.chunks_exact(n));
    for ((exps, t), (dx, dy)) in rows.zip(dx.chunks_exact_mut(n).zip(dy)) {
        let [sum, total] = [exps, t].map(|x| L::splat(reduce::sum::<L>(x)));
        let dy = L::splat(*dy);
        elementwise::zip::<L>(exps, t, dx, |e, t| {
            elementwise::flush(e.div(sum).mul(total).sub(t), tiny).mul(dy)
        });
    }
}
