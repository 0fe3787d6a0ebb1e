//! The scheme of Goto and van de Geijn (2008): blocks of A and B are packed so that a tile of 4×8
//! results stays in registers while the inner loop reads both in order.
use super::{MatRef, pack};
use crate::parallel::{chunks, for_each_with_scratch, share, threads};
use crate::simd::Lanes;
use core::array::from_fn;
use core::ops::Range;

/// Rows and columns of the tile of C that is kept in registers. Larger tiles spill to memory on wasm.
const ROWS: usize = 4;
const COLUMNS: usize = 8;
/// Length of k that the inner loop goes through at once: a tile's columns of B (8 KB) stay in the first-level cache.
const BLOCK_K: usize = 256;
/// Length of k for which B is packed at once.
const PACK_K: usize = 4 * BLOCK_K;
/// Rows of A packed at once (64 KB).
const BLOCK_M: usize = 64;
/// Columns of B packed at once.
const BLOCK_N: usize = 512;

/// Floats of scratch. Each thread packs its own copies of the blocks of A and B that it reads.
pub(super) fn scratch_len(m: usize, n: usize, k: usize) -> usize {
    let b = k.min(PACK_K) * n.min(BLOCK_N).next_multiple_of(4);
    let a = k.min(BLOCK_K) * m.min(BLOCK_M).next_multiple_of(ROWS);
    threads() * (b + a)
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
        let from = index * rows;
        part::<L>(a, from..from + c.len() / n, b, c, accumulate, scratch);
    });
}

/// The rows `i` of the product, which are `c`.
fn part<L: Lanes>(
    a: MatRef,
    i: Range<usize>,
    b: MatRef,
    c: &mut [f32],
    accumulate: bool,
    scratch: &mut [f32],
) {
    let (n, k) = (b.cols, a.cols);
    for k_from in (0..k).step_by(PACK_K) {
        let k_end = k.min(k_from + PACK_K);
        for n_from in (0..n).step_by(BLOCK_N) {
            let columns = BLOCK_N.min(n - n_from);
            let (packed, scratch) =
                scratch.split_at_mut((k_end - k_from) * columns.next_multiple_of(4));
            pack_b::<L>(b, k_from..k_end, n_from..n_from + columns, packed);
            let b = |from| Packed {
                data: packed,
                k: k_end - k_from,
                from: from - k_from,
            };
            for (block, c) in c.chunks_mut(BLOCK_M * n).enumerate() {
                let (from, m) = (i.start + block * BLOCK_M, c.len() / n);
                for block_from in (k_from..k_end).step_by(BLOCK_K) {
                    let block = block_from..k_end.min(block_from + BLOCK_K);
                    let a_packed = &mut scratch[..block.len() * m.next_multiple_of(ROWS)];
                    pack::panels::<L>(a, from..from + m, block.clone(), ROWS, a_packed);
                    let (b, c) = (b(block_from), &mut c[n_from..]);
                    let accumulate = accumulate || block_from > 0;
                    tiles::<L>(a_packed, b, block.len(), c, n, columns, accumulate);
                }
            }
        }
    }
}

/// Packed columns of B, panel by panel, each `k` long. The product reads the positions from `from` on.
#[derive(Clone, Copy)]
struct Packed<'a> {
    data: &'a [f32],
    k: usize,
    from: usize,
}

/// Packs columns `j` of B in panels of [`COLUMNS`] columns; the last panel has 4 if no more are left.
fn pack_b<L: Lanes>(b: MatRef, k: Range<usize>, j: Range<usize>, packed: &mut [f32]) {
    let whole = packed.len() / (COLUMNS * k.len()) * COLUMNS;
    let (eights, four) = packed.split_at_mut(whole * k.len());
    let middle = j.end.min(j.start + whole);
    pack::panels::<L>(b.t(), j.start..middle, k.clone(), COLUMNS, eights);
    pack::panels::<L>(b.t(), middle..j.end, k, 4, four);
}

/// Computes every tile of a block of C. `c` starts with the block's first element, its rows are `n` apart, and the block
/// is `columns` wide.
fn tiles<L: Lanes>(
    a: &[f32],
    b: Packed,
    k: usize,
    c: &mut [f32],
    n: usize,
    columns: usize,
    accumulate: bool,
) {
    for (panel, b_panel) in b.data.chunks(COLUMNS * b.k).enumerate() {
        let from = panel * COLUMNS;
        let width = b_panel.len() / b.k;
        let b_panel = &b_panel[b.from * width..][..k * width];
        for (panel, a) in a.chunks_exact(ROWS * k).enumerate() {
            let c = &mut c[panel * ROWS * n + from..];
            let rows = ROWS.min(c.len().div_ceil(n));
            if rows == ROWS && from + width <= columns {
                tile::<L>(a, b_panel, width, c, n, accumulate);
            } else {
                edge::<L>(
                    a,
                    b_panel,
                    width,
                    c,
                    n,
                    (rows, width.min(columns - from)),
                    accumulate,
                );
            }
        }
    }
}

/// A tile that reaches over C's edge. The whole tile is computed in an array of its own, and the part inside C copied.
fn edge<L: Lanes>(
    a: &[f32],
    b: &[f32],
    width: usize,
    c: &mut [f32],
    n: usize,
    (rows, columns): (usize, usize),
    accumulate: bool,
) {
    let mut whole = [0.0; ROWS * COLUMNS];
    for (whole, c) in whole.chunks_exact_mut(COLUMNS).zip(c.chunks(n)).take(rows) {
        whole[..columns].copy_from_slice(&c[..columns]);
    }
    tile::<L>(a, b, width, &mut whole, COLUMNS, accumulate);
    for (whole, c) in whole.chunks_exact(COLUMNS).zip(c.chunks_mut(n)).take(rows) {
        c[..columns].copy_from_slice(&whole[..columns]);
    }
}

/// One tile of C, its rows `n` apart, from a packed panel of A and one of B, which is `width` wide: 8 or 4. It has
/// several callers and is long.
#[inline(never)]
pub(in crate::kernels) fn tile<L: Lanes>(
    a: &[f32],
    b: &[f32],
    width: usize,
    c: &mut [f32],
    n: usize,
    accumulate: bool,
) {
    if width == COLUMNS {
        tile_of::<L, 2>(a, b, c, n, accumulate);
    } else {
        tile_of::<L, 1>(a, b, c, n, accumulate);
    }
}

/// One tile of `4·W` columns.
#[inline(always)]
fn tile_of<L: Lanes, const W: usize>(
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
    n: usize,
    accumulate: bool,
) {
    let mut rows = c.chunks_mut(n);
    let mut rows: [&mut [[f32; 4]]; ROWS] = from_fn(|_| {
        rows.next()
            .map_or(&mut [][..], |row| row.as_chunks_mut::<4>().0)
    });
    let mut sums: [[L; W]; ROWS] = from_fn(|row| {
        from_fn(|i| {
            if accumulate {
                L::load(&rows[row][i])
            } else {
                L::splat(0.0)
            }
        })
    });
    // The shape of this loop matters: zipped arrays, no unrolling by hand (see the benchmark).
    for (a, b) in a
        .as_chunks::<ROWS>()
        .0
        .iter()
        .zip(b.as_chunks::<4>().0.as_chunks::<W>().0)
    {
        let b = b.each_ref().map(L::load);
        for (a, sums) in a.iter().zip(&mut sums) {
            let a = L::splat(*a);
            for (b, sum) in b.iter().zip(sums) {
                *sum = sum.mul_add(a, *b);
            }
        }
    }
    for (row, sums) in rows.iter_mut().zip(sums) {
        for (c, sum) in row.iter_mut().zip(sums) {
            sum.store(c);
        }
    }
}
