//! One step of a long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et
//! al. 2000): everything but the matrix products, in one pass forward and one pass back.
//!
//! Slices hold a row for each sample, with one value for each unit. Rows of `z`, `gates`, `dz`, `bias` and `sums` hold four
//! values for each unit: first all units' input gates, then the forget gates, the candidates and the output gates.
use super::elementwise::store_tail;
use super::transcendental::{sigmoid, tanh};
use crate::simd::Lanes;
use core::array::from_fn;

/// What is done to four elements of each slice. A trait and not a closure: its function can be told to become part of each
/// loop, where a large closure is called, with its arguments in memory, if functions are compiled for size.
pub(super) trait Lanewise<L, const R: usize, const N: usize> {
    /// The new elements of the slices that change.
    fn at(read: [L; R], state: [L; N]) -> [L; N];
}

/// Sends `N` slices, with what is read beside them, through `S`, four elements at a time.
#[inline(always)]
pub(super) fn each<L: Lanes, S: Lanewise<L, R, N>, const R: usize, const N: usize>(
    read: [&[f32]; R],
    mut state: [&mut [f32]; N],
) {
    let len = state[0].len();
    let whole = len / 4;
    {
        let read = read.map(|x| &x.as_chunks::<4>().0[..whole]);
        let mut state = state
            .each_mut()
            .map(|x| &mut x.as_chunks_mut::<4>().0[..whole]);
        for at in 0..whole {
            let new = S::at(
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
        let new = S::at(
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
    struct Kernel;
    impl<L: Lanes> Lanewise<L, 8, 7> for Kernel {
        #[inline(always)]
        fn at([bi, bf, bg, bo, si, sf, sg, so]: [L; 8], [i, f, g, o, c, ..]: [L; 7]) -> [L; 7] {
            let i = sigmoid(i.add(bi).add(si));
            let f = sigmoid(f.add(bf).add(sf));
            let g = tanh(g.add(bg).add(sg));
            let o = sigmoid(o.add(bo).add(so));
            let c = f.mul(c).add(i.mul(g));
            let tanh_c = tanh(c);
            [i, f, g, o, c, tanh_c, o.mul(tanh_c)]
        }
    }
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
        each::<L, Kernel, 8, 7>([bi, bf, bg, bo, si, sf, sg, so], [i, f, g, o, c, tanh_c, h]);
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
    struct Kernel;
    impl<L: Lanes> Lanewise<L, 7, 5> for Kernel {
        #[inline(always)]
        fn at([i, f, g, o, c_before, tanh_c, dh]: [L; 7], [dc, ..]: [L; 5]) -> [L; 5] {
            let one = L::splat(1.0);
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
        }
    }
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
        each::<L, Kernel, 7, 5>([i, f, g, o, c_before, tanh_c, dh], [dc, di, df, dg, d_o]);
    }
}
