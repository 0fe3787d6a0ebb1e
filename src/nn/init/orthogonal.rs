//! Orthonormal columns, uniform over all such sets: what the QR decomposition of a normal matrix gives if the diagonal
//! of R is positive (Mezzadri 2007).
//!
//! The decomposition itself is left out. It would reflect the matrix column by column, and what is left of a normal
//! matrix after a reflection is normal again, independent of what came before. So the vector of each Householder
//! reflection is made of numbers drawn for it alone (Stewart 1980), and Q is the product of the reflections, of which 64
//! at a time are applied as matrix products (Schreiber and Van Loan 1989: `H₁ … H₆₄ = 1 − V·T·Vᵀ`).
use crate::base::rng::Rng;
use crate::kernels::gemm::{self, MatRef, gemm};
use crate::simd::Native;
use alloc::{vec, vec::Vec};

/// Reflections that are applied at once.
const BLOCK: usize = 64;
/// Rows of Q that are changed at once.
const ROWS: usize = 64;

/// A matrix of `rows` × `cols` whose rows or columns, whichever are fewer, are orthogonal and have the length `gain`.
pub(super) fn orthogonal(rows: usize, cols: usize, gain: f32, rng: &mut Rng) -> Vec<f32> {
    if rows >= cols {
        return columns(rows, cols, gain, rng);
    }
    let q = columns(cols, rows, gain, rng);
    let mut transposed = vec![0.0; q.len()];
    // A square at a time, so that both sides stay in the cache.
    for from in (0..cols).step_by(ROWS) {
        for (row, to) in transposed.chunks_exact_mut(cols).enumerate() {
            for (column, to) in (from..cols.min(from + ROWS)).zip(&mut to[from..]) {
                *to = q[column * rows + row];
            }
        }
    }
    transposed
}

/// `count` columns of `length` ≥ `count` elements each.
fn columns(length: usize, count: usize, gain: f32, rng: &mut Rng) -> Vec<f32> {
    let mut q = vec![0.0; length * count];
    let mut block = Block::new(length, count);
    // The last reflections act on the smallest part of Q, so Q grows from its lower right corner.
    for from in (0..count).step_by(BLOCK).rev() {
        let width = BLOCK.min(count - from);
        let signs = block.draw(length - from, width, rng);
        for (at, sign) in (from..).zip(&signs[..width]) {
            q[at * count + at] = gain * sign;
        }
        block.reflect(&mut q, count, from);
    }
    q
}

/// Some reflections, and room for the products with them.
struct Block {
    /// The length of the longest vector.
    length: usize,
    /// How many there are.
    width: usize,
    /// The vectors, `[length, width]`; above the diagonal of ones everything is 0.
    v: Vec<f32>,
    /// The triangle T, `[width, width]`.
    t: Vec<f32>,
    /// `Vᵀ·Q` and `T·Vᵀ·Q`.
    products: [Vec<f32>; 2],
    /// `V·T·Vᵀ·Q` of some rows.
    change: Vec<f32>,
    scratch: Vec<f32>,
}

impl Block {
    /// For matrices of this size.
    fn new(length: usize, count: usize) -> Self {
        let products = [
            (BLOCK, BLOCK.max(count), length),
            (BLOCK.max(ROWS), count, BLOCK),
        ];
        let scratch = products.map(|(m, n, k)| gemm::scratch_len(m, n, k));
        Block {
            length,
            width: 0,
            v: vec![0.0; length * BLOCK.min(count)],
            t: vec![0.0; BLOCK * BLOCK],
            products: [(); 2].map(|()| vec![0.0; BLOCK * count]),
            change: vec![0.0; ROWS * count],
            scratch: vec![0.0; scratch.into_iter().fold(0, usize::max)],
        }
    }

    /// Draws the vectors of `width` reflections, the first one `length` long and each one shorter than the one before.
    /// Gives the signs with which the reflected axes point where R's diagonal is positive.
    fn draw(&mut self, length: usize, width: usize, rng: &mut Rng) -> [f32; BLOCK] {
        (self.length, self.width) = (length, width);
        let v = &mut self.v[..length * width];
        v.fill(0.0);
        let (mut signs, mut factors) = ([1.0; BLOCK], [0.0; BLOCK]);
        for column in 0..width {
            let mut squares = 0.0f64;
            for row in column..length {
                let x = rng.normal();
                v[row * width + column] = x;
                squares += f64::from(x) * f64::from(x);
            }
            let first = f64::from(v[column * width + column]);
            let norm = libm::sqrt(squares);
            // Away from the axis, so that nothing cancels.
            let head = first + if first < 0.0 { -norm } else { norm };
            signs[column] = if first < 0.0 { 1.0 } else { -1.0 };
            let mut squares = 0.0f64;
            for row in column..length {
                let x = &mut v[row * width + column];
                *x = match row == column {
                    true => 1.0,
                    false => (f64::from(*x) / head) as f32,
                };
                squares += f64::from(*x) * f64::from(*x);
            }
            factors[column] = 2.0 / squares;
        }
        self.triangle(&factors);
        signs
    }

    /// T from the vectors and the factors of their reflections, `H = 1 − factor · v·vᵀ`.
    fn triangle(&mut self, factors: &[f64; BLOCK]) {
        let n = self.width;
        let v = MatRef::row_major(&self.v[..self.length * n], self.length, n);
        // The vectors' products with each other, for as long as T grows.
        let grams = &mut self.change[..n * n];
        gemm::<Native>(v.t(), v, grams, false, &mut self.scratch);
        let mut t = [[0.0f64; BLOCK]; BLOCK];
        for column in 0..n {
            let factor = factors[column];
            for (row, t) in t[..column].iter_mut().enumerate() {
                let inner = (row..column).map(|p| t[p] * f64::from(grams[p * n + column]));
                t[column] = -factor * inner.sum::<f64>();
            }
            t[column][column] = factor;
        }
        for (to, from) in self.t.chunks_exact_mut(n).zip(&t[..n]) {
            to.iter_mut()
                .zip(from)
                .for_each(|(to, from)| *to = *from as f32);
        }
    }

    /// Reflects the lower right part of Q, which has `count` columns, from row and column `from` on.
    fn reflect(&mut self, q: &mut [f32], count: usize, from: usize) {
        let (n, length, columns) = (self.width, self.length, count - from);
        let v = MatRef::row_major(&self.v[..length * n], length, n);
        let t = MatRef::row_major(&self.t[..n * n], n, n);
        let part = MatRef {
            data: &q[from * count + from..],
            rows: length,
            cols: columns,
            row_stride: count,
            col_stride: 1,
            finite: true,
        };
        let [along, turned] = self
            .products
            .each_mut()
            .map(|product| &mut product[..n * columns]);
        let scratch = &mut self.scratch;
        gemm::<Native>(v.t(), part, along, false, scratch);
        let along = MatRef::row_major(along, n, columns);
        gemm::<Native>(t, along, turned, false, scratch);
        let turned = MatRef::row_major(turned, n, columns);
        for (v, q) in
            (self.v[..length * n].chunks(ROWS * n)).zip(q[from * count..].chunks_mut(ROWS * count))
        {
            let rows = v.len() / n;
            let change = &mut self.change[..rows * columns];
            gemm::<Native>(
                MatRef::row_major(v, rows, n),
                turned,
                change,
                false,
                scratch,
            );
            for (q, change) in q.chunks_exact_mut(count).zip(change.chunks_exact(columns)) {
                let q = q[from..].iter_mut();
                q.zip(change).for_each(|(q, change)| *q -= change);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_as_long_as_the_gain_and_meet_at_right_angles() {
        for (rows, cols) in [
            (1, 1),
            (1, 7),
            (5, 3),
            (7, 28),
            (64, 64),
            (65, 200),
            (300, 129),
        ] {
            let w = orthogonal(rows, cols, 1.5, &mut Rng::new(1));
            let by_row = rows < cols;
            let at = |vector: usize, i: usize| {
                f64::from(if by_row {
                    w[vector * cols + i]
                } else {
                    w[i * cols + vector]
                })
            };
            for a in 0..rows.min(cols) {
                for b in 0..=a {
                    let product: f64 = (0..rows.max(cols)).map(|i| at(a, i) * at(b, i)).sum();
                    let expected = if a == b { 2.25 } else { 0.0 };
                    assert!(
                        (product - expected).abs() < 2e-6,
                        "{rows}×{cols} {a} {b}: {product}"
                    );
                }
            }
        }
        for (rows, cols) in [(0, 3), (3, 0), (0, 0)] {
            assert!(orthogonal(rows, cols, 1.0, &mut Rng::new(1)).is_empty());
        }
    }

    /// The product of the reflections, one by one in double precision, from the same numbers.
    fn one_by_one(length: usize, count: usize, rng: &mut Rng) -> Vec<f64> {
        let mut q = vec![0.0f64; length * count];
        for from in (0..count).step_by(BLOCK).rev() {
            let width = BLOCK.min(count - from);
            let draw = |column: usize| -> Vec<f64> {
                let column = length - from - column;
                (0..column).map(|_| f64::from(rng.normal())).collect()
            };
            let drawn: Vec<Vec<f64>> = (0..width).map(draw).collect();
            for (column, x) in drawn.iter().enumerate().rev() {
                let at = from + column;
                // The reflection H with H·x = r·e₁; Q is H·sign(r), so that the diagonal of R is positive.
                let norm = libm::sqrt(x.iter().map(|x| x * x).sum());
                let r = if x[0] < 0.0 { norm } else { -norm };
                q[at * count + at] = r.signum();
                let mut v = x.clone();
                v[0] -= r;
                let squares: f64 = v.iter().map(|v| v * v).sum();
                for j in at..count {
                    let along: f64 = (v.iter().enumerate())
                        .map(|(i, v)| v * q[(at + i) * count + j])
                        .sum();
                    for (i, v) in v.iter().enumerate() {
                        q[(at + i) * count + j] -= 2.0 * along / squares * v;
                    }
                }
            }
        }
        q
    }

    #[test]
    fn blocks_of_reflections_are_the_reflections_one_by_one() {
        for (length, count) in [(1, 1), (5, 3), (70, 70), (150, 100)] {
            let q = columns(length, count, 1.0, &mut Rng::new(5));
            let expected = one_by_one(length, count, &mut Rng::new(5));
            for (q, expected) in q.iter().zip(expected) {
                assert!((f64::from(*q) - expected).abs() < 2e-6, "{q} {expected}");
            }
        }
    }

    #[test]
    fn every_direction_is_as_likely() {
        // In two dimensions: rotations and reflections equally often, and angles without a preference.
        let (mut turned, mut sum) = (0, [0.0f64; 4]);
        let draws = 4000;
        for seed in 0..draws {
            let q = orthogonal(2, 2, 1.0, &mut Rng::new(seed));
            turned += u32::from(q[0] * q[3] - q[1] * q[2] > 0.0);
            sum.iter_mut()
                .zip(q)
                .for_each(|(sum, q)| *sum += f64::from(q));
        }
        assert!((1850..2150).contains(&turned), "{turned}");
        assert!(
            sum.iter().all(|sum| sum.abs() < 0.05 * draws as f64),
            "{sum:?}"
        );
    }
}
