//! Matrix product: `C = A·B` or `C += A·B`, of views with any strides.
//!
//! The scheme of Goto and van de Geijn (2008): blocks of A and B are packed so that a tile of 4×8
//! results stays in registers while the inner loop reads both in order. Every element of C is summed
//! over k in the same order, whatever the sizes of the other sides: a row gives the same bits alone
//! and in a batch.
use crate::simd::Lanes;

/// Rows and columns of the tile that is kept in registers. Larger ones spill on wasm.
const TILE_ROWS: usize = 4;
const TILE_COLUMNS: usize = 8;
/// Length of k that is packed at once: a tile's columns of B (8 KB) stay in the first cache.
const BLOCK_K: usize = 256;
/// Rows of A packed at once (64 KB).
const BLOCK_M: usize = 64;
/// Columns of B packed at once (512 KB).
const BLOCK_N: usize = 512;

/// A matrix in a slice: element (i, j) is `data[i · row_stride + j · col_stride]`.
#[derive(Clone, Copy, Debug)]
pub struct MatRef<'a> {
    /// The elements, from (0, 0) on.
    pub data: &'a [f32],
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
    /// Distance from an element to the one below.
    pub row_stride: usize,
    /// Distance from an element to the one to the right.
    pub col_stride: usize,
}

impl<'a> MatRef<'a> {
    /// The matrix that lies in `data` row by row.
    pub fn row_major(data: &'a [f32], rows: usize, cols: usize) -> Self {
        debug_assert_eq!(data.len(), rows * cols);
        MatRef {
            data,
            rows,
            cols,
            row_stride: cols,
            col_stride: 1,
        }
    }

    /// The transpose; nothing moves.
    pub fn t(self) -> Self {
        let MatRef {
            data,
            rows,
            cols,
            row_stride,
            col_stride,
        } = self;
        MatRef {
            data,
            rows: cols,
            cols: rows,
            row_stride: col_stride,
            col_stride: row_stride,
        }
    }

    /// Row `i` from column `j` on.
    #[inline(always)]
    fn from(&self, i: usize, j: usize) -> &'a [f32] {
        &self.data[i * self.row_stride + j * self.col_stride..]
    }
}

/// How many floats of scratch [`gemm`] needs for m×k times k×n.
pub fn scratch_len(m: usize, n: usize, k: usize) -> usize {
    let k = k.min(BLOCK_K);
    k * (m.min(BLOCK_M) + n.min(BLOCK_N).next_multiple_of(4))
}

/// `c = a·b`, or `c += a·b` if `accumulate`. `c` is m×n row by row; `scratch` holds at least
/// [`scratch_len`] floats, whatever they are.
pub fn gemm<L: Lanes>(a: MatRef, b: MatRef, c: &mut [f32], accumulate: bool, scratch: &mut [f32]) {
    let (m, n, k) = (a.rows, b.cols, a.cols);
    assert!(b.rows == k && c.len() == m * n);
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 && !accumulate {
        c.fill(0.0);
    }
    for k_from in (0..k).step_by(BLOCK_K) {
        let k_block = BLOCK_K.min(k - k_from);
        let accumulate = accumulate || k_from > 0;
        for n_from in (0..n).step_by(BLOCK_N) {
            let n_block = BLOCK_N.min(n - n_from);
            let (b_packed, a_packed) = scratch.split_at_mut(k_block * n_block.next_multiple_of(4));
            pack_b(
                b,
                k_from..k_from + k_block,
                n_from..n_from + n_block,
                b_packed,
            );
            for m_from in (0..m).step_by(BLOCK_M) {
                let m_block = BLOCK_M.min(m - m_from);
                let a_packed = &mut a_packed[..k_block * m_block];
                pack_a(
                    a,
                    m_from..m_from + m_block,
                    k_from..k_from + k_block,
                    a_packed,
                );
                let c = &mut c[m_from * n + n_from..];
                block::<L>(a_packed, b_packed, c, n, n_block, k_block, accumulate);
            }
        }
    }
}

/// Packs rows `i` of A in panels of [`TILE_ROWS`] (the last may have fewer), each column by column.
fn pack_a(a: MatRef, i: core::ops::Range<usize>, k: core::ops::Range<usize>, packed: &mut [f32]) {
    let mut from = i.start;
    for panel in packed.chunks_mut(TILE_ROWS * k.len()) {
        let rows = panel.len() / k.len();
        if rows == TILE_ROWS && a.row_stride == 1 {
            for (p, to) in panel.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                to.copy_from_slice(&a.from(from, k.start + p)[..TILE_ROWS]);
            }
        } else if rows == TILE_ROWS {
            let [r0, r1, r2, r3]: [&[f32]; 4] = core::array::from_fn(|r| a.from(from + r, k.start));
            for (p, to) in panel.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                let at = p * a.col_stride;
                *to = [r0[at], r1[at], r2[at], r3[at]];
            }
        } else {
            for r in 0..rows {
                let row = a.from(from + r, k.start);
                for (p, to) in panel[r..].iter_mut().step_by(rows).enumerate() {
                    *to = row[p * a.col_stride];
                }
            }
        }
        from += rows;
    }
}

/// Packs columns `j` of B in panels of [`TILE_COLUMNS`], the last of 4 if that is enough, filled up
/// with zeros; each row by row.
fn pack_b(b: MatRef, k: core::ops::Range<usize>, j: core::ops::Range<usize>, packed: &mut [f32]) {
    let mut from = j.start;
    for panel in packed.chunks_mut(TILE_COLUMNS * k.len()) {
        let width = panel.len() / k.len();
        let columns = width.min(j.end - from);
        for (p, to) in panel.chunks_exact_mut(width).enumerate() {
            let row = b.from(k.start + p, from);
            if columns == TILE_COLUMNS && b.col_stride == 1 {
                to.copy_from_slice(&row[..TILE_COLUMNS]);
            } else {
                for (column, to) in to.iter_mut().enumerate() {
                    *to = if column < columns {
                        row[column * b.col_stride]
                    } else {
                        0.0
                    };
                }
            }
        }
        from += columns;
    }
}

/// The product of packed blocks: every tile of C, `c` being the block's first element onward.
fn block<L: Lanes>(
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
    n: usize,
    n_block: usize,
    k: usize,
    accumulate: bool,
) {
    for (panel, b) in b.chunks(TILE_COLUMNS * k).enumerate() {
        let column = panel * TILE_COLUMNS;
        let columns = TILE_COLUMNS.min(n_block - column);
        for (panel, a) in a.chunks(TILE_ROWS * k).enumerate() {
            let c = &mut c[panel * TILE_ROWS * n + column..];
            match (a.len() / k, b.len() / k) {
                (4, 8) => tile::<L, 4, 2>(a, b, c, n, columns, accumulate),
                (3, 8) => tile::<L, 3, 2>(a, b, c, n, columns, accumulate),
                (2, 8) => tile::<L, 2, 2>(a, b, c, n, columns, accumulate),
                (1, 8) => tile::<L, 1, 2>(a, b, c, n, columns, accumulate),
                (4, _) => tile::<L, 4, 1>(a, b, c, n, columns, accumulate),
                (3, _) => tile::<L, 3, 1>(a, b, c, n, columns, accumulate),
                (2, _) => tile::<L, 2, 1>(a, b, c, n, columns, accumulate),
                _ => tile::<L, 1, 1>(a, b, c, n, columns, accumulate),
            }
        }
    }
}

/// One tile of `R` rows and `4·W` columns, of which `columns` are written.
#[inline(always)]
fn tile<L: Lanes, const R: usize, const W: usize>(
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
    n: usize,
    columns: usize,
    accumulate: bool,
) {
    let mut sums = [[L::splat(0.0); W]; R];
    // The shape of this loop matters: zipped arrays, no unrolling by hand (see the benchmark).
    for (a, b) in a
        .as_chunks::<R>()
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
    for (row, sums) in sums.iter().enumerate() {
        let c = &mut c[row * n..][..columns];
        if columns == 4 * W {
            for (sum, c) in sums.iter().zip(c.as_chunks_mut::<4>().0) {
                if accumulate {
                    L::load(c).add(*sum)
                } else {
                    *sum
                }
                .store(c);
            }
        } else {
            let sums = sums.map(L::to_array);
            for (sum, c) in sums.as_flattened().iter().zip(c) {
                *c = if accumulate { *c + sum } else { *sum };
            }
        }
    }
}
