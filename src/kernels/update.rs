//! The optimizers' steps: weights and their state change in one pass, by Keras' formulas.
use super::elementwise::{flush, map_in_place, store_tail};
use crate::simd::Lanes;
use core::array::from_fn;
use core::cell::Cell;

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
    if g_tail.is_empty() {
        return;
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
///
/// Returns whether all of `w` is known to be finite then: a product that leaves out zeros asks for it in the next step,
/// and beside a division and a root the sum, in which NaN and infinity show, takes no time.
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
) -> bool {
    let (rate, eps) = (L::splat(lr_t), L::splat(eps));
    let (toward_m, toward_v) = (toward::<L>(beta1), toward::<L>(beta2));
    let sum = Cell::new(L::splat(0.0));
    step::<L, 3>([w, m, v], g, |g, [w, m, v]| {
        let m = m.mul_add(g.sub(m), toward_m);
        let v = v.mul_add(g.mul(g).sub(v), toward_v);
        let w = w.sub(m.mul(rate).div(v.sqrt().add(eps)));
        sum.set(sum.get().add(w));
        [w, m, v]
    });
    sum.get().sum().is_finite()
}

/// Adam with the greatest `v` so far in place of `v` (Reddi et al. 2018).
#[allow(clippy::too_many_arguments)] // the algorithm's own symbols
pub fn amsgrad<L: Lanes>(
    w: &mut [f32],
    g: &[f32],
    [m, v, greatest]: [&mut [f32]; 3],
    lr_t: f32,
    beta1: f64,
    beta2: f64,
    eps: f32,
) {
    let (rate, eps) = (L::splat(lr_t), L::splat(eps));
    let (toward_m, toward_v) = (toward::<L>(beta1), toward::<L>(beta2));
    step::<L, 4>([w, m, v, greatest], g, |g, [w, m, v, greatest]| {
        let m = m.mul_add(g.sub(m), toward_m);
        let v = v.mul_add(g.mul(g).sub(v), toward_v);
        let greatest = greatest.max(v);
        let w = w.sub(m.mul(rate).div(greatest.sqrt().add(eps)));
        [w, m, v, greatest]
    });
}

/// Adam with Nesterov's momentum (Dozat 2016): `w −= (a · m + b · g) / (√(c · v) + ε)`, where `a` and `b` hold the rate
/// and the momentum's corrections, and `c` that of `v`.
pub fn nadam<L: Lanes>(
    w: &mut [f32],
    g: &[f32],
    [m, v]: [&mut [f32]; 2],
    [a, b, c]: [f32; 3],
    beta1: f64,
    beta2: f64,
    eps: f32,
) {
    let [a, b, c, eps] = [a, b, c, eps].map(L::splat);
    let (toward_m, toward_v) = (toward::<L>(beta1), toward::<L>(beta2));
    step::<L, 3>([w, m, v], g, |g, [w, m, v]| {
        let m = m.mul_add(g.sub(m), toward_m);
        let v = v.mul_add(g.mul(g).sub(v), toward_v);
        let ahead = a.mul(m).add(b.mul(g));
        [w.sub(ahead.div(v.mul(c).sqrt().add(eps))), m, v]
    });
}

/// Adam by the greatest gradient (Kingma and Ba 2015): `u = max(β₂ · u, |g|)`, `w −= rate · m / (u + ε)`.
pub fn adamax<L: Lanes>(
    w: &mut [f32],
    g: &[f32],
    [m, u]: [&mut [f32]; 2],
    rate: f32,
    beta1: f64,
    beta2: f64,
    eps: f32,
) {
    let [rate, beta2, eps] = [rate, beta2 as f32, eps].map(L::splat);
    let toward_m = toward::<L>(beta1);
    step::<L, 3>([w, m, u], g, |g, [w, m, u]| {
        let m = m.mul_add(g.sub(m), toward_m);
        let u = beta2.mul(u).max(g.abs());
        [w.sub(m.mul(rate).div(u.add(eps))), m, u]
    });
}

/// Lion (Chen et al. 2023): a step of the length `rate` by the sign of `m` moved towards `g`.
pub fn lion<L: Lanes>(w: &mut [f32], g: &[f32], m: &mut [f32], rate: f32, beta1: f64, beta2: f64) {
    let (rate, zero) = (L::splat(rate), L::splat(0.0));
    let (toward_ahead, toward_m) = (toward::<L>(beta1), toward::<L>(beta2));
    step::<L, 2>([w, m], g, |g, [w, m]| {
        let away = g.sub(m);
        let ahead = m.mul_add(away, toward_ahead);
        let up = L::select(zero.lt(ahead), rate, zero);
        let w = w.sub(L::select(ahead.lt(zero), rate.neg(), up));
        [w, m.mul_add(away, toward_m)]
    });
}

/// RMSprop (Hinton 2012): `v = ρ · v + (1 − ρ) g²`, `w −= rate · g / √(v + ε)`.
pub fn rmsprop<L: Lanes>(w: &mut [f32], g: &[f32], v: &mut [f32], rate: f32, rho: f64, eps: f32) {
    let (rate, eps, toward_v) = (L::splat(rate), L::splat(eps), toward::<L>(rho));
    step::<L, 2>([w, v], g, |g, [w, v]| {
        let v = v.mul_add(g.mul(g).sub(v), toward_v);
        [w.sub(rate.mul(g).div(v.add(eps).sqrt())), v]
    });
}

/// RMSprop whose steps add up in `p`, by a momentum. If it is centred, `v − a²` stands for `v`, with the mean `a` of the
/// gradients.
#[allow(clippy::too_many_arguments)] // the algorithm's own symbols
pub fn rmsprop_momentum<L: Lanes>(
    w: &mut [f32],
    g: &[f32],
    [v, a, p]: [&mut [f32]; 3],
    rate: f32,
    rho: f64,
    eps: f32,
    momentum: f32,
    centered: bool,
) {
    let [rate, eps, momentum] = [rate, eps, momentum].map(L::splat);
    let (toward_v, share) = (toward::<L>(rho), L::splat(f32::from(u8::from(centered))));
    step::<L, 4>([w, v, a, p], g, |g, [w, v, a, p]| {
        let v = v.mul_add(g.mul(g).sub(v), toward_v);
        let a = a.mul_add(g.sub(a), toward_v);
        let variance = v.sub(a.mul(a).mul(share));
        let p = momentum
            .mul(p)
            .add(rate.mul(g).div(variance.add(eps).sqrt()));
        [w.sub(p), v, a, p]
    });
}

/// Adagrad (Duchi et al. 2011): `s += g²`, `w −= rate · g / √(s + ε)`.
pub fn adagrad<L: Lanes>(w: &mut [f32], g: &[f32], s: &mut [f32], rate: f32, eps: f32) {
    let (rate, eps) = (L::splat(rate), L::splat(eps));
    step::<L, 2>([w, s], g, |g, [w, s]| {
        let s = s.mul_add(g, g);
        [w.sub(rate.mul(g).div(s.add(eps).sqrt())), s]
    });
}

/// Adadelta (Zeiler 2012): each step is as long as the steps before it, in units of the gradients before it.
pub fn adadelta<L: Lanes>(
    w: &mut [f32],
    g: &[f32],
    [s, d]: [&mut [f32]; 2],
    rate: f32,
    rho: f64,
    eps: f32,
) {
    let (rate, eps, toward_new) = (L::splat(rate), L::splat(eps), toward::<L>(rho));
    step::<L, 3>([w, s, d], g, |g, [w, s, d]| {
        let s = s.mul_add(g.mul(g).sub(s), toward_new);
        let delta = d.add(eps).sqrt().mul(g).div(s.add(eps).sqrt());
        let d = d.mul_add(delta.mul(delta).sub(d), toward_new);
        [w.sub(rate.mul(delta)), s, d]
    });
}

/// How far a running mean with this decay moves towards a new value. The decay comes in double precision: `1 − β` of a
/// rounded 0.999 is off by 1e-5.
fn toward<L: Lanes>(decay: f64) -> L {
    L::splat((1.0 - decay) as f32)
}

/// Weights that decay by themselves: `w −= w · share`.
pub fn decay<L: Lanes>(w: &mut [f32], share: f32) {
    let share = L::splat(share);
    map_in_place::<L>(w, |w| w.sub(w.mul(share)));
}

/// A gradient times `factor`, each value no further from 0 than `most`; NaN stays NaN.
pub fn clip<L: Lanes>(g: &mut [f32], factor: f32, most: f32) {
    let [factor, most] = [factor, most].map(L::splat);
    let least = most.neg();
    map_in_place::<L>(g, |g| g.mul(factor).min(most).max(least));
}

/// The sum of squares in double precision, in an order of its own: four sums side by side, then what is left.
pub fn sum_of_squares(x: &[f32]) -> f64 {
    let (groups, tail) = x.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for group in groups {
        for (sum, &x) in sums.iter_mut().zip(group) {
            *sum += f64::from(x) * f64::from(x);
        }
    }
    for (sum, &x) in sums.iter_mut().zip(tail) {
        *sum += f64::from(x) * f64::from(x);
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3])
}

/// Replaces values smaller than `tiny` in magnitude by 0. This does not matter for the result of a step. But where
/// gradients are always 0 (at a picture's border, in units that are off) an optimizer's state decays to denormal numbers,
/// with which a step takes up to three times as long.
pub fn forget<L: Lanes>(state: &mut [f32], tiny: f32) {
    let tiny = L::splat(tiny);
    map_in_place::<L>(state, |x| flush(x, tiny));
}
