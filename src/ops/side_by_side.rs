//! Functions of single elements on all threads, where there are so many that it pays. An element's bits do not depend on
//! where it stands, so they do not depend on how an array is cut either.
use crate::parallel::{LINE, for_each_piece, piece};

/// A piece has at least so many values: some 10 µs of work for one thread.
const LEAST: usize = 1 << 15;

/// `y = f(x)`.
pub(super) fn map(x: &[f32], y: &mut [f32], f: impl Fn(&[f32], &mut [f32]) + Sync) {
    let piece = piece(y.len(), LEAST, LINE);
    for_each_piece(y, piece, |index, y| {
        f(&x[index * piece..][..y.len()], y);
    });
}

/// `y = f(a, b)`, where `b` is as long as `a`, or a row that meets all rows of `a`.
pub(super) fn zip(
    a: &[f32],
    b: &[f32],
    y: &mut [f32],
    f: impl Fn(&[f32], &[f32], &mut [f32]) + Sync,
) {
    let is_row = b.len() < a.len();
    let tile = if is_row { b.len() } else { LINE };
    let piece = piece(y.len(), LEAST, tile);
    for_each_piece(y, piece, |index, y| {
        let from = index * piece;
        let b = if is_row { b } else { &b[from..][..y.len()] };
        f(&a[from..][..y.len()], b, y);
    });
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;
    use crate::kernels::elementwise;
    use crate::parallel::set_threads;
    use crate::simd::Native;
    use alloc::{vec, vec::Vec};

    #[test]
    fn pieces_have_the_bits_of_the_whole() {
        let draw = |n: usize| -> Vec<f32> {
            (0..n)
                .map(|i| ((i * 37) % 101) as f32 / 7.0 - 6.0)
                .collect()
        };
        for rows in [1, 3, 5000, 20_011] {
            let (a, b, row) = (draw(rows * 7), draw(rows * 7), draw(7));
            let mut whole = vec![0.0; a.len()];
            let mut cut = whole.clone();
            set_threads(2);
            elementwise::tanh::<Native>(&a, &mut whole);
            map(&a, &mut cut, elementwise::tanh::<Native>);
            assert!(whole == cut, "{rows}");
            for b in [&b, &row] {
                elementwise::add::<Native>(&a, b, &mut whole);
                zip(&a, b, &mut cut, elementwise::add::<Native>);
                assert!(whole == cut, "{rows} {}", b.len());
            }
            set_threads(1);
        }
    }
}
