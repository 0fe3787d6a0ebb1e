//! One step of a gated recurrent unit (Cho et al. 2014): everything but the matrix products, in one pass forward and
//! one pass back; or in two where the reset gate acts before the product with the recurrent kernel.
//!
//! Slices hold a row for each sample, with one value a unit, or (`z`, `gates`, `dz`, `bias`, `sums`) in turn those of
//! the update gate, the reset gate and the candidate.
use super::lstm::{Lanewise, each};
use super::transcendental::{sigmoid, tanh};
use crate::simd::Lanes;
use core::array::from_fn;

/// The `N` parts of `row`, `units` values each.
fn parts<const N: usize>(row: &[f32], units: usize) -> [&[f32]; N] {
    from_fn(|part| &row[part * units..][..units])
}

/// The three parts of `row`.
fn parts_mut(row: &mut [f32], units: usize) -> [&mut [f32]; 3] {
    let (update, rest) = row[..3 * units].split_at_mut(units);
    let (reset, candidate) = rest.split_at_mut(units);
    [update, reset, candidate]
}

/// The rows of a slice, `width` values each.
fn rows(x: &[f32], width: usize) -> core::slice::ChunksExact<'_, f32> {
    x.chunks_exact(width.max(1))
}

/// The rows of a slice for writing, `width` values each.
fn rows_mut(x: &mut [f32], width: usize) -> core::slice::ChunksExactMut<'_, f32> {
    x.chunks_exact_mut(width.max(1))
}

/// The reset gate acts on the product: `z` becomes the gates `u, r = σ(z + b + sums + b′)` and the candidate
/// `g = tanh(z + b + r·k)` with `k = sums + b′`; then `h ← u·h + (1 − u)·g`. `bias` is `b`, then `b′`.
pub fn forward_after<L: Lanes>(
    z: &mut [f32],
    bias: &[f32],
    sums: &[f32],
    kept: &mut [f32],
    h: &mut [f32],
) {
    struct Kernel;
    impl<L: Lanes> Lanewise<L, 9, 5> for Kernel {
        #[inline(always)]
        fn at([bu, br, bg, cu, cr, cg, su, sr, sg]: [L; 9], [u, r, g, _, h]: [L; 5]) -> [L; 5] {
            let one = L::splat(1.0);
            let u = sigmoid(u.add(bu).add(su.add(cu)));
            let r = sigmoid(r.add(br).add(sr.add(cr)));
            let k = sg.add(cg);
            let g = tanh(g.add(bg).add(r.mul(k)));
            [u, r, g, k, u.mul(h).add(one.sub(u).mul(g))]
        }
    }
    let units = bias.len() / 6;
    let [bu, br, bg, cu, cr, cg] = parts(bias, units);
    let outputs = rows_mut(z, 3 * units)
        .zip(rows_mut(kept, units))
        .zip(rows_mut(h, units));
    for (((z, k), h), sums) in outputs.zip(rows(sums, 3 * units)) {
        let ([u, r, g], [su, sr, sg]) = (parts_mut(z, units), parts(sums, units));
        each::<L, Kernel, 9, 5>([bu, br, bg, cu, cr, cg, su, sr, sg], [u, r, g, k, h]);
    }
}

/// The reset gate acts before the product, first part: `z` becomes the gates `u, r = σ(z + b + sums)`, and
/// `kept = r·h`, whose product comes next. `sums` has two values a unit.
pub fn gates_before<L: Lanes>(
    z: &mut [f32],
    bias: &[f32],
    sums: &[f32],
    kept: &mut [f32],
    h: &[f32],
) {
    struct Kernel;
    impl<L: Lanes> Lanewise<L, 5, 3> for Kernel {
        #[inline(always)]
        fn at([bu, br, su, sr, h]: [L; 5], [u, r, _]: [L; 3]) -> [L; 3] {
            let u = sigmoid(u.add(bu).add(su));
            let r = sigmoid(r.add(br).add(sr));
            [u, r, r.mul(h)]
        }
    }
    let units = bias.len() / 3;
    let [bu, br, _] = parts(bias, units);
    let outputs = rows_mut(z, 3 * units)
        .zip(rows_mut(kept, units))
        .zip(rows(h, units));
    for (((z, k), h), sums) in outputs.zip(rows(sums, 2 * units)) {
        let ([u, r, _], [su, sr]) = (parts_mut(z, units), parts(sums, units));
        each::<L, Kernel, 5, 3>([bu, br, su, sr, h], [u, r, k]);
    }
}

/// The second part: the candidate `g = tanh(z + b + sums)`, then `h ← u·h + (1 − u)·g`. `sums` has a value a unit.
pub fn candidate_before<L: Lanes>(z: &mut [f32], bias: &[f32], sums: &[f32], h: &mut [f32]) {
    struct Kernel;
    impl<L: Lanes> Lanewise<L, 3, 2> for Kernel {
        #[inline(always)]
        fn at([bg, sums, u]: [L; 3], [g, h]: [L; 2]) -> [L; 2] {
            let one = L::splat(1.0);
            let g = tanh(g.add(bg).add(sums));
            [g, u.mul(h).add(one.sub(u).mul(g))]
        }
    }
    let units = bias.len() / 3;
    let [_, _, bg] = parts(bias, units);
    let outputs = rows_mut(z, 3 * units).zip(rows_mut(h, units));
    for ((z, h), sums) in outputs.zip(rows(sums, units)) {
        let [u, _, g] = parts_mut(z, units);
        each::<L, Kernel, 3, 2>([bg, sums, u], [g, h]);
    }
}

/// The gradients with respect to the gates' sums on the inputs' side, `dz`, and on the recurrent side,
/// `dsums`, from `dh`, which becomes what reaches the hidden values before the step on the direct way.
pub fn backward_after<L: Lanes>(
    [gates, kept, h_before]: [&[f32]; 3],
    dh: &mut [f32],
    dz: &mut [f32],
    dsums: &mut [f32],
    units: usize,
) {
    struct Kernel;
    impl<L: Lanes> Lanewise<L, 5, 7> for Kernel {
        #[inline(always)]
        fn at([u, r, g, k, h]: [L; 5], [dh, ..]: [L; 7]) -> [L; 7] {
            let one = L::splat(1.0);
            // σ' = σ·(1 − σ), tanh' = 1 − tanh².
            let open = |gate: L| gate.mul(one.sub(gate));
            let du = dh.mul(h.sub(g)).mul(open(u));
            let dg = dh.mul(one.sub(u)).mul(one.sub(g.mul(g)));
            let dr = dg.mul(k).mul(open(r));
            [dh.mul(u), du, dr, dg, du, dr, dg.mul(r)]
        }
    }
    let read = rows(gates, 3 * units)
        .zip(rows(kept, units))
        .zip(rows(h_before, units));
    let written = rows_mut(dh, units)
        .zip(rows_mut(dz, 3 * units))
        .zip(rows_mut(dsums, 3 * units));
    for (((gates, k), h), ((dh, dz), dsums)) in read.zip(written) {
        let [u, r, g] = parts(gates, units);
        let ([du, dr, dg], [eu, er, eg]) = (parts_mut(dz, units), parts_mut(dsums, units));
        each::<L, Kernel, 5, 7>([u, r, g, k, h], [dh, du, dr, dg, eu, er, eg]);
    }
}

/// Where the reset gate acts before the product, first part: `dz` of the update gate and of the candidate, from `dh`,
/// which becomes what reaches the hidden values before the step on the direct way.
pub fn backward_candidate<L: Lanes>(
    gates: &[f32],
    h_before: &[f32],
    dh: &mut [f32],
    dz: &mut [f32],
    units: usize,
) {
    struct Kernel;
    impl<L: Lanes> Lanewise<L, 3, 3> for Kernel {
        #[inline(always)]
        fn at([u, g, h]: [L; 3], [dh, ..]: [L; 3]) -> [L; 3] {
            let one = L::splat(1.0);
            [
                dh.mul(u),
                dh.mul(h.sub(g)).mul(u.mul(one.sub(u))),
                dh.mul(one.sub(u)).mul(one.sub(g.mul(g))),
            ]
        }
    }
    let read = rows(gates, 3 * units).zip(rows(h_before, units));
    let written = rows_mut(dh, units).zip(rows_mut(dz, 3 * units));
    for ((gates, h), (dh, dz)) in read.zip(written) {
        let ([u, _, g], [du, _, dg]) = (parts(gates, units), parts_mut(dz, units));
        each::<L, Kernel, 3, 3>([u, g, h], [dh, du, dg]);
    }
}

/// The second part: `dz` of the reset gate from `dkept`, the gradient with respect to `r·h`, which is also passed on
/// to `dh`.
pub fn backward_reset<L: Lanes>(
    [gates, h_before, dkept]: [&[f32]; 3],
    dh: &mut [f32],
    dz: &mut [f32],
    units: usize,
) {
    struct Kernel;
    impl<L: Lanes> Lanewise<L, 3, 2> for Kernel {
        #[inline(always)]
        fn at([r, h, dkept]: [L; 3], [dh, _]: [L; 2]) -> [L; 2] {
            let one = L::splat(1.0);
            [dh.add(dkept.mul(r)), dkept.mul(h).mul(r.mul(one.sub(r)))]
        }
    }
    let read = rows(gates, 3 * units)
        .zip(rows(h_before, units))
        .zip(rows(dkept, units));
    let written = rows_mut(dh, units).zip(rows_mut(dz, 3 * units));
    for (((gates, h), dkept), (dh, dz)) in read.zip(written) {
        let ([_, r, _], [_, dr, _]) = (parts::<3>(gates, units), parts_mut(dz, units));
        each::<L, Kernel, 3, 2>([r, h, dkept], [dh, dr]);
    }
}
