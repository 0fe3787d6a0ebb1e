//! Products whose sums over k are so long that rounding errors would add up: with k = 4,000,000 a left fold may be off
//! by 0.2 %. Each element is the sum of left folds of [`FOLD`] products, and what rounding takes from that sum is added up
//! beside it and given back at the end. The folds begin at multiples of [`FOLD`] whatever the sizes and
//! the threads, so the bits depend on neither.
use super::MatRef;
use crate::kernels::compensated;
use crate::simd::Lanes;

/// Products of a left fold: with so few, an error of half a bit in every addition stays below 5e-6.
const FOLD: usize = 128;
/// Values of C that are summed at once, so that the three arrays that belong to them stay in the second cache.
const AREA: usize = 1 << 15;

/// Rows and columns that are summed at once.
fn area(m: usize, n: usize) -> (usize, usize) {
    let columns = n.clamp(1, AREA);
    (m.clamp(1, (AREA / columns).max(1)), columns)
}

/// Sums, rounding errors and folds of an area, and what the folds' products need.
pub(super) fn scratch_len(m: usize, n: usize) -> usize {
    let (rows, columns) = area(m, n);
    3 * rows * columns + super::scratch_len(rows, columns, FOLD)
}

pub(super) fn gemm<L: Lanes>(
    a: MatRef,
    b: MatRef,
    c: &mut [f32],
    accumulate: bool,
    scratch: &mut [f32],
) {
    let (m, n, k) = (a.rows, b.cols, a.cols);
    let (rows, columns) = area(m, n);
    for i in (0..m).step_by(rows) {
        let i = i..m.min(i + rows);
        for j in (0..n).step_by(columns) {
            let j = j..n.min(j + columns);
            let len = i.len() * j.len();
            let (sums, scratch) = scratch.split_at_mut(len);
            let (errors, scratch) = scratch.split_at_mut(len);
            let (fold, scratch) = scratch.split_at_mut(len);
            sums.fill(0.0);
            errors.fill(0.0);
            if accumulate {
                let rows = sums.chunks_exact_mut(j.len()).zip(i.clone());
                rows.for_each(|(sums, i)| sums.copy_from_slice(&c[i * n..][j.clone()]));
            }
            for from in (0..k).step_by(FOLD) {
                let p = from..k.min(from + FOLD);
                let (a, b) = (a.part(i.clone(), p.clone()), b.part(p, j.clone()));
                super::gemm::<L>(a, b, fold, false, scratch);
                compensated::add::<L>(sums, errors, fold);
            }
            let values = sums.chunks_exact(j.len()).zip(errors.chunks_exact(j.len()));
            for ((sums, errors), i) in values.zip(i.clone()) {
                let c = &mut c[i * n..][j.clone()];
                for ((c, sum), error) in c.iter_mut().zip(sums).zip(errors) {
                    *c = sum + error;
                }
            }
        }
    }
}
