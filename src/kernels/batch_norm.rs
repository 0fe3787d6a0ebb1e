//! Rows of values that are normalised column by column: sums over rows, and maps whose parameters are a row.
//!
//! The parameters that a map takes are one row, or the same row several times over: repeated until their length is a
//! multiple of four, they leave no row that ends in the middle of a group of lanes.
use super::elementwise::store_tail;
use crate::simd::Lanes;
use core::array::from_fn;

/// For each column `N` sums over all rows: the terms are what `f` makes of the column's values in a row and of the
/// column's parameter. Each of `sums` has a place for each column.
#[inline(always)]
fn columns<L: Lanes, const R: usize, const N: usize>(
    read: [&[f32]; R],
    parameters: &[f32],
    mut sums: [&mut [f32]; N],
    f: impl Fn([L; R], L) -> [L; N],
) {
    let n = parameters.len();
    if n == 0 {
        return;
    }
    assert!(
        read.iter()
            .all(|x| x.len() == read[0].len() && x.len().is_multiple_of(n))
    );
    let mut column = 0;
    // A cache line at a time, then four columns, then what is left of a row.
    while column + 16 <= n {
        let totals = groups::<L, R, N, 4>(read, parameters, column, &f);
        for (sum, totals) in sums.iter_mut().zip(totals) {
            let places = sum[column..column + 16].as_chunks_mut().0;
            places
                .iter_mut()
                .zip(totals)
                .for_each(|(place, total)| total.store(place));
        }
        column += 16;
    }
    while column + 4 <= n {
        let totals = groups::<L, R, N, 1>(read, parameters, column, &f);
        for (sum, [total]) in sums.iter_mut().zip(totals) {
            sum[column..column + 4].copy_from_slice(&total.to_array());
        }
        column += 4;
    }
    if column < n {
        let rest = |row: &[f32]| {
            L::load(&from_fn(|lane| {
                row.get(column + lane).copied().unwrap_or(0.0)
            }))
        };
        let parameter = rest(parameters);
        let mut totals = [L::splat(0.0); N];
        for row in (0..read[0].len()).step_by(n) {
            let terms = f(read.map(|x| rest(&x[row..row + n])), parameter);
            totals = from_fn(|sum| totals[sum].add(terms[sum]));
        }
        for (sum, total) in sums.iter_mut().zip(totals) {
            store_tail(total, &mut sum[column..]);
        }
    }
}

/// The sums of [`columns`] of `4·W` columns.
#[inline(always)]
fn groups<L: Lanes, const R: usize, const N: usize, const W: usize>(
    read: [&[f32]; R],
    parameters: &[f32],
    column: usize,
    f: &impl Fn([L; R], L) -> [L; N],
) -> [[L; W]; N] {
    let n = parameters.len();
    let at = |x: &[f32], from: usize| -> [L; W] {
        let groups = x[from..from + 4 * W].as_chunks().0;
        from_fn(|group| L::load(&groups[group]))
    };
    let parameters = at(parameters, column);
    let mut totals = [[L::splat(0.0); W]; N];
    for row in (0..read[0].len()).step_by(n) {
        let values = read.map(|x| at(x, row + column));
        for group in 0..W {
            let terms = f(values.map(|x| x[group]), parameters[group]);
            for (total, term) in totals.iter_mut().zip(terms) {
                total[group] = total[group].add(term);
            }
        }
    }
    totals
}

/// `sums[c] = Σ (x[·, c] − mean[c])²`.
pub fn squares<L: Lanes>(x: &[f32], mean: &[f32], sums: &mut [f32]) {
    columns::<L, 1, 1>([x], mean, [sums], |[x], mean| {
        let x = x.sub(mean);
        [x.mul(x)]
    });
}

/// `sums[c] = Σ dy[·, c]` and `products[c] = Σ dy[·, c] · (x[·, c] − mean[c])`.
pub fn gradients<L: Lanes>(
    x: &[f32],
    dy: &[f32],
    mean: &[f32],
    sums: &mut [f32],
    products: &mut [f32],
) {
    columns::<L, 2, 2>([x, dy], mean, [sums, products], |[x, dy], mean| {
        [dy, dy.mul(x.sub(mean))]
    });
}

/// `y = f(values, parameters)`, the parameters repeated as often as there is room.
#[inline(always)]
pub(super) fn rows<L: Lanes, const R: usize, const P: usize>(
    read: [&[f32]; R],
    parameters: [&[f32]; P],
    y: &mut [f32],
    f: impl Fn([L; R], [L; P]) -> L,
) {
    let length = parameters[0].len().max(1);
    for (index, y) in y.chunks_mut(length).enumerate() {
        let from = index * length;
        let (groups, tail) = y.as_chunks_mut::<4>();
        let whole = 4 * groups.len();
        let read = read.map(|x| x[from..][..whole + tail.len()].as_chunks::<4>());
        let parameters = parameters.map(|x| x[..whole + tail.len()].as_chunks::<4>());
        for (at, y) in groups.iter_mut().enumerate() {
            let values = read.map(|(x, _)| L::load(&x[at]));
            f(values, parameters.map(|(x, _)| L::load(&x[at]))).store(y);
        }
        if !tail.is_empty() {
            let padded = |x: &[f32]| L::load(&from_fn(|lane| x.get(lane).copied().unwrap_or(0.0)));
            let values = read.map(|(_, x)| padded(x));
            store_tail(f(values, parameters.map(|(_, x)| padded(x))), tail);
        }
    }
}

/// `y = (x − mean) · scale + shift`.
pub fn normalize<L: Lanes>(x: &[f32], mean: &[f32], scale: &[f32], shift: &[f32], y: &mut [f32]) {
    rows::<L, 1, 3>([x], [mean, scale, shift], y, |[x], [mean, scale, shift]| {
        x.sub(mean).mul(scale).add(shift)
    });
}

/// `dx = dy · scale − (x − mean) · bend − shift`.
pub fn input_gradient<L: Lanes>(
    [x, dy]: [&[f32]; 2],
    [mean, scale, bend, shift]: [&[f32]; 4],
    dx: &mut [f32],
) {
    rows::<L, 2, 4>(
        [x, dy],
        [mean, scale, bend, shift],
        dx,
        |[x, dy], [mean, scale, bend, shift]| dy.mul(scale).sub(x.sub(mean).mul(bend)).sub(shift),
    );
}
