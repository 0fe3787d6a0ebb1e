//! Two rows of C at a time, from the places where A's rows are not both 0: sums of 16 columns stay in
//! registers.
//!
//! An element that is 0 adds 0 to a sum and leaves its bits, so it may be skipped, unless it meets an
//! infinity or NaN in B: then nothing is skipped.
use super::{MatRef, reduce};
use crate::parallel::{for_each_with_scratch, piece, share, threads, tiles};
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

pub(super) fn scratch_len(m: usize, n: usize, k: usize) -> usize {
    let (height, width) = tile_size(m, n, k);
    let tile = if width < n { height * width } else { 0 };
    threads() * (list_len(k.min(MAX_K)) + tile)
}

/// Columns that a thread takes. They are the same when a weight is multiplied with and when it is updated,
/// so that a thread's part of it stays in its core's cache.
fn stripe(n: usize) -> usize {
    share(n, 8 * SUMS, 4 * SUMS).min(n)
}

/// Rows and columns of the product in a piece of work.
fn tile_size(m: usize, n: usize, k: usize) -> (usize, usize) {
    if m * n * k / 3 < super::WORTH_SHARING {
        return (m, n);
    }
    let width = stripe(n);
    if n.div_ceil(width) < threads() {
        return (piece(m, 1, GROUP), n);
    }
    (m, width)
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
        let product = Self::whatever_b_holds::<L>(a, b)?;
        is_finite::<L>(b).then_some(product)
    }

    /// The same where whoever computes looks for infinities in B.
    pub(super) fn whatever_b_holds<L: Lanes>(a: MatRef<'a>, b: MatRef<'a>) -> Option<Self> {
        let fits = b.col_stride == 1
            && b.cols >= MIN_COLUMNS
            && (1..=MAX_K).contains(&a.cols)
            && a.rows > 0;
        (fits && mostly_zero::<L>(a)).then_some(MostlyZero { a, b })
    }

    /// For factors that [`new`](MostlyZero::new) has accepted before.
    pub(crate) fn known(a: MatRef<'a>, b: MatRef<'a>) -> Self {
        MostlyZero { a, b }
    }

    /// How many floats of scratch [`tile`](MostlyZero::tile) needs.
    pub(crate) fn scratch_len(&self) -> usize {
        list_len(self.a.cols)
    }

    /// Columns of the product that a thread takes.
    pub(crate) fn stripe(&self) -> usize {
        stripe(self.b.cols)
    }

    /// A part of the product of factors that [`new`](MostlyZero::new) has accepted, from row `from` on, into
    /// `c`, row by row; `scratch` holds at least [`scratch_len`](MostlyZero::scratch_len) floats.
    pub fn tile<L: Lanes>(
        &self,
        from: usize,
        columns: Range<usize>,
        c: &mut [f32],
        scratch: &mut [f32],
    ) {
        let b = self.columns(columns);
        rows::<L>(self.a, b, from, c, (true, false), scratch);
    }

    /// B's columns `j`.
    fn columns(&self, j: Range<usize>) -> MatRef<'a> {
        MatRef {
            data: &self.b.data[j.start..],
            cols: j.len(),
            ..self.b
        }
    }

    pub(super) fn gemm<L: Lanes>(&self, c: &mut [f32], accumulate: bool, scratch: &mut [f32]) {
        let (m, n, k) = (self.a.rows, self.b.cols, self.a.cols);
        let (height, width) = tile_size(m, n, k);
        let blocks = m.div_ceil(height);
        for_each_with_scratch(
            tiles(c, n, height, width),
            scratch,
            |index, tile, scratch| {
                let (left, from) = (index / blocks * width, index % blocks * height);
                let b = self.columns(left..left + tile.width());
                let how = (is_finite::<L>(b), accumulate);
                let mut tile = tile.flat();
                if tile.rows() == 1 {
                    return rows::<L>(self.a, b, from, tile.row(0), how, scratch);
                }
                let (c, lists) = scratch.split_at_mut(tile.rows() * tile.width());
                if accumulate {
                    for (i, c) in c.chunks_exact_mut(b.cols).enumerate() {
                        c.copy_from_slice(tile.row(i));
                    }
                }
                rows::<L>(self.a, b, from, c, how, lists);
                for (i, c) in c.chunks_exact(b.cols).enumerate() {
                    tile.row(i).copy_from_slice(c);
                }
            },
        );
    }
}

/// Whether there is no infinity or NaN in B, whose rows are whole.
fn is_finite<L: Lanes>(b: MatRef) -> bool {
    let used = (b.rows - 1) * b.row_stride + b.cols;
    if b.row_stride <= b.cols {
        return reduce::is_finite::<L>(&b.data[..used]);
    }
    // As there; rows are too short to be looked at one by one.
    let mut sums = [L::splat(0.0); 4];
    let mut tails = true;
    for row in b.data[..used].chunks(b.row_stride) {
        let (groups, tail) = row[..b.cols].as_chunks::<16>();
        for group in groups {
            for (sum, x) in sums.iter_mut().zip(group.as_chunks::<4>().0) {
                let x = L::load(x);
                *sum = sum.add(x.sub(x));
            }
        }
        tails &= tail.iter().all(|x| x.is_finite());
    }
    let [a, b, c, d] = sums;
    tails && a.add(b).add(c.add(d)).is_zero()
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
    rows::<L>(a, b, 0, c, (is_finite::<L>(b), accumulate), scratch);
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
