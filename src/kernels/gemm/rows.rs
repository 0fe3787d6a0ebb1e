//! Two rows of C at a time, from the places where A's rows are not both 0: sums of 16 columns stay in
//! registers.
//!
//! An element that is 0 adds 0 to a sum and leaves its bits, so it may be skipped, unless it meets an
//! infinity or NaN in B: then nothing is skipped.
use super::{MatRef, reduce};
use crate::parallel::{chunks, for_each_with_scratch, piece, threads};
use crate::simd::Lanes;
use core::array::from_fn;
use core::ops::Range;

/// Rows that are looked through at once: two pairs.
const GROUP: usize = 4;
/// Vectors of sums for each row of a pair: twice as many do not fit into wasm's registers.
const SUMS: usize = 4;
/// With so few rows packing B would not pay.
pub(super) const FEW: usize = 3;
/// With fewer columns looking through A would not pay.
const MIN_COLUMNS: usize = 32;
/// Longer rows would need too much scratch.
pub(super) const MAX_K: usize = 8192;

/// Where a pair of rows is not 0: both values, and the offset of B's row as bits.
type Entry = [f32; 3];

pub(super) fn scratch_len(k: usize) -> usize {
    threads() * list_len(k.min(MAX_K))
}

/// Floats for the lists of a group of rows of length `k`.
fn list_len(k: usize) -> usize {
    GROUP / 2 * size_of::<Entry>() / size_of::<f32>() * k
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
    let (first, second) = scratch.as_chunks_mut().0.split_at_mut(k);
    let mut lists = [first, &mut second[..k]];
    for (group, c) in c.chunks_mut(GROUP * n).enumerate() {
        let from = from + group * GROUP;
        let lengths = list::<L>(&a, from..from + c.len() / n, b.row_stride, skip, &mut lists);
        for ((list, length), c) in lists.iter().zip(lengths).zip(c.chunks_mut(2 * n)) {
            let (first, second) = c.split_at_mut(n);
            pair::<L>(&list[..length], b.data, [first, second], accumulate);
        }
    }
}

/// Lists what the rows `i` of A (at most a group) hold, pair by pair; gives the lists' lengths.
fn list<L: Lanes>(
    a: &MatRef,
    i: Range<usize>,
    stride: usize,
    skip: bool,
    lists: &mut [&mut [Entry]; 2],
) -> [usize; 2] {
    let mut lengths = [0; 2];
    let mut put = |pair: usize, p: usize, first: f32, second: f32| {
        lists[pair][lengths[pair]] = [first, second, f32::from_bits((p * stride) as u32)];
        lengths[pair] += usize::from(!skip || first != 0.0 || second != 0.0);
    };
    if a.row_stride == 1 && i.len() == GROUP {
        for p in 0..a.cols {
            let [x, y, z, w] = a.from(i.start, p).first_chunk().expect("four rows");
            if !skip || !L::load(&[*x, *y, *z, *w]).is_zero() {
                put(0, p, *x, *y);
                put(1, p, *z, *w);
            }
        }
        return lengths;
    }
    for (pair, first) in i.clone().step_by(2).enumerate() {
        let row = a.from(first, 0);
        let below = if first + 1 < i.end {
            a.from(first + 1, 0)
        } else {
            &[]
        };
        let mut from = 0;
        if a.col_stride == 1 {
            let (groups, below) = (row[..a.cols].as_chunks::<4>().0, below.as_chunks::<4>().0);
            for (group, x) in groups.iter().enumerate() {
                let y = below.get(group).unwrap_or(&[0.0; 4]);
                if !skip || !L::load(x).is_zero() || !L::load(y).is_zero() {
                    for (at, (x, y)) in x.iter().zip(y).enumerate() {
                        put(pair, 4 * group + at, *x, *y);
                    }
                }
            }
            from = 4 * groups.len();
        }
        for p in from..a.cols {
            let at = p * a.col_stride;
            put(pair, p, row[at], below.get(at).copied().unwrap_or(0.0));
        }
    }
    lengths
}

/// Two rows of C (the second is empty where there is only one): the listed elements times rows of B.
fn pair<L: Lanes>(list: &[Entry], b: &[f32], mut c: [&mut [f32]; 2], accumulate: bool) {
    let n = c[0].len();
    let mut from = 0;
    while from + 4 * SUMS <= n {
        columns::<L, SUMS>(list, b, from, &mut c, accumulate);
        from += 4 * SUMS;
    }
    while from + 4 <= n {
        columns::<L, 1>(list, b, from, &mut c, accumulate);
        from += 4;
    }
    for (row, c) in c.iter_mut().enumerate() {
        for (column, c) in c.iter_mut().enumerate().skip(from) {
            let start = if accumulate { *c } else { 0.0 };
            *c = list.iter().fold(start, |sum, entry| {
                sum + entry[row] * b[entry[2].to_bits() as usize + column]
            });
        }
    }
}

/// `4·W` columns of two rows of C.
#[inline(always)]
fn columns<L: Lanes, const W: usize>(
    list: &[Entry],
    b: &[f32],
    from: usize,
    c: &mut [&mut [f32]; 2],
    accumulate: bool,
) {
    let mut sums: [[L; W]; 2] = from_fn(|row| {
        let c = c[row].get(from..).filter(|_| accumulate);
        let c = c.map_or(&[][..], |c| c.as_chunks::<4>().0);
        from_fn(|i| c.get(i).map_or(L::splat(0.0), L::load))
    });
    let b = &b[from..];
    for [first, second, at] in list {
        let at = at.to_bits() as usize;
        // All rows of B are there; to say so with `else` keeps a call out of the loop, and the sums in registers.
        let Some(b) = b.get(at..at + 4 * W) else {
            break;
        };
        let (first, second) = (L::splat(*first), L::splat(*second));
        for (i, b) in b.as_chunks::<4>().0.iter().enumerate() {
            let b = L::load(b);
            sums[0][i] = sums[0][i].mul_add(first, b);
            sums[1][i] = sums[1][i].mul_add(second, b);
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
