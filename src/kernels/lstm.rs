//! One step of a long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et
//! al. 2000): everything but the matrix products, in one pass forward and one pass back.
//!
//! Slices hold a row for each sample, with one value for each unit. Rows of `z`, `gates`, `dz`, `bias` and `sums` hold four
//! values for each unit: first all units' input gates, then the forget gates, the candidates and the output gates.
use super::elementwise::store_tail;
use super::transcendental::{sigmoid, tanh};
use crate::simd::Lanes;
use core::array::from_fn;

/// Sends `N` slices, with what is read beside them, through `f`, four elements at a time.
#[inline(always)]
pub(super) fn each<L: Lanes, const R: usize, const N: usize>(
    read: [&[f32]; R],
    mut state: [&mut [f32]; N],
    f: impl Fn([L; R], [L; N]) -> [L; N],
) {
    let len = state[0].len();
    let whole = len / 4;
    {
        let read = read.map(|x| &x.as_chunks::<4>().0[..whole]);
        let mut state = state
            .each_mut()
            .map(|x| &mut x.as_chunks_mut::<4>().0[..whole]);
        for at in 0..whole {
            let new = f(
                from_fn(|r| L::load(&read[r][at])),
                from_fn(|s| L::load(&state[s][at])),
            );
            for (x, new) in state.iter_mut().zip(new) {
                new.store(&mut x[at]);
            }
        }
    }
    if !len.is_multiple_of(4) {
        let tail = whole * 4..len;
        let padded = |x: &[f32]| {
            L::load(&from_fn(|lane| {
                x.get(whole * 4 + lane).copied().unwrap_or(0.0)
            }))
        };
        let new = f(
            from_fn(|r| padded(&read[r][..len])),
            from_fn(|s| padded(&state[s][..len])),
        );
        for (x, new) in state.iter_mut().zip(new) {
            store_tail(new, &mut x[tail.clone()]);
        }
    }
}

/// The four parts of `row`.
fn parts(row: &[f32]) -> [&[f32]; 4] {
    let units = row.len() / 4;
    from_fn(|part| &row[part * units..][..units])
}

/// The four parts of `row`.
fn parts_mut(row: &mut [f32]) -> [&mut [f32]; 4] {
    let units = row.len() / 4;
    let (front, back) = row[..4 * units].split_at_mut(2 * units);
    let ((i, f), (g, o)) = (front.split_at_mut(units), back.split_at_mut(units));
    [i, f, g, o]
}

/// `z` becomes the gates `i, f, o = σ(z + bias + sums)` and the candidate `g = tanh(z + bias + sums)`; then
/// `c ← f·c + i·g` and `h = o·tanh(c)`.
pub fn forward<L: Lanes>(
    z: &mut [f32],
    bias: &[f32],
    sums: &[f32],
    c: &mut [f32],
    tanh_c: &mut [f32],
    h: &mut [f32],
) {
    let units = (bias.len() / 4).max(1);
    let columns = 4 * units;
    let [bi, bf, bg, bo] = parts(bias);
    for ((((z, sums), c), tanh_c), h) in (z.chunks_exact_mut(columns))
        .zip(sums.chunks_exact(columns))
        .zip(c.chunks_exact_mut(units))
        .zip(tanh_c.chunks_exact_mut(units))
        .zip(h.chunks_exact_mut(units))
    {
        let ([si, sf, sg, so], [i, f, g, o]) = (parts(sums), parts_mut(z));
        each::<L, 8, 7>(
            [bi, bf, bg, bo, si, sf, sg, so],
            [i, f, g, o, c, tanh_c, h],
            |[bi, bf, bg, bo, si, sf, sg, so], [i, f, g, o, c, ..]| {
                let i = sigmoid(i.add(bi).add(si));
                let f = sigmoid(f.add(bf).add(sf));
                let g = tanh(g.add(bg).add(sg));
                let o = sigmoid(o.add(bo).add(so));
                let c = f.mul(c).add(i.mul(g));
                let tanh_c = tanh(c);
                [i, f, g, o, c, tanh_c, o.mul(tanh_c)]
            },
        );
    }
}

/// The values of one step that [`forward`] left for [`backward`].
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// `i, f, g, o`, as `z` became.
    pub gates: &'a [f32],
    /// The cells that the step began with.
    pub c_before: &'a [f32],
    /// `tanh` of those it ended with.
    pub tanh_c: &'a [f32],
}

/// The gradient `dz` with respect to the gates' sums, from `dh`; `dc`, the gradient with respect to the cells
/// from later steps, becomes that with respect to the cells before.
pub fn backward<L: Lanes>(step: Step, dh: &[f32], dc: &mut [f32], dz: &mut [f32], units: usize) {
    let one = L::splat(1.0);
    let (units, columns) = (units.max(1), 4 * units.max(1));
    for (((((gates, c_before), tanh_c), dh), dc), dz) in (step.gates.chunks_exact(columns))
        .zip(step.c_before.chunks_exact(units))
        .zip(step.tanh_c.chunks_exact(units))
        .zip(dh.chunks_exact(units))
        .zip(dc.chunks_exact_mut(units))
        .zip(dz.chunks_exact_mut(columns))
    {
        let [i, f, g, o] = parts(gates);
        let [di, df, dg, d_o] = parts_mut(dz);
        each::<L, 7, 5>(
            [i, f, g, o, c_before, tanh_c, dh],
            [dc, di, df, dg, d_o],
            |[i, f, g, o, c_before, tanh_c, dh], [dc, ..]| {
                // σ' = σ·(1 − σ), tanh' = 1 − tanh².
                let open = |gate: L| gate.mul(one.sub(gate));
                let bend = |y: L| one.sub(y.mul(y));
                let dc = dc.add(dh.mul(o).mul(bend(tanh_c)));
                [
                    dc.mul(f),
                    dc.mul(g).mul(open(i)),
                    dc.mul(c_before).mul(open(f)),
                    dc.mul(i).mul(bend(g)),
                    dh.mul(tanh_c).mul(open(o)),
                ]
            },
        );
    }
}
