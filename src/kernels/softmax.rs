//! Softmax of rows of length `n`, stable: the row's maximum is subtracted first.
use super::{elementwise, reduce, transcendental};
use crate::simd::Lanes;

/// Writes `e^(x − max x)` to `y`, and returns `max x` and the sum of `y`.
fn shifted_exp<L: Lanes>(x: &[f32], y: &mut [f32]) -> (f32, f32) {
    let max = reduce::max::<L>(x);
    let shift = L::splat(max);
    elementwise::map::<L>(x, y, |x| transcendental::exp(x.sub(shift)));
    (max, reduce::sum::<L>(y))
}

/// `max + ln sum`.
fn log_sum<L: Lanes>((max, sum): (f32, f32)) -> f32 {
    max + transcendental::log(L::splat(sum)).to_array()[0]
}

/// `y = eˣ / Σ eˣ`, row by row.
pub fn softmax<L: Lanes>(x: &[f32], y: &mut [f32], n: usize) {
    assert_eq!(x.len(), y.len());
    for (x, y) in x.chunks_exact(n.max(1)).zip(y.chunks_exact_mut(n.max(1))) {
        let (_, sum) = shifted_exp::<L>(x, y);
        let sum = L::splat(sum);
        elementwise::map_in_place::<L>(y, |y| y.div(sum));
    }
}

/// `y = x − ln Σ eˣ`, row by row.
pub fn log_softmax<L: Lanes>(x: &[f32], y: &mut [f32], n: usize) {
    assert_eq!(x.len(), y.len());
    for (x, y) in x.chunks_exact(n.max(1)).zip(y.chunks_exact_mut(n.max(1))) {
        let log_sum = log_sum::<L>(shifted_exp::<L>(x, y));
        elementwise::sub_scalar::<L>(x, log_sum, y);
    }
}

/// `y[row] = ln Σ eˣ` of each row of `x` (m×n) into `y` (m).
pub fn logsumexp<L: Lanes>(x: &[f32], y: &mut [f32], n: usize) {
    assert_eq!(x.len(), y.len() * n);
    // A piece of the row at a time, since nothing is allocated.
    let mut exps = [0.0; 128];
    for (row, y) in y.iter_mut().enumerate() {
        let x = &x[row * n..(row + 1) * n];
        let max = reduce::max::<L>(x);
        let shift = L::splat(max);
        let sum = x.chunks(exps.len()).fold(0.0, |sum, x| {
            let exps = &mut exps[..x.len()];
            elementwise::map::<L>(x, exps, |x| transcendental::exp(x.sub(shift)));
            sum + reduce::sum::<L>(exps)
        });
        *y = log_sum::<L>((max, sum));
    }
}

/// The cross-entropy between each row of targets `t` (m×n) and the softmax of the row of `x`, `y = −Σ_j t_j · ln p_j`
/// (m), and into `exps` (m×n) what [`cross_entropy_gradient`] needs. A target of 0 adds nothing, even where the
/// logarithm is −∞.
pub fn cross_entropy<L: Lanes>(x: &[f32], t: &[f32], exps: &mut [f32], y: &mut [f32], n: usize) {
    assert!(x.len() == y.len() * n && t.len() == x.len() && exps.len() == x.len());
    let rows = x.chunks_exact(n).zip(t.chunks_exact(n));
    for ((x, t), (exps, y)) in rows.zip(exps.chunks_exact_mut(n).zip(y)) {
        let log_sum = log_sum::<L>(shifted_exp::<L>(x, exps));
        let terms = x.iter().zip(t).filter(|(_, t)| **t != 0.0);
        *y = terms.fold(0.0, |y, (x, t)| y - t * (x - log_sum));
    }
}

/// The gradient of [`cross_entropy`] for `x`, `dx = dy · (softmax(x) · Σ_j t_j − t)` (m×n), with the `exps` it left
/// and `dy` (m). A difference of less than 1e-12 counts as 0: no target or probability near 1 is exact to 5e-8, but a
/// well trained classifier has many, and what they are multiplied with, up to the square of a weight's gradient, would
/// be denormal numbers, which make a step a fifth slower.
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
