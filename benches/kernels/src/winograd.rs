//! Winograd's convolution F(2×2, 3×3) (Lavin and Gray 2016), at the shape of W2's second convolution: what it
//! would give. mapling does not have it, and `RESULTS.md` says why; here is the measurement.
//!
//! Tiles of 4×4 inputs and the kernel are transformed, 16 matrix products take the place of the sums over taps,
//! and their results are transformed into tiles of 2×2 outputs: 4 multiplications for an output instead of 9.
use crate::Case;
use crate::cases::Values::Dense;
use crate::lines::Lines;
use mapling::kernels::gemm::{self, MatRef};
use mapling::simd::{Lanes, Native};
use std::array::from_fn;
use std::hint::black_box;

const BATCH: usize = 128;
const SIDE: usize = 13;
const CHANNELS: usize = 32;
const FILTERS: usize = 64;
/// Side of the output.
const OUT: usize = SIDE - 2;
/// Tiles along a side.
const ACROSS: usize = OUT.div_ceil(2);
/// Tiles of an image.
const TILES: usize = ACROSS * ACROSS;
/// Side of the input that all tiles cover.
const PADDED: usize = 2 * ACROSS + 2;

/// Forward, one image after the other, which keeps what is transformed in the second cache.
pub fn case() -> Case {
    let flops = 2.0 * (BATCH * OUT * OUT * 9 * CHANNELS * FILTERS) as f64;
    let name = format!("conv {BATCH}x{SIDE}x{SIDE}x{CHANNELS} 3x3->{FILTERS} forward by Winograd");
    Case::new(name, flops, || {
        let x = Dense.fill(BATCH * SIDE * SIDE * CHANNELS);
        let w = Dense.fill(9 * CHANNELS * FILTERS);
        let mut y = Lines::zeros(BATCH * OUT * OUT * FILTERS);
        let mut work = Work::new();
        move || work.convolve(&x, &w, black_box(&mut y))
    })
}

struct Work {
    padded: Lines,
    /// By place in the tile: the kernel, channels × filters.
    kernel: Lines,
    /// By place in the tile: tiles × channels.
    input: Lines,
    /// By place in the tile: tiles × filters.
    output: Lines,
    scratch: Lines,
}

impl Work {
    fn new() -> Self {
        Work {
            padded: Lines::zeros(PADDED * PADDED * CHANNELS),
            kernel: Lines::zeros(16 * CHANNELS * FILTERS),
            input: Lines::zeros(16 * TILES * CHANNELS),
            output: Lines::zeros(16 * TILES * FILTERS),
            scratch: Lines::zeros(gemm::scratch_len(TILES, FILTERS, CHANNELS)),
        }
    }

    fn convolve(&mut self, x: &[f32], w: &[f32], y: &mut [f32]) {
        transform_kernel(w, &mut self.kernel);
        let images = x.chunks(SIDE * SIDE * CHANNELS);
        for (x, y) in images.zip(y.chunks_mut(OUT * OUT * FILTERS)) {
            let padded = self.padded.chunks_mut(PADDED * CHANNELS);
            for (row, to) in x.chunks(SIDE * CHANNELS).zip(padded) {
                to[..SIDE * CHANNELS].copy_from_slice(row);
            }
            transform_input(&self.padded, &mut self.input);
            let input = self.input.chunks(TILES * CHANNELS);
            let kernel = self.kernel.chunks(CHANNELS * FILTERS);
            let output = self.output.chunks_mut(TILES * FILTERS);
            for ((input, kernel), output) in input.zip(kernel).zip(output) {
                let input = MatRef::row_major(input, TILES, CHANNELS);
                let kernel = MatRef::row_major(kernel, CHANNELS, FILTERS);
                gemm::gemm::<Native>(input, kernel, output, false, &mut self.scratch);
            }
            transform_output(&self.output, y);
        }
    }
}

/// `G g Gᵀ` for every channel and filter.
fn transform_kernel(w: &[f32], to: &mut [f32]) {
    const LEN: usize = CHANNELS * FILTERS;
    let along = |[a, b, c]: [f32; 3]| [a, 0.5 * (a + b + c), 0.5 * (a - b + c), c];
    for at in 0..LEN {
        let columns: [[f32; 4]; 3] = from_fn(|j| along(from_fn(|i| w[(3 * i + j) * LEN + at])));
        for (i, row) in rows(columns).into_iter().enumerate() {
            for (j, x) in along(row).into_iter().enumerate() {
                to[(4 * i + j) * LEN + at] = x;
            }
        }
    }
}

/// The columns of a matrix as its rows.
fn rows<T: Copy, const R: usize, const C: usize>(columns: [[T; R]; C]) -> [[T; C]; R] {
    from_fn(|i| columns.map(|column| column[i]))
}

fn load(x: &[f32], at: usize) -> Native {
    Native::load(x[at..].first_chunk().expect("four values"))
}

fn store(value: Native, y: &mut [f32], at: usize) {
    value.store(y[at..].first_chunk_mut().expect("four places"));
}

/// `Bᵀ d B` for every tile, four channels at a time.
fn transform_input(x: &[f32], to: &mut [f32]) {
    let along = |[a, b, c, d]: [Native; 4]| [a.sub(c), b.add(c), c.sub(b), b.sub(d)];
    for tile in 0..TILES {
        let corner = 2 * (tile / ACROSS * PADDED + tile % ACROSS);
        for channel in (0..CHANNELS).step_by(4) {
            let columns: [[Native; 4]; 4] = from_fn(|j| {
                along(from_fn(|i| {
                    load(x, (corner + i * PADDED + j) * CHANNELS + channel)
                }))
            });
            for (i, row) in rows(columns).into_iter().enumerate() {
                for (j, x) in along(row).into_iter().enumerate() {
                    store(x, to, ((4 * i + j) * TILES + tile) * CHANNELS + channel);
                }
            }
        }
    }
}

/// `max(Aᵀ m A, 0)` for every tile, four filters at a time.
fn transform_output(m: &[f32], y: &mut [f32]) {
    let along = |[a, b, c, d]: [Native; 4]| [a.add(b).add(c), b.sub(c).sub(d)];
    for tile in 0..TILES {
        let (top, left) = (2 * (tile / ACROSS), 2 * (tile % ACROSS));
        for filter in (0..FILTERS).step_by(4) {
            let columns: [[Native; 2]; 4] = from_fn(|j| {
                along(from_fn(|i| {
                    load(m, ((4 * i + j) * TILES + tile) * FILTERS + filter)
                }))
            });
            for (i, row) in rows(columns).into_iter().enumerate() {
                for (j, x) in along(row).into_iter().enumerate() {
                    if top + i < OUT && left + j < OUT {
                        let at = ((top + i) * OUT + left + j) * FILTERS + filter;
                        store(x.max(Native::splat(0.0)), y, at);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapling::base::rng::Rng;
    use mapling::kernels::conv::{Conv2d, Finish, Padding, forward};

    #[test]
    fn it_is_the_convolution() {
        let mut rng = Rng::new(2);
        let mut any = |len| {
            (0..len)
                .map(|_| rng.uniform(-1.0, 1.0))
                .collect::<Vec<f32>>()
        };
        let (x, w) = (any(SIDE * SIDE * CHANNELS), any(9 * CHANNELS * FILTERS));
        let [mut y, mut expected] = [(); 2].map(|()| vec![0.0; OUT * OUT * FILTERS]);
        Work::new().convolve(&x, &w, &mut y);
        let shapes = ([1, SIDE, SIDE, CHANNELS], [3, 3, CHANNELS, FILTERS]);
        let g = Conv2d::new(&shapes.0, &shapes.1, (1, 1), (1, 1), Padding::Valid).expect("fits");
        let mut scratch = vec![0.0; g.scratch_len()];
        forward::<Native>(&g, &x, &w, Finish::default(), &mut expected, &mut scratch);
        for (y, expected) in y.iter().zip(expected) {
            assert!(
                (y - expected.max(0.0)).abs() < 1e-4,
                "{y} instead of {expected}"
            );
        }
    }
}
