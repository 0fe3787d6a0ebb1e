//! Products, sums and softmax against f64.
use super::*;
use crate::kernels::gemm::{self, MatRef, gemm};
use crate::kernels::{reduce, softmax};
use core::iter::zip;

#[test]
fn gemm_agrees_with_f64_over_awkward_sizes_and_strides() {
    let mut rng = Rng::new(1);
    let sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 65];
    let mut cases = vec![
        (1, 1000, 300),
        (70, 10, 257),
        (5, 12, 300),
        (129, 33, 513),
        (3, 520, 2),
        (1, 2, 9000),
        (2, 1, 600),
    ];
    for m in sizes {
        for n in sizes {
            cases.extend([0, 1, 3, 17].map(|k| (m, n, k)));
        }
    }
    for (m, n, k) in cases {
        let (a, b) = (uniform(&mut rng, m * k), uniform(&mut rng, k * n));
        for (a_t, b_t, accumulate) in [
            (false, false, false),
            (true, false, true),
            (false, true, false),
            (true, true, true),
        ] {
            let at = |i: usize, p: usize| f64::from(if a_t { a[p * m + i] } else { a[i * k + p] });
            let bt = |p: usize, j: usize| f64::from(if b_t { b[j * k + p] } else { b[p * n + j] });
            let before = uniform(&mut rng, m * n);
            let expected: Vec<f64> = (0..m * n)
                .map(|ij| {
                    let sum: f64 = (0..k).map(|p| at(ij / n, p) * bt(p, ij % n)).sum();
                    if accumulate {
                        sum + f64::from(before[ij])
                    } else {
                        sum
                    }
                })
                .collect();
            let a = if a_t {
                MatRef::row_major(&a, k, m).t()
            } else {
                MatRef::row_major(&a, m, k)
            };
            let b = if b_t {
                MatRef::row_major(&b, n, k).t()
            } else {
                MatRef::row_major(&b, k, n)
            };
            let mut c = before.clone();
            gemm::<Native>(
                a,
                b,
                &mut c,
                accumulate,
                &mut vec![f32::NAN; gemm::scratch_len(m, n, k)],
            );
            assert_close(&format!("{m}×{k}×{n} {a_t} {b_t}"), &c, &expected, 1e-5);
        }
    }
}

/// `A·B` added to `c` as the plain left fold over k.
fn fold(a: MatRef, b: MatRef, c: &mut [f32]) {
    for (ij, c) in c.iter_mut().enumerate() {
        let (i, j) = (ij / b.cols, ij % b.cols);
        for p in 0..a.cols {
            *c += a.data[i * a.row_stride + p * a.col_stride]
                * b.data[p * b.row_stride + j * b.col_stride];
        }
    }
}

/// The bits, with every NaN the same.
fn bits(x: &[f32]) -> Vec<u32> {
    let bits = |x: &f32| if x.is_nan() { 1 } else { x.to_bits() };
    x.iter().map(bits).collect()
}

#[test]
fn every_way_to_multiply_is_the_left_fold_over_k_whatever_the_zeros_and_strides() {
    let mut rng = Rng::new(3);
    let sizes = [
        (1, 5, 9),
        (3, 70, 40),
        (6, 33, 130),
        (17, 32, 70),
        (66, 41, 1100),
        (9, 600, 3),
        (7, 10, 300),
    ];
    for (m, n, k) in sizes {
        for density in [0.0, 0.05, 0.3, 1.0] {
            let (a, b) = (sparse(&mut rng, m * k, density), uniform(&mut rng, k * n));
            let a_views = [MatRef::row_major(&a, m, k), MatRef::row_major(&a, k, m).t()];
            let b_views = [MatRef::row_major(&b, k, n), MatRef::row_major(&b, n, k).t()];
            for (a, b) in a_views.into_iter().flat_map(|a| b_views.map(|b| (a, b))) {
                for accumulate in [false, true] {
                    let mut c = if accumulate {
                        uniform(&mut rng, m * n)
                    } else {
                        vec![0.0; m * n]
                    };
                    let mut expected = c.clone();
                    fold(a, b, &mut expected);
                    let mut scratch = vec![f32::NAN; gemm::scratch_len(m, n, k)];
                    gemm::<Native>(a, b, &mut c, accumulate, &mut scratch);
                    assert_eq!(bits(&c), bits(&expected), "{m}×{k}×{n}, density {density}");
                }
            }
        }
    }
}

#[test]
fn long_products_relative_error_below_1e_5() {
    let mut rng = Rng::new(31);
    for (m, n, k) in [
        (1, 1, 4_000_000),
        (3, 5, 300_001),
        (2, 40, 100_000),
        (33, 9, 20_000),
    ] {
        // Equal values are the worst case: every addition rounds the same way.
        for equal in [true, false] {
            let draw = |rng: &mut Rng| if equal { 0.1 } else { rng.unit() };
            let a: Vec<f32> = (0..m * k).map(|_| draw(&mut rng)).collect();
            let b: Vec<f32> = (0..k * n).map(|_| draw(&mut rng)).collect();
            let mut scratch = vec![f32::NAN; gemm::scratch_len(m, n, k)];
            let mut expected = vec![1.0f64; m * n];
            for (i, a) in a.chunks(k).enumerate() {
                for (a, b) in zip(a, b.chunks(n)) {
                    for (sum, b) in zip(&mut expected[i * n..], b) {
                        *sum += f64::from(*a) * f64::from(*b);
                    }
                }
            }
            let mut c = vec![1.0; m * n];
            let b = MatRef::row_major(&b, k, n);
            gemm::<Native>(MatRef::row_major(&a, m, k), b, &mut c, true, &mut scratch);
            for (c, expected) in zip(&c, &expected) {
                let error = (f64::from(*c) / expected - 1.0).abs();
                assert!(error < 1e-5, "{m}×{k}×{n}: {error:e}");
            }
        }
    }
}

#[test]
fn a_long_product_has_the_same_bits_alone_transposed_and_with_zeros_left_out() {
    let mut rng = Rng::new(32);
    let (m, n, k) = (20, 37, 9000);
    for density in [0.1, 1.0] {
        let a = sparse(&mut rng, m * k, density);
        let b = uniform(&mut rng, k * n);
        let across: Vec<f32> = (0..k * m).map(|at| a[at % m * k + at / m]).collect();
        let product = |a: MatRef| {
            let mut c = vec![7.0; a.rows * n];
            let mut scratch = vec![f32::NAN; gemm::scratch_len(a.rows, n, k)];
            let b = MatRef::row_major(&b, k, n);
            gemm::<Native>(a, b, &mut c, false, &mut scratch);
            c
        };
        let all = product(MatRef::row_major(&a, m, k));
        assert_eq!(product(MatRef::row_major(&across, k, m).t()), all);
        let alone: Vec<f32> = (a.chunks(k))
            .flat_map(|a| product(MatRef::row_major(a, 1, k)))
            .collect();
        assert_eq!(alone, all);
    }
}

#[test]
fn infinity_and_nan_come_out_of_a_long_product() {
    let k = 10_000;
    for (spoilt, expected) in [(f32::INFINITY, f32::INFINITY), (f32::NAN, f32::NAN)] {
        let mut a = vec![1.0; k];
        a[k / 2] = spoilt;
        let mut scratch = vec![f32::NAN; gemm::scratch_len(1, 2, k)];
        let (b, mut c) = (vec![1.0; 2 * k], [0.0; 2]);
        let (a, b) = (MatRef::row_major(&a, 1, k), MatRef::row_major(&b, k, 2));
        gemm::<Native>(a, b, &mut c, false, &mut scratch);
        assert_eq!(bits(&c), bits(&[expected; 2]));
    }
}

#[test]
fn nan_and_infinity_show_through_zeros() {
    let mut rng = Rng::new(4);
    for (m, n, k) in [(2, 40, 64), (30, 40, 64)] {
        let a = sparse(&mut rng, m * k, 0.1);
        let mut b = uniform(&mut rng, k * n);
        (b[5 * n + 3], b[7 * n + 4]) = (f32::NAN, f32::INFINITY);
        let b = MatRef::row_major(&b, k, n);
        for a in [MatRef::row_major(&a, m, k), MatRef::row_major(&a, k, m).t()] {
            let (mut c, mut expected) = (vec![0.0; m * n], vec![0.0; m * n]);
            fold(a, b, &mut expected);
            let mut scratch = vec![0.0; gemm::scratch_len(m, n, k)];
            gemm::<Native>(a, b, &mut c, false, &mut scratch);
            assert!(c[3].is_nan() && !c[4].is_finite());
            assert_eq!(bits(&c), bits(&expected));
        }
    }
}

#[test]
fn sums_that_overflow_are_not_taken_for_infinities() {
    let mut x = vec![f32::MAX; 100];
    assert!(reduce::is_finite::<Native>(&x));
    for at in [0, 63, 64, 99] {
        for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let before = core::mem::replace(&mut x[at], odd);
            assert!(!reduce::is_finite::<Native>(&x), "{odd} at {at}");
            x[at] = before;
        }
    }
}

#[test]
fn a_row_has_the_same_bits_alone_and_in_a_batch() {
    let mut rng = Rng::new(2);
    let (m, n, k) = (67, 37, 300);
    let (a, b) = (uniform(&mut rng, m * k), uniform(&mut rng, k * n));
    let (mut batch, mut alone) = (vec![0.0; m * n], vec![0.0; n]);
    let mut scratch = vec![0.0; gemm::scratch_len(m, n, k)];
    let b = MatRef::row_major(&b, k, n);
    gemm::<Native>(
        MatRef::row_major(&a, m, k),
        b,
        &mut batch,
        false,
        &mut scratch,
    );
    for (a, batch) in a.chunks(k).zip(batch.chunks(n)) {
        gemm::<Native>(
            MatRef::row_major(a, 1, k),
            b,
            &mut alone,
            false,
            &mut scratch,
        );
        assert_eq!(alone, batch);
    }
}

#[test]
fn sums_and_means_of_ten_million_values_are_within_1e_6() -> crate::Result<()> {
    let mut rng = Rng::new(6);
    for equal in [true, false] {
        let value = |_| if equal { 0.1 } else { rng.unit() };
        let x: Vec<f32> = (0..10_000_000).map(value).collect();
        let expected: f64 = x.iter().map(|x| f64::from(*x)).sum();
        let x = crate::Tensor::new(x, &[10_000_000])?;
        let wide = x.reshape(&[2_500_000, 4])?;
        let error = |sum: f32, expected: f64| (f64::from(sum) / expected - 1.0).abs();
        assert!(error(x.sum(&[], false)?.item()?, expected) < 1e-6);
        assert!(error(x.mean(&[], false)?.item()?, expected / 1e7) < 1e-6);
        let rows = wide.sum(&[0], false)?;
        assert!(error(rows.sum(&[], false)?.item()?, expected) < 1e-6);
    }
    Ok(())
}

#[test]
fn sums_of_a_million_values_are_within_1e_6() {
    let mut rng = Rng::new(6);
    let x: Vec<f32> = (0..1_000_003).map(|_| rng.unit()).collect();
    let expected: f64 = x.iter().map(|x| f64::from(*x)).sum();
    assert!((f64::from(reduce::sum::<Native>(&x)) / expected - 1.0).abs() < 1e-6);
    let mut y = [0.0];
    reduce::sum_rows::<Native>(&x, &mut y);
    assert!((f64::from(y[0]) / expected - 1.0).abs() < 1e-6);
}

#[test]
fn reductions_over_awkward_shapes_agree_with_f64() {
    let mut rng = Rng::new(7);
    for (m, n) in [
        (0, 5),
        (5, 0),
        (1, 1),
        (3, 7),
        (130, 37),
        (300, 16),
        (1000, 5),
        (2, 131),
    ] {
        let x = uniform(&mut rng, m * n);
        let at = |i: usize, j: usize| f64::from(x[i * n + j]);
        let mut rows = vec![7.0; n];
        reduce::sum_rows::<Native>(&x, &mut rows);
        let expected: Vec<f64> = (0..n).map(|j| (0..m).map(|i| at(i, j)).sum()).collect();
        assert_close("rows", &rows, &expected, 1e-6);
        let expected: f64 = x.iter().map(|x| f64::from(*x)).sum();
        assert_close("all", &[reduce::sum::<Native>(&x)], &[expected], 1e-6);
        let max = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        assert_eq!(reduce::max::<Native>(&x), max);
        assert_eq!(reduce::max_or_nan::<Native>(&x), max);
        let min = x.iter().copied().fold(f32::INFINITY, f32::min);
        assert_eq!(reduce::min_or_nan::<Native>(&x), min);
        for at in [0, 15, 16, x.len().max(1) - 1] {
            let mut x = x.clone();
            if let Some(value) = x.get_mut(at) {
                *value = f32::NAN;
                assert!(reduce::max_or_nan::<Native>(&x).is_nan());
                assert!(reduce::min_or_nan::<Native>(&x).is_nan());
            }
        }
    }
}

#[test]
fn softmax_of_large_logits_stays_finite_and_agrees_with_f64() {
    let mut rng = Rng::new(8);
    for n in [1, 3, 4, 10, 300] {
        for shift in [0.0, 1e4] {
            let x: Vec<f32> = (0..3 * n).map(|_| shift + rng.uniform(-9.0, 9.0)).collect();
            let (mut p, mut log_p) = (vec![0.0; 3 * n], vec![0.0; 3 * n]);
            softmax::softmax::<Native>(&x, &mut p, n);
            softmax::log_softmax::<Native>(&x, &mut log_p, n);
            for row in 0..3 {
                let x: Vec<f64> = x[row * n..(row + 1) * n]
                    .iter()
                    .map(|x| f64::from(*x))
                    .collect();
                let sum = f64::from(shift)
                    + libm::log(x.iter().map(|x| libm::exp(x - f64::from(shift))).sum());
                let row = row * n..(row + 1) * n;
                assert_close(
                    "log p",
                    &log_p[row.clone()],
                    &x.iter().map(|x| x - sum).collect::<Vec<_>>(),
                    1e-6,
                );
                assert_close(
                    "p",
                    &p[row.clone()],
                    &x.iter().map(|x| libm::exp(x - sum)).collect::<Vec<_>>(),
                    1e-6,
                );
            }
        }
    }
}
