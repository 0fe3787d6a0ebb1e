//! One row of C at a time, from the elements of A's row that are not 0: sums of 32 columns stay in registers.
//!
//! An element that is 0 adds 0 to a sum and leaves its bits, so it may be skipped, unless it meets an
//! infinity or NaN in B: then nothing is skipped.
use super::{MatRef, reduce};
use crate::parallel::{chunks, for_each_with_scratch, threads};
use crate::simd::Lanes;
use core::array::from_fn;

/// Rows whose elements are looked through at once.
const GROUP: usize = 4;
/// Vectors of sums: more do not fit into wasm's registers.
const SUMS: usize = 8;
/// With fewer rows packing B would not pay.
const FEW_ROWS: usize = 3;
/// With fewer columns looking through A would not pay.
const MIN_COLUMNS: usize = 32;
/// Longer rows would need too much scratch.
const MAX_K: usize = 8192;
/// Rows in a piece of work.
const PIECE: usize = 64;

/// For every element of a group of rows its value and the offset of B's row (as bits).
pub(super) fn scratch_len(k: usize) -> usize {
    threads() * GROUP * 2 * k.min(MAX_K)
}

/// Whether this is the faster way.
pub(super) fn serves<L: Lanes>(a: MatRef, b: MatRef) -> bool {
    let (m, n, k) = (a.rows, b.cols, a.cols);
    if b.col_stride != 1 || k > MAX_K {
        return false;
    }
    m <= FEW_ROWS || n >= MIN_COLUMNS && mostly_zero::<L>(a) && reduce::is_finite::<L>(b.data)
}

/// Whether two thirds of A are 0. Looks at a few rows first, since most matrices have few zeros.
fn mostly_zero<L: Lanes>(a: MatRef) -> bool {
    let all = &a.data[..(a.rows - 1) * a.row_stride + (a.cols - 1) * a.col_stride + 1];
    let sparse = |x: &[f32]| 3 * reduce::count_nonzero::<L>(x) <= x.len();
    sparse(&all[all.len() / 2..][..(all.len() / 2).min(256)]) && sparse(all)
}

pub(super) fn gemm<L: Lanes>(
    a: MatRef,
    b: MatRef,
    c: &mut [f32],
    accumulate: bool,
    scratch: &mut [f32],
) {
    let (m, n, k) = (a.rows, b.cols, a.cols);
    // Where B is not finite, only few rows come here, and no element is skipped.
    let skip = m > FEW_ROWS || reduce::is_finite::<L>(b.data);
    let piece = super::piece_rows(m, n, k / 3, PIECE, GROUP);
    for_each_with_scratch(chunks(c, piece * n), scratch, |index, c, scratch| {
        let lists = scratch[..GROUP * 2 * k].as_chunks_mut::<2>().0;
        for (group, c) in c.chunks_mut(GROUP * n).enumerate() {
            let from = index * piece + group * GROUP;
            let lengths = list::<L>(&a, from..from + c.len() / n, b.row_stride, skip, lists);
            let lists = lists.chunks_exact(k).zip(lengths);
            for (c, (list, length)) in c.chunks_exact_mut(n).zip(lists) {
                row::<L>(&list[..length], b.data, c, accumulate);
            }
        }
    });
}

/// Lists what rows `i` of A hold, `k` entries apart; gives the lists' lengths.
fn list<L: Lanes>(
    a: &MatRef,
    i: core::ops::Range<usize>,
    stride: usize,
    skip: bool,
    lists: &mut [[f32; 2]],
) -> [usize; GROUP] {
    let k = a.cols;
    let mut lengths = [0; GROUP];
    let mut put = |row: usize, p: usize, value: f32| {
        lists[row * k + lengths[row]] = [value, f32::from_bits((p * stride) as u32)];
        lengths[row] += usize::from(!skip || value != 0.0);
    };
    if a.row_stride == 1 && i.len() == GROUP {
        for p in 0..k {
            let values = a.from(i.start, p).first_chunk().expect("four rows");
            if !skip || !L::load(values).is_zero() {
                values
                    .iter()
                    .enumerate()
                    .for_each(|(row, &value)| put(row, p, value));
            }
        }
    } else if a.col_stride == 1 {
        for (row, i) in i.enumerate() {
            let (groups, tail) = a.from(i, 0)[..k].as_chunks::<4>();
            for (group, values) in groups.iter().enumerate() {
                if !skip || !L::load(values).is_zero() {
                    values
                        .iter()
                        .enumerate()
                        .for_each(|(at, &value)| put(row, 4 * group + at, value));
                }
            }
            tail.iter()
                .enumerate()
                .for_each(|(at, &value)| put(row, 4 * groups.len() + at, value));
        }
    } else {
        for (row, i) in i.enumerate() {
            let values = a.from(i, 0);
            (0..k).for_each(|p| put(row, p, values[p * a.col_stride]));
        }
    }
    lengths
}

/// One row of C: the listed elements of A times rows of B.
fn row<L: Lanes>(list: &[[f32; 2]], b: &[f32], c: &mut [f32], accumulate: bool) {
    let mut from = 0;
    let (blocks, rest) = c.as_chunks_mut::<{ 4 * SUMS }>();
    for block in blocks {
        let block = block
            .as_chunks_mut::<4>()
            .0
            .as_mut_array()
            .expect("whole vectors");
        columns::<L, SUMS>(list, b, from, block, accumulate);
        from += 4 * SUMS;
    }
    let (vectors, tail) = rest.as_chunks_mut::<4>();
    for vector in vectors {
        columns::<L, 1>(list, b, from, core::array::from_mut(vector), accumulate);
        from += 4;
    }
    for (column, c) in (from..).zip(tail) {
        let start = if accumulate { *c } else { 0.0 };
        *c = list.iter().fold(start, |sum, &[a, at]| {
            sum + a * b[at.to_bits() as usize + column]
        });
    }
}

/// `4·W` columns of a row of C.
#[inline(always)]
fn columns<L: Lanes, const W: usize>(
    list: &[[f32; 2]],
    b: &[f32],
    from: usize,
    c: &mut [[f32; 4]; W],
    accumulate: bool,
) {
    let mut sums: [L; W] = from_fn(|i| {
        if accumulate {
            L::load(&c[i])
        } else {
            L::splat(0.0)
        }
    });
    let b = &b[from..];
    for [a, at] in list {
        let (a, b) = (L::splat(*a), &b[at.to_bits() as usize..][..4 * W]);
        for (sum, b) in sums.iter_mut().zip(b.as_chunks::<4>().0) {
            *sum = sum.mul_add(a, L::load(b));
        }
    }
    for (sum, c) in sums.into_iter().zip(c) {
        sum.store(c);
    }
}
