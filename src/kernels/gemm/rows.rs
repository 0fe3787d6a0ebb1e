//! Products of a matrix that is mostly zeros. One or two rows of C are computed at a time, from lists of the places where
//! A's rows are not 0; sums of 32 or 16 columns stay in registers.
//!
//! Contiguous rows of A are taken one by one, because two samples are rarely 0 in the same places. Where A lies in memory
//! as its transpose, two rows are taken at a time: neighbouring pixels are mostly 0 together, and a row of B that has
//! been loaded serves both.
//!
//! A product with an element that is 0 does not change the bits of a sum, so it may be skipped, unless B holds an
//! infinity or NaN. Then nothing is skipped.
use super::lists::{Entry, GROUP, Groups, list_len, list_row, place};
use super::{MatRef, reduce};
use crate::kernels::sizes::LIMIT;
use crate::parallel::{
    LINE, MOST_STAGES, chunks, for_each, for_each_with_scratch, piece, pipeline, share, threads,
};
use crate::simd::Lanes;
use core::array::from_fn;
use core::ops::Range;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// With so few rows of A, packing B would not pay.
pub(super) const FEW: usize = 3;
/// With fewer columns of B, searching A for zeros would not pay.
const MIN_COLUMNS: usize = 32;
/// Below this number of floats, waking other threads to check them costs more than it saves.
const WORTH_SHARING: usize = 1 << 15;
/// A [`pipeline`] is worth filling and emptying with so many pieces,
const PIECES: usize = 16;
/// at positions that are multiples of this, as the pieces' borders are when a weight is updated.
const CUT: usize = 32;
/// The longest rows of A: lists of longer rows would need too much scratch.
pub(super) const MAX_K: usize = 8192;

pub(super) fn scratch_len(k: usize) -> usize {
    threads() * list_len(k.min(MAX_K))
}

/// A product `A·B` of which most of A is 0, and nothing in B keeps that from being used.
#[derive(Clone, Copy)]
pub struct MostlyZero<'a> {
    a: MatRef<'a>,
    b: MatRef<'a>,
}

impl<'a> MostlyZero<'a> {
    /// `None` if one of the other ways to multiply is faster.
    pub fn new<L: Lanes>(a: MatRef<'a>, b: MatRef<'a>) -> Option<Self> {
        let fits =
            is_numbered(b) && b.cols >= MIN_COLUMNS && (1..=MAX_K).contains(&a.cols) && a.rows > 0;
        let serves = fits && mostly_zero::<L>(a) && (b.finite || is_finite::<L>(b.data));
        serves.then_some(MostlyZero { a, b })
    }

    /// For factors that [`new`](MostlyZero::new) has accepted before.
    pub(crate) fn known(a: MatRef<'a>, b: MatRef<'a>) -> Self {
        MostlyZero { a, b }
    }

    /// How many floats of scratch [`rows`](MostlyZero::rows) needs.
    pub(crate) fn scratch_len(&self) -> usize {
        list_len(self.a.cols)
    }

    /// Whole rows of the product, from row `from` on, into `c`; `scratch` holds at least
    /// `scratch_len` floats.
    pub fn rows<L: Lanes>(&self, from: usize, c: &mut [f32], scratch: &mut [f32]) {
        rows::<L>(self.a, self.b, from, c, (true, false), scratch);
    }

    pub(super) fn gemm<L: Lanes>(&self, c: &mut [f32], accumulate: bool, scratch: &mut [f32]) {
        let (m, n, k) = (self.a.rows, self.b.cols, self.a.cols);
        let stages = threads();
        if self.a.col_stride == 1
            && (2..=MOST_STAGES).contains(&stages)
            && m >= PIECES
            && n * k >= WORTH_SHARING
        {
            // Each thread multiplies with its own part of a weight, which it has updated itself, so that it need not
            // go from core to core.
            let rows = m.div_ceil(PIECES);
            let cut = |stage| match stage {
                last if last == stages => k,
                stage => k * stage / stages / CUT * CUT,
            };
            let pieces = chunks(c, rows * n);
            pipeline(stages, pieces, scratch, |stage, piece, c, scratch| {
                let (k, accumulate) = (cut(stage)..cut(stage + 1), accumulate || stage > 0);
                lying_rows::<L>(
                    self.a,
                    self.b,
                    piece * rows,
                    k,
                    c,
                    (true, accumulate),
                    scratch,
                );
            });
            return;
        }
        let together = if self.a.col_stride == 1 { 1 } else { GROUP };
        let piece = piece(m, super::WORTH_SHARING / (n * k.div_ceil(3)), together);
        for_each_with_scratch(chunks(c, piece * n), scratch, |index, c, scratch| {
            rows::<L>(
                self.a,
                self.b,
                index * piece,
                c,
                (true, accumulate),
                scratch,
            );
        });
    }
}

/// Whether rows of B lie in one piece, at places that the 32 bits of a float can hold.
pub(super) fn is_numbered(b: MatRef) -> bool {
    b.col_stride == 1 && b.data.len() <= LIMIT
}

/// Whether two thirds of A are 0, judged by a sample of its elements.
fn mostly_zero<L: Lanes>(a: MatRef) -> bool {
    const SAMPLE: usize = 64;
    let all = &a.data[..(a.rows - 1) * a.row_stride + (a.cols - 1) * a.col_stride + 1];
    let (mut count, mut seen) = (0, 0);
    for sample in all.chunks(SAMPLE).step_by((all.len() / SAMPLE / 32).max(1)) {
        count += reduce::count_nonzero::<L>(sample);
        seen += sample.len();
    }
    3 * count <= seen
}

/// As [`reduce::is_finite`], on all threads. The parts are those in which weights are updated, so each thread checks
/// values that are in its own cache.
fn is_finite<L: Lanes>(x: &[f32]) -> bool {
    let finite = AtomicBool::new(true);
    let piece = share(x.len(), WORTH_SHARING, LINE);
    for_each(x.len().div_ceil(piece), |index| {
        let from = index * piece;
        if !reduce::is_finite::<L>(&x[from..x.len().min(from + piece)]) {
            finite.store(false, Relaxed);
        }
    });
    finite.into_inner()
}

/// The product of few rows with B.
pub(super) fn gemm<L: Lanes>(
    a: MatRef,
    b: MatRef,
    c: &mut [f32],
    accumulate: bool,
    scratch: &mut [f32],
) {
    let skip = b.finite || reduce::is_finite::<L>(b.data);
    rows::<L>(a, b, 0, c, (skip, accumulate), scratch);
}

/// The rows of `A·B` from row `from` on, as many as `c` has room for.
fn rows<L: Lanes>(
    a: MatRef,
    b: MatRef,
    from: usize,
    c: &mut [f32],
    (skip, accumulate): (bool, bool),
    scratch: &mut [f32],
) {
    let (n, k) = (b.cols, a.cols);
    if a.col_stride == 1 {
        return lying_rows::<L>(a, b, from, 0..k, c, (skip, accumulate), scratch);
    }
    let (mut groups, list) = Groups::new(a, skip, scratch);
    for (group, c) in c.chunks_mut(GROUP * n).enumerate() {
        let from = from + group * GROUP;
        groups.look::<L>(from..from + c.len() / n);
        for (pair, c) in c.chunks_mut(2 * n).enumerate() {
            let length = groups.list_pair(2 * pair, c.len() / n, b.row_stride, list);
            let (first, second) = c.split_at_mut(n);
            products::<L, 2, 3>(&list[..length], b.data, [first, second], accumulate);
        }
    }
}

/// As [`rows`], for an A whose rows are contiguous, and only over the positions `k`. It has two callers and is long.
#[inline(never)]
fn lying_rows<L: Lanes>(
    a: MatRef,
    b: MatRef,
    from: usize,
    k: Range<usize>,
    c: &mut [f32],
    (skip, accumulate): (bool, bool),
    scratch: &mut [f32],
) {
    let list = scratch.as_chunks_mut().0;
    for (row, c) in c.chunks_mut(b.cols).enumerate() {
        let a = &a.from(from + row, k.start)[..k.len()];
        let length = list_row::<L>(a, b.row_stride, skip, list);
        products::<L, 1, 2>(&list[..length], b.from(k.start, 0), [c], accumulate);
    }
}

/// Rows of C (the last is empty where there is one less): the listed elements times rows of B.
fn products<L: Lanes, const ROWS: usize, const N: usize>(
    list: &[Entry<N>],
    b: &[f32],
    mut c: [&mut [f32]; ROWS],
    accumulate: bool,
) {
    let n = c[0].len();
    let mut from = 0;
    // More sums do not fit into wasm's registers.
    while ROWS == 1 && from + 32 <= n {
        columns::<L, ROWS, N, 8>(list, b, from, &mut c, accumulate);
        from += 32;
    }
    while from + 16 <= n {
        columns::<L, ROWS, N, 4>(list, b, from, &mut c, accumulate);
        from += 16;
    }
    while from + 4 <= n {
        columns::<L, ROWS, N, 1>(list, b, from, &mut c, accumulate);
        from += 4;
    }
    for (row, c) in c.iter_mut().enumerate() {
        for column in from..c.len() {
            let mut sum = if accumulate { c[column] } else { 0.0 };
            for entry in list {
                sum += entry[2 * row] * b[place(entry) + column];
            }
            c[column] = sum;
        }
    }
}

/// `4·W` columns of these rows of C.
#[inline(always)]
fn columns<L: Lanes, const ROWS: usize, const N: usize, const W: usize>(
    list: &[Entry<N>],
    b: &[f32],
    from: usize,
    c: &mut [&mut [f32]; ROWS],
    accumulate: bool,
) {
    let mut sums = [[L::splat(0.0); W]; ROWS];
    if accumulate {
        for (sums, c) in sums.iter_mut().zip(&*c) {
            if let Some(c) = c
                .get(from..)
                .and_then(|c| c.as_chunks().0.first_chunk::<W>())
            {
                *sums = from_fn(|i| L::load(&c[i]));
            }
        }
    }
    let b = &b[from..];
    // All rows of B are there, and one at least; to leave instead of a panic keeps the sums in registers.
    let Some(last) = b.len().checked_sub(4 * W) else {
        return;
    };
    for entry in list {
        let at = place(entry);
        if at > last {
            break;
        }
        let b = &b[at..at + 4 * W];
        let a: [L; ROWS] = from_fn(|row| L::splat(entry[2 * row]));
        for (i, b) in b.as_chunks::<4>().0.iter().enumerate() {
            let b = L::load(b);
            for (a, sums) in a.iter().zip(&mut sums) {
                sums[i] = sums[i].mul_add(*a, b);
            }
        }
    }
    for (sums, c) in sums.iter().zip(c) {
        if let Some(c) = c
            .get_mut(from..)
            .and_then(|c| c.as_chunks_mut().0.first_chunk_mut::<W>())
        {
            for (sum, c) in sums.iter().zip(c) {
                sum.store(c);
            }
        }
    }
}
