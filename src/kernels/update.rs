//! The optimizers' steps: weights and their state change in one pass, by Keras' formulas.
use super::elementwise::{flush, map_in_place, store_tail};
use crate::simd::Lanes;
use core::array::from_fn;

/// Sends the weights and their state, with the gradient `g`, through `f`, four elements at a time.
#[inline(always)]
fn step<L: Lanes, const N: usize>(
    state: [&mut [f32]; N],
    g: &[f32],
    f: impl Fn(L, [L; N]) -> [L; N],
) {
    let (groups, g_tail) = g.as_chunks::<4>();
    let mut state = state.map(|x| {
        assert_eq!(x.len(), g.len());
        x.as_chunks_mut::<4>()
    });
    for (i, g) in groups.iter().enumerate() {
        let new = f(L::load(g), from_fn(|s| L::load(&state[s].0[i])));
        for (x, new) in state.iter_mut().zip(new) {
            new.store(&mut x.0[i]);
        }
    }
    let padded = |x: &[f32]| L::load(&from_fn(|lane| x.get(lane).copied().unwrap_or(0.0)));
    let new = f(padded(g_tail), from_fn(|s| padded(state[s].1)));
    for (x, new) in state.iter_mut().zip(new) {
        store_tail(new, x.1);
    }
}

/// Plain gradient descent: `w −= lr · g`.
pub fn sgd<L: Lanes>(w: &mut [f32], g: &[f32], lr: f32) {
    let lr = L::splat(lr);
    step::<L, 1>([w], g, |g, [w]| [w.sub(lr.mul(g))]);
}

/// With momentum μ: `v = μ·v − lr·g`, then `w += v`, or `w += μ·v − lr·g` in Nesterov's form.
pub fn momentum<L: Lanes>(
    w: &mut [f32],
    g: &[f32],
    v: &mut [f32],
    lr: f32,
    momentum: f32,
    nesterov: bool,
) {
    let (lr, momentum) = (L::splat(lr), L::splat(momentum));
    step::<L, 2>([w, v], g, |g, [w, v]| {
        let descent = lr.mul(g);
        let v = momentum.mul(v).sub(descent);
        let step = if nesterov {
            momentum.mul(v).sub(descent)
        } else {
            v
        };
        [w.add(step), v]
    });
}

/// Adam (Kingma and Ba 2015): `m += (g − m)(1 − β₁)`, `v += (g² − v)(1 − β₂)`, `w −= lr_t · m / (√v + ε)`.
///
/// The decays come in double precision: `1 − β₂` of a rounded 0.999 is off by 1e-5.
/// `lr_t` is the rate corrected for step t: `lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ)`.
#[allow(clippy::too_many_arguments)] // the algorithm's own symbols
pub fn adam<L: Lanes>(
    w: &mut [f32],
    g: &[f32],
    m: &mut [f32],
    v: &mut [f32],
    lr_t: f32,
    beta1: f64,
    beta2: f64,
    eps: f32,
) {
    let (rate, eps) = (L::splat(lr_t), L::splat(eps));
    let (toward_m, toward_v) = (
        L::splat((1.0 - beta1) as f32),
        L::splat((1.0 - beta2) as f32),
    );
    step::<L, 3>([w, m, v], g, |g, [w, m, v]| {
        let m = m.mul_add(g.sub(m), toward_m);
        let v = v.mul_add(g.mul(g).sub(v), toward_v);
        [w.sub(m.mul(rate).div(v.sqrt().add(eps))), m, v]
    });
}

/// Replaces values smaller than `tiny` in magnitude by 0. This does not matter for the result of a step. But where
/// gradients are always 0 (at a picture's border, in units that are off) an optimizer's state decays to denormal numbers,
/// with which a step takes up to three times as long.
pub fn forget<L: Lanes>(state: &mut [f32], tiny: f32) {
    let tiny = L::splat(tiny);
    map_in_place::<L>(state, |x| flush(x, tiny));
}
