//! The discrete Fourier transform of a row of any length, in f64: `y_k = Σ_j x_j · e^(∓2πi·jk/n)`, not divided by `n`.
//! Lengths that are powers of two are split in halves (Cooley and Tukey 1965); any other length becomes a convolution,
//! which powers of two compute (Bluestein 1970).
use alloc::vec::Vec;
use core::f64::consts::{PI, TAU};

/// A complex number: its real and its imaginary part.
pub type Complex = [f64; 2];

fn product(a: Complex, b: Complex) -> Complex {
    [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]
}

fn conjugate([re, im]: Complex) -> Complex {
    [re, -im]
}

/// `e^(i·angle)`.
fn turn(angle: f64) -> Complex {
    let (sin, cos) = libm::sincos(angle);
    [cos, sin]
}

/// What a transform of one length needs to know.
pub struct Fourier {
    n: usize,
    /// The power of two whose transform does the work: `n` itself, or at least `2n − 1`.
    size: usize,
    /// `e^(−2πi·k/size)` for the first half of all `k`; for an inverse transform of a power of two with `+`.
    roots: Vec<Complex>,
    /// `e^(∓πi·j²/n)`, and the transform of its conjugate in both directions; empty for powers of two.
    chirp: Vec<Complex>,
    spectrum: Vec<Complex>,
}

impl Fourier {
    /// The power of two that a transform of length `n` works with: how many complex numbers it needs as scratch. It
    /// remembers at most three times as many.
    pub fn size(n: usize) -> usize {
        if n.is_power_of_two() {
            n
        } else {
            (2 * n).next_power_of_two()
        }
    }

    /// A transform of rows of `n` values, `n` at least 1.
    pub fn new(n: usize, inverse: bool) -> Self {
        let (size, sign) = (Self::size(n), if inverse { 1.0 } else { -1.0 });
        let direct = size == n;
        let around = if direct { sign } else { -1.0 };
        let root = |k: usize| turn(around * TAU * k as f64 / size as f64);
        let mut made = Fourier {
            n,
            size,
            roots: (0..size / 2).map(root).collect(),
            chirp: Vec::new(),
            spectrum: Vec::new(),
        };
        if !direct {
            // The square is taken modulo 2n, so that the angle stays small and exact.
            let square = |j: usize| (j as u64 * j as u64 % (2 * n as u64)) as f64;
            made.chirp
                .extend((0..n).map(|j| turn(sign * PI * square(j) / n as f64)));
            let mut spectrum = alloc::vec![[0.0; 2]; size];
            for (j, &value) in made.chirp.iter().enumerate() {
                spectrum[j] = conjugate(value);
                spectrum[(size - j) % size] = conjugate(value);
            }
            made.halves(&mut spectrum);
            made.spectrum = spectrum;
        }
        made
    }

    /// Transforms the first `n` values of `row`, which has room for [`size`](Fourier::size) of them.
    pub fn run(&self, row: &mut [Complex]) {
        let n = self.n;
        if self.chirp.is_empty() {
            return self.halves(row);
        }
        for (value, &chirp) in row.iter_mut().zip(&self.chirp) {
            *value = product(*value, chirp);
        }
        row[n..].fill([0.0; 2]);
        self.halves(row);
        // The inverse is the conjugate of the transform of the conjugate.
        for (value, &factor) in row.iter_mut().zip(&self.spectrum) {
            *value = conjugate(product(*value, factor));
        }
        self.halves(row);
        for (value, &chirp) in row.iter_mut().zip(&self.chirp) {
            let [re, im] = product(conjugate(*value), chirp);
            *value = [re / self.size as f64, im / self.size as f64];
        }
    }

    /// The transform of a power of two, in place.
    fn halves(&self, row: &mut [Complex]) {
        let size = self.size;
        let shift = usize::BITS - size.trailing_zeros();
        for index in 1..size {
            let other = index.reverse_bits() >> shift;
            if index < other {
                row.swap(index, other);
            }
        }
        let mut half = 1;
        while half < size {
            for block in row.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                let roots = self.roots.iter().step_by(size / (2 * half));
                for ((a, b), &root) in low.iter_mut().zip(high).zip(roots) {
                    let turned = product(*b, root);
                    *b = [a[0] - turned[0], a[1] - turned[1]];
                    *a = [a[0] + turned[0], a[1] + turned[1]];
                }
            }
            half *= 2;
        }
    }
}
