//! Sums and extremes, in one fixed order. Sums are pairwise, so their rounding error grows only with the logarithm of the
//! length.
use super::elementwise;
use crate::simd::Lanes;
use core::array::from_fn;

/// Below this many values or rows a sum is a plain loop.
const BLOCK: usize = 128;

/// The largest power-of-two multiple of [`BLOCK`] below `len`: where a pairwise sum parts.
fn halve(len: usize) -> usize {
    len.next_power_of_two() / 2
}

/// The sum of all values; 0 if there are none.
pub fn sum<L: Lanes>(x: &[f32]) -> f32 {
    if x.len() > BLOCK {
        let (left, right) = x.split_at(halve(x.len()));
        return sum::<L>(left) + sum::<L>(right);
    }
    let (groups, tail) = x.as_chunks::<4>();
    // Two running sums hide the latency of the addition.
    let mut even = L::splat(0.0);
    let mut odd = L::splat(0.0);
    let (pairs, rest) = groups.as_chunks::<2>();
    for [a, b] in pairs {
        even = even.add(L::load(a));
        odd = odd.add(L::load(b));
    }
    for a in rest {
        even = even.add(L::load(a));
    }
    tail.iter().fold(even.add(odd).sum(), |sum, x| sum + x)
}

/// Whether no value is NaN or infinite.
#[inline(never)]
pub fn is_finite<L: Lanes>(x: &[f32]) -> bool {
    // NaN and infinity show in a sum. A sum of finite values that overflows is so rare that all values may then be
    // checked one by one. Four running sums hide the latency of the addition.
    let mut sums = [L::splat(0.0); 4];
    let (blocks, rest) = x.as_chunks::<16>();
    for block in blocks {
        for (sum, x) in sums.iter_mut().zip(block.as_chunks().0) {
            *sum = sum.add(L::load(x));
        }
    }
    let sum = sums.into_iter().fold(L::splat(0.0), L::add).sum();
    (sum + rest.iter().sum::<f32>()).is_finite() || x.iter().all(|x| x.is_finite())
}

/// How many values are not 0.
pub fn count_nonzero<L: Lanes>(x: &[f32]) -> usize {
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    // Counts in lanes stay exact far below 2²⁴.
    x.chunks(1 << 16)
        .map(|x| {
            let (groups, tail) = x.as_chunks::<4>();
            let count = groups.iter().fold(zero, |count, x| {
                count.add(L::select(L::load(x).eq(zero), zero, one))
            });
            count.sum() as usize + tail.iter().filter(|&&x| x != 0.0).count()
        })
        .sum()
}

/// The largest value, NaN passed over; −∞ if there is none.
pub fn max<L: Lanes>(x: &[f32]) -> f32 {
    let (groups, tail) = x.as_chunks::<4>();
    let lanes = groups
        .iter()
        .fold(L::splat(f32::NEG_INFINITY), |max, x| max.max(L::load(x)));
    let larger = |max, x: &f32| if max < *x { *x } else { max };
    tail.iter().fold(
        lanes.to_array().iter().fold(f32::NEG_INFINITY, larger),
        larger,
    )
}

/// The greatest value, NaN if there is one; −∞ if there is none.
pub fn max_or_nan<L: Lanes>(x: &[f32]) -> f32 {
    extreme(x, f32::NEG_INFINITY, elementwise::raise::<L>)
}

/// The least value, NaN if there is one; ∞ if there is none.
pub fn min_or_nan<L: Lanes>(x: &[f32]) -> f32 {
    extreme(x, f32::INFINITY, elementwise::lower::<L>)
}

/// The best of `start` and all values, where `better` replaces values by better ones. Sixteen are kept side by side.
fn extreme(x: &[f32], start: f32, better: fn(&mut [f32], &[f32])) -> f32 {
    let mut best = [start; 16];
    let (blocks, rest) = x.as_chunks::<16>();
    for block in blocks {
        better(&mut best, block);
    }
    better(&mut best[..rest.len()], rest);
    for half in [8, 4, 2, 1] {
        let (left, right) = best.split_at_mut(half);
        better(left, &right[..half]);
    }
    best[0]
}

/// Sums over the rows of `x` (m×n) into `y` (n): one sum per column.
pub fn sum_rows<L: Lanes>(x: &[f32], y: &mut [f32]) {
    let n = y.len();
    if n == 0 {
        return;
    }
    let rows = x.len() / n;
    assert_eq!(x.len(), rows * n);
    let mut column = 0;
    // A cache line at a time, then four columns, then one.
    while column + 16 <= n {
        let sums = sum_columns::<L, 4>(x, n, column, 0, rows);
        for (sum, y) in sums
            .iter()
            .zip(y[column..column + 16].as_chunks_mut::<4>().0)
        {
            sum.store(y);
        }
        column += 16;
    }
    while column + 4 <= n {
        let [sum] = sum_columns::<L, 1>(x, n, column, 0, rows);
        y[column..column + 4].copy_from_slice(&sum.to_array());
        column += 4;
    }
    while column < n {
        y[column] = sum_column(x, n, column, 0, rows);
        column += 1;
    }
}

/// Sums of `4·W` columns over the rows `from..to`.
fn sum_columns<L: Lanes, const W: usize>(
    x: &[f32],
    n: usize,
    column: usize,
    from: usize,
    to: usize,
) -> [L; W] {
    if to - from > BLOCK {
        let middle = from + halve(to - from);
        let left = sum_columns::<L, W>(x, n, column, from, middle);
        let right = sum_columns::<L, W>(x, n, column, middle, to);
        return core::array::from_fn(|i| left[i].add(right[i]));
    }
    let mut sums = [L::splat(0.0); W];
    for row in x[from * n..to * n].chunks_exact(n) {
        for (sum, x) in sums
            .iter_mut()
            .zip(row[column..column + 4 * W].as_chunks::<4>().0)
        {
            *sum = sum.add(L::load(x));
        }
    }
    sums
}

/// As [`sum_columns`], for one column: the same order, so the same bits.
fn sum_column(x: &[f32], n: usize, column: usize, from: usize, to: usize) -> f32 {
    if to - from > BLOCK {
        let middle = from + halve(to - from);
        return sum_column(x, n, column, from, middle) + sum_column(x, n, column, middle, to);
    }
    (from..to).fold(0.0, |sum, row| sum + x[row * n + column])
}

/// Values whose terms are added up in lanes before other sums are added.
const LANES_BLOCK: usize = 1024;

/// Up to four values, padded with zeros.
#[inline(always)]
pub(super) fn padded<L: Lanes>(x: &[f32]) -> L {
    L::load(&from_fn(|lane| x.get(lane).copied().unwrap_or(0.0)))
}

/// `N` sums of what `f` makes of `R` slices' values.
#[inline(always)]
pub(super) fn sums<L: Lanes, const R: usize, const N: usize>(
    read: [&[f32]; R],
    f: impl Fn([L; R]) -> [L; N],
) -> [f32; N] {
    let len = read[0].len();
    let mut totals = [0.0; N];
    for from in (0..len).step_by(LANES_BLOCK) {
        let parts = read.map(|x| x[from..len.min(from + LANES_BLOCK)].as_chunks::<4>());
        let tail = parts[0].1.len();
        // Two running sums hide the latency of the addition.
        let mut running = [[L::splat(0.0); N]; 2];
        let (pairs, rest) = parts[0].0.as_chunks::<2>();
        for pair in 0..pairs.len() {
            for (half, running) in running.iter_mut().enumerate() {
                let terms = f(parts.map(|(x, _)| L::load(&x[2 * pair + half])));
                *running = from_fn(|sum| running[sum].add(terms[sum]));
            }
        }
        if !rest.is_empty() {
            let terms = f(parts.map(|(x, _)| L::load(&x[2 * pairs.len()])));
            running[0] = from_fn(|sum| running[0][sum].add(terms[sum]));
        }
        for (sum, total) in totals.iter_mut().enumerate() {
            *total += running[0][sum].add(running[1][sum]).sum();
        }
        if tail > 0 {
            let terms = f(parts.map(|(_, x)| padded(x)));
            for (terms, total) in terms.into_iter().zip(&mut totals) {
                // What padding gives is no term.
                *total += terms.to_array()[..tail].iter().sum::<f32>();
            }
        }
    }
    totals
}
