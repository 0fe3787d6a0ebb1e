//! Matrix product: `C = A·B` or `C += A·B`, of views with any strides.
//!
//! Up to a length of `rows::MAX_K`, every element of C is the plain left fold over k, `((c + a₀b₀) + a₁b₁) + …`,
//! whatever the sizes, the threads and the way it is computed. So a row gives the same bits alone and in a batch, and
//! zeros may be skipped. Three ways: `blocks` for what is dense and large, `narrow` for few columns, `rows` where
//! most of A is 0 or there are few rows. Longer sums would lose precision that way: `long` adds up folds of equal
//! length.
mod blocks;
mod lists;
mod long;
mod narrow;
mod pack;
mod rows;

pub(super) use blocks::tile;
pub use lists::GROUP;
pub use rows::MostlyZero;

use super::reduce;
use crate::simd::Lanes;
use core::ops::Range;

/// Multiplications below which other threads are not worth waking.
const WORTH_SHARING: usize = 200_000;

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
    /// Whether all elements are known to be finite, so that no kernel has to check them.
    pub finite: bool,
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
            finite: false,
        }
    }

    /// The transpose; nothing moves.
    pub fn t(self) -> Self {
        MatRef {
            rows: self.cols,
            cols: self.rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
            ..self
        }
    }

    /// The rows `i` and columns `j`, in a slice that ends with the last of them.
    fn part(&self, i: Range<usize>, j: Range<usize>) -> Self {
        let (rows, cols) = (i.len(), j.len());
        let mut data = &self.data[..0];
        if rows > 0 && cols > 0 {
            let len = (rows - 1) * self.row_stride + (cols - 1) * self.col_stride + 1;
            data = &self.from(i.start, j.start)[..len];
        }
        MatRef {
            data,
            rows,
            cols,
            ..*self
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
    let long = if k > rows::MAX_K {
        long::scratch_len(m, n)
    } else {
        0
    };
    // Enough for smaller products too.
    let k = k.min(rows::MAX_K);
    blocks::scratch_len(m, n, k)
        .max(rows::scratch_len(k))
        .max(narrow::scratch_len(k))
        .max(long)
}

/// `c = a·b`, or `c += a·b` if `accumulate`. `c` is m×n row by row; `scratch` holds at least
/// [`scratch_len`] floats, whatever they are.
pub fn gemm<L: Lanes>(a: MatRef, b: MatRef, c: &mut [f32], accumulate: bool, scratch: &mut [f32]) {
    let (m, n, k) = (a.rows, b.cols, a.cols);
    assert!(b.rows == k && c.len() == m * n);
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 {
        if !accumulate {
            c.fill(0.0);
        }
        return;
    }
    if k > rows::MAX_K {
        long::gemm::<L>(a, b, c, accumulate, scratch);
    } else if m <= rows::FEW && rows::is_numbered(b) {
        rows::gemm::<L>(a, b, c, accumulate, scratch);
    } else if let Some(product) = MostlyZero::new::<L>(a, b) {
        product.gemm::<L>(c, accumulate, scratch);
    } else if narrow::serves(a, b) {
        narrow::gemm::<L>(a, b, c, accumulate, scratch);
    } else {
        blocks::gemm::<L>(a, b, c, accumulate, scratch);
    }
}
