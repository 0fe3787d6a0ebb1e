//! A row of C at a time, or two, from the places where A's rows are not 0: sums of 32 or 16 columns stay in
//! registers.
//!
//! Rows of A that lie in one piece are gone through one by one: where two samples are 0 has little in common.
//! Where A is the transpose of what lies in memory, two at a time: neighbouring pixels are mostly 0 together, and
//! what is loaded of B serves both.
//!
//! An element that is 0 adds 0 to a sum and leaves its bits, so it may be skipped, unless it meets an
//! infinity or NaN in B: then nothing is skipped.
use super::{MatRef, reduce};
use crate::parallel::{chunks, for_each_with_scratch, piece, threads};
use crate::simd::Lanes;
use core::array::from_fn;
use core::ops::Range;

/// Rows of a transposed A that are looked through at once.
pub const GROUP: usize = 8;
/// With so few rows packing B would not pay.
pub(super) const FEW: usize = 3;
/// With fewer columns looking through A would not pay.
const MIN_COLUMNS: usize = 32;
/// Longer rows would need too much scratch.
pub(super) const MAX_K: usize = 8192;

/// Where one of `N - 1` rows is not 0: their values, and the offset of B's row as bits.
type Entry<const N: usize> = [f32; N];

pub(super) fn scratch_len(k: usize) -> usize {
    threads() * list_len(k.min(MAX_K))
}

/// Floats for the lists of rows of length `k`: the positions of a group, and a pair's entries.
fn list_len(k: usize) -> usize {
    4 * k
}

/// A product `A·B` of which most of A is 0, and nothing in B keeps that from being used.
#[derive(Clone, Copy)]
pub struct MostlyZero<'a> {
    a: MatRef<'a>,
    b: MatRef<'a>,
}

impl<'a> MostlyZero<'a> {
    /// `None` if another way is faster.
    pub fn new<L: Lanes>(a: MatRef<'a>, b: MatRef<'a>) -> Option<Self> {
        let fits = b.col_stride == 1
            && b.cols >= MIN_COLUMNS
            && (1..=MAX_K).contains(&a.cols)
            && a.rows > 0;
        let serves = fits && mostly_zero::<L>(a) && reduce::is_finite::<L>(b.data);
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
    /// [`scratch_len`](MostlyZero::scratch_len) floats.
    pub fn rows<L: Lanes>(&self, from: usize, c: &mut [f32], scratch: &mut [f32]) {
        rows::<L>(self.a, self.b, from, c, (true, false), scratch);
    }

    pub(super) fn gemm<L: Lanes>(&self, c: &mut [f32], accumulate: bool, scratch: &mut [f32]) {
        let (m, n, k) = (self.a.rows, self.b.cols, self.a.cols);
        let piece = piece(m, super::WORTH_SHARING / (n * k.div_ceil(3)), GROUP);
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

/// Whether two thirds of A are 0, as far as a sample shows.
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

/// The product of few rows with B.
pub(super) fn gemm<L: Lanes>(
    a: MatRef,
    b: MatRef,
    c: &mut [f32],
    accumulate: bool,
    scratch: &mut [f32],
) {
    let skip = reduce::is_finite::<L>(b.data);
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
        let list = scratch.as_chunks_mut().0;
        for (row, c) in c.chunks_mut(n).enumerate() {
            let a = &a.from(from + row, 0)[..k];
            let length = list_row::<L>(a, b.row_stride, skip, list);
            products::<L, 1, 2>(&list[..length], b.data, [c], accumulate);
        }
        return;
    }
    let (positions, list) = scratch.split_at_mut(k);
    let list = list.as_chunks_mut().0;
    for (group, c) in c.chunks_mut(GROUP * n).enumerate() {
        let from = from + group * GROUP;
        let count = list_positions::<L>(a, from..from + c.len() / n, skip, positions);
        for (pair, c) in c.chunks_mut(2 * n).enumerate() {
            let row = from + 2 * pair;
            let rows = row..row + c.len() / n;
            let length = list_pair(a, rows, &positions[..count], b.row_stride, skip, list);
            let (first, second) = c.split_at_mut(n);
            products::<L, 2, 3>(&list[..length], b.data, [first, second], accumulate);
        }
    }
}

/// Lists what the row `a` holds; gives the list's length.
fn list_row<L: Lanes>(a: &[f32], stride: usize, skip: bool, list: &mut [Entry<2>]) -> usize {
    let mut length = 0;
    let mut put = |p: usize, x: f32| {
        list[length] = [x, f32::from_bits((p * stride) as u32)];
        length += usize::from(!skip || x != 0.0);
    };
    let (groups, tail) = a.as_chunks::<4>();
    for (group, x) in groups.iter().enumerate() {
        if !skip || !L::load(x).is_zero() {
            for (at, x) in x.iter().enumerate() {
                put(4 * group + at, *x);
            }
        }
    }
    for (at, x) in tail.iter().enumerate() {
        put(4 * groups.len() + at, *x);
    }
    length
}

/// Lists, as bits, where not all of the rows `i` of A (at most a group) are 0, as far as that is quick to see;
/// gives the list's length.
fn list_positions<L: Lanes>(a: MatRef, i: Range<usize>, skip: bool, list: &mut [f32]) -> usize {
    let mut length = 0;
    let quick = skip && a.row_stride == 1 && i.len() == GROUP;
    for p in 0..a.cols {
        let zero = quick
            && a.from(i.start, p).first_chunk::<GROUP>().is_some_and(|x| {
                let (fours, _) = x.as_chunks();
                L::load(&fours[0]).is_zero() & L::load(&fours[1]).is_zero()
            });
        list[length] = f32::from_bits(p as u32);
        length += usize::from(!zero);
    }
    length
}

/// Lists what one or two rows `i` of A hold at these positions; gives the list's length.
fn list_pair(
    a: MatRef,
    i: Range<usize>,
    positions: &[f32],
    stride: usize,
    skip: bool,
    list: &mut [Entry<3>],
) -> usize {
    let mut length = 0;
    let below = (i.len() > 1).then_some(a.row_stride);
    for p in positions {
        let p = p.to_bits() as usize;
        let rows = a.from(i.start, p);
        let (x, y) = (rows[0], below.map_or(0.0, |below| rows[below]));
        list[length] = [x, y, f32::from_bits((p * stride) as u32)];
        length += usize::from(!skip || x != 0.0 || y != 0.0);
    }
    length
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
        for (column, c) in c.iter_mut().enumerate().skip(from) {
            let start = if accumulate { *c } else { 0.0 };
            *c = list.iter().fold(start, |sum, entry| {
                sum + entry[row] * b[entry[ROWS].to_bits() as usize + column]
            });
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
    let mut sums: [[L; W]; ROWS] = from_fn(|row| {
        let c = c[row].get(from..).filter(|_| accumulate);
        let c = c.map_or(&[][..], |c| c.as_chunks::<4>().0);
        from_fn(|i| c.get(i).map_or(L::splat(0.0), L::load))
    });
    let b = &b[from..];
    // All rows of B are there, and one at least; to leave instead of a panic keeps the sums in registers.
    let Some(last) = b.len().checked_sub(4 * W) else {
        return;
    };
    for entry in list {
        let at = entry[ROWS].to_bits() as usize;
        if at > last {
            break;
        }
        let b = &b[at..at + 4 * W];
        let a: [L; ROWS] = from_fn(|row| L::splat(entry[row]));
        for (i, b) in b.as_chunks::<4>().0.iter().enumerate() {
            let b = L::load(b);
            for (a, sums) in a.iter().zip(&mut sums) {
                sums[i] = sums[i].mul_add(*a, b);
            }
        }
    }
    for (sums, c) in sums.into_iter().zip(c) {
        let c = c
            .get_mut(from..)
            .map_or(&mut [][..], |c| c.as_chunks_mut::<4>().0);
        for (sum, c) in sums.into_iter().zip(c) {
            sum.store(c);
        }
    }
}
