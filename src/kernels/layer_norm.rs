//! Rows of values that are normalised each by itself.
use super::batch_norm::rows;
use super::elementwise::store_tail;
use super::reduce::{padded, sums};
use crate::simd::Lanes;

/// `y = (x − μ) / √(σ² + ε) · gamma + beta` of each row, which is as long as `gamma` and `beta`. `μ` is the row's mean, or
/// 0 unless it is `centered`; `σ²` is the mean of `(x − μ)²`. `statistics` gets `μ` and `1 / √(σ² + ε)` for each row.
pub fn normalize<L: Lanes>(
    x: &[f32],
    [gamma, beta]: [&[f32]; 2],
    (epsilon, centered): (f32, bool),
    y: &mut [f32],
    statistics: &mut [f32],
) {
    let n = gamma.len().max(1);
    assert!(x.len() == y.len() && 2 * (x.len() / n) == statistics.len());
    let lines = x.chunks_exact(n).zip(y.chunks_exact_mut(n));
    for ((x, y), statistics) in lines.zip(statistics.chunks_exact_mut(2)) {
        let mean = if centered {
            sums::<L, 1, 1>([x], |x| x)[0] / n as f32
        } else {
            0.0
        };
        let shift = L::splat(mean);
        let [squares] = sums::<L, 1, 1>([x], |[x]| {
            let apart = x.sub(shift);
            [apart.mul(apart)]
        });
        let inverse = 1.0 / libm::sqrtf(squares / n as f32 + epsilon);
        statistics.copy_from_slice(&[mean, inverse]);
        let factor = L::splat(inverse);
        rows::<L, 1, 2>([x], [gamma, beta], y, |[x], [gamma, beta]| {
            x.sub(shift).mul(factor).mul(gamma).add(beta)
        });
    }
}

/// The gradients of [`normalize`] for some rows, from the `statistics` it left there: `dx`, and what these rows add to
/// the gradients of gamma and beta, which are `of_parameters`, one after the other.
pub fn gradients<L: Lanes>(
    [x, dy]: [&[f32]; 2],
    gamma: &[f32],
    (statistics, centered): (&[f32], bool),
    dx: &mut [f32],
    of_parameters: &mut [f32],
) {
    let n = gamma.len().max(1);
    assert!(x.len() == dx.len() && dy.len() == dx.len() && of_parameters.len() == 2 * n);
    of_parameters.fill(0.0);
    let (dgamma, dbeta) = of_parameters.split_at_mut(n);
    let lines = x.chunks_exact(n).zip(dy.chunks_exact(n));
    for (((x, dy), dx), row) in lines
        .zip(dx.chunks_exact_mut(n))
        .zip(statistics.chunks_exact(2))
    {
        let [mean, inverse] = [row[0], row[1]].map(L::splat);
        let normal = |x: L| x.sub(mean).mul(inverse);
        let [sum, products] = sums::<L, 3, 2>([x, dy, gamma], |[x, dy, gamma]| {
            let g = dy.mul(gamma);
            [g, g.mul(normal(x))]
        });
        add::<L>(dgamma, [x, dy], |[x, dy]| dy.mul(normal(x)));
        add::<L>(dbeta, [x, dy], |[_, dy]| dy);
        let shift = L::splat(if centered { sum / n as f32 } else { 0.0 });
        let bend = L::splat(products / n as f32);
        rows::<L, 2, 1>([x, dy], [gamma], dx, |[x, dy], [gamma]| {
            let apart = dy.mul(gamma).sub(shift).sub(normal(x).mul(bend));
            apart.mul(inverse)
        });
    }
}

/// `y += f(x)`.
#[inline(always)]
fn add<L: Lanes>(y: &mut [f32], x: [&[f32]; 2], f: impl Fn([L; 2]) -> L) {
    let (groups, tail) = y.as_chunks_mut::<4>();
    let x = x.map(|x| x.as_chunks::<4>());
    for (at, y) in groups.iter_mut().enumerate() {
        L::load(y).add(f(x.map(|(x, _)| L::load(&x[at])))).store(y);
    }
    if !tail.is_empty() {
        let sum = padded::<L>(tail).add(f(x.map(|(_, x)| padded(x))));
        store_tail(sum, tail);
    }
}
