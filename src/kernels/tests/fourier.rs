//! The Fourier transform beside the sum that defines it.
use crate::base::rng::Rng;
use crate::kernels::fourier::{Complex, Fourier};
use alloc::{vec, vec::Vec};
use core::f64::consts::TAU;

/// The greatest difference from the sums, as a share of the greatest of these.
fn off_by(n: usize, inverse: bool, rng: &mut Rng) -> f64 {
    let mut part = || f64::from(rng.uniform(-1.0, 1.0));
    let x: Vec<Complex> = (0..n).map(|_| [part(), part()]).collect();
    let mut row = vec![[0.0; 2]; Fourier::size(n)];
    row[..n].copy_from_slice(&x);
    // What is left from the row before must not matter.
    row[n..].fill([7.0; 2]);
    Fourier::new(n, inverse).run(&mut row);
    let sign = if inverse { TAU } else { -TAU };
    let (mut off, mut scale) = (0.0f64, 0.0f64);
    for (k, &[re, im]) in row[..n].iter().enumerate() {
        let (mut sum_re, mut sum_im) = (0.0, 0.0);
        for (j, &[a, b]) in x.iter().enumerate() {
            let (sin, cos) = libm::sincos(sign * (j * k % n) as f64 / n as f64);
            sum_re += a * cos - b * sin;
            sum_im += a * sin + b * cos;
        }
        off = off.max((re - sum_re).abs()).max((im - sum_im).abs());
        scale = scale.max(sum_re.abs()).max(sum_im.abs());
    }
    off / scale
}

#[test]
fn rows_of_any_length_are_transformed_with_an_error_below_1e_13_of_the_greatest_value() {
    let mut rng = Rng::new(1);
    for n in (1..=70).chain([127, 128, 243, 1000, 1021, 1024]) {
        for inverse in [false, true] {
            let off = off_by(n, inverse, &mut rng);
            assert!(off < 1e-13, "{n} values: {off}");
        }
    }
}

#[test]
fn the_bits_of_a_transform_are_those_of_the_module_for_javascript() {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for n in [31, 64, 100usize] {
        let value = |j: usize| [(37 * j % 19) as f64 - 9.0, (11 * j % 7) as f64 - 3.0];
        let mut row: Vec<Complex> = (0..n).map(value).collect();
        row.resize(Fourier::size(n), [0.0; 2]);
        Fourier::new(n, false).run(&mut row);
        for part in row[..n].as_flattened() {
            let word = u64::from((*part as f32).to_bits());
            hash = (hash ^ word).wrapping_mul(0x0100_0000_01b3);
        }
    }
    // The test of the same name in tests/js/spectral.test.mjs has the same number.
    assert_eq!(hash, 0x1208_53eb_3515_63b9);
}
