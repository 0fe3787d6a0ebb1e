//! Products with few columns. Each element of A is read once, where it lies, so packing A would not pay. B is packed
//! block by block, its rows filled up to whole vectors.
use super::{MatRef, pack};
use crate::parallel::{chunks, for_each_with_scratch, share, threads};
use crate::simd::Lanes;

/// Rows of the tile that is kept in registers, three vectors each. With a third row wasm's registers would not suffice.
const ROWS: usize = 2;
const VECTORS: usize = 3;
/// The most columns.
const COLUMNS: usize = 4 * VECTORS;
/// Length of k that is gone through at once: B's block (12 KB) stays in the first cache.
const BLOCK_K: usize = 256;

/// Whether these factors are multiplied this way. It is faster than [`super::blocks`] where C is a little wider than a
/// tile there, and where rows or columns of A are contiguous.
pub(super) fn serves(a: MatRef, b: MatRef) -> bool {
    (a.col_stride == 1 || a.row_stride == 1) && (9..=COLUMNS).contains(&b.cols)
}

pub(super) fn scratch_len(k: usize) -> usize {
    threads() * k.min(BLOCK_K) * COLUMNS
}

/// A function of its own, so that a profile tells the ways of multiplying from each other.
#[inline(never)]
pub(super) fn gemm<L: Lanes>(
    a: MatRef,
    b: MatRef,
    c: &mut [f32],
    accumulate: bool,
    scratch: &mut [f32],
) {
    let (m, n, k) = (a.rows, b.cols, a.cols);
    let rows = share(m, super::WORTH_SHARING / (n * k), ROWS);
    for_each_with_scratch(chunks(c, rows * n), scratch, |index, c, scratch| {
        for from in (0..k).step_by(BLOCK_K) {
            let block = from..k.min(from + BLOCK_K);
            let packed = &mut scratch[..block.len() * COLUMNS];
            pack::panels::<L>(b.t(), 0..n, block.clone(), COLUMNS, packed);
            let accumulate = accumulate || from > 0;
            for (tile, c) in c.chunks_mut(ROWS * n).enumerate() {
                let from = index * rows + tile * ROWS;
                // Past the end the last row is computed again.
                let below = usize::from(c.len() > n);
                // One loop with any step between columns is a third slower.
                if a.col_stride == 1 {
                    let [x, y] =
                        [0, below].map(|row| &a.from(from + row, block.start)[..block.len()]);
                    let pairs = x.iter().zip(y).map(|(x, y)| [*x, *y]);
                    tile_of::<L>(pairs, packed, c, n, accumulate);
                } else {
                    let across = a.from(from, block.start).chunks(a.col_stride);
                    tile_of::<L>(across.map(|x| [x[0], x[below]]), packed, c, n, accumulate);
                }
            }
        }
    });
}

/// Rows of C, as many as `c` has, from the elements of A in these rows, position by position, and from B's block.
#[inline(always)]
fn tile_of<L: Lanes>(
    a: impl Iterator<Item = [f32; ROWS]>,
    b: &[f32],
    c: &mut [f32],
    n: usize,
    accumulate: bool,
) {
    let mut whole = [[[0.0; 4]; VECTORS]; ROWS];
    if accumulate {
        for (whole, c) in whole.iter_mut().zip(c.chunks_exact(n)) {
            for (whole, c) in whole.as_flattened_mut().iter_mut().zip(c) {
                *whole = *c;
            }
        }
    }
    let mut sums = whole.each_ref().map(|row| row.each_ref().map(L::load));
    let b = b.as_chunks::<4>().0.as_chunks::<VECTORS>().0;
    for (b, a) in b.iter().zip(a) {
        let b = b.each_ref().map(L::load);
        for (a, sums) in a.iter().zip(&mut sums) {
            let a = L::splat(*a);
            for (b, sum) in b.iter().zip(sums) {
                *sum = sum.mul_add(a, *b);
            }
        }
    }
    for (c, sums) in c.chunks_exact_mut(n).zip(&sums) {
        let (vectors, rest) = c.as_chunks_mut::<4>();
        for (c, sum) in vectors.iter_mut().zip(sums) {
            sum.store(c);
        }
        if let Some(last) = sums.get(vectors.len()) {
            for (c, sum) in rest.iter_mut().zip(&last.to_array()) {
                *c = *sum;
            }
        }
    }
}
