//! Convolution and pooling against their definitions.
use super::*;
use crate::kernels::conv::{self, Conv2d, Padding};
use crate::kernels::pool::{self, Pool2d};
use core::iter::zip;

/// Every pair of (output pixel, kernel element) with the input pixel they meet at.
fn meetings(g: &Conv2d) -> Vec<(usize, usize, usize)> {
    let mut all = Vec::new();
    for out in 0..g.n * g.oh * g.ow {
        let (image, oy, ox) = (out / g.ow / g.oh, out / g.ow % g.oh, out % g.ow);
        for tap in 0..g.kh * g.kw {
            let y = (oy * g.stride.0 + tap / g.kw * g.dilation.0).checked_sub(g.pad_top);
            let x = (ox * g.stride.1 + tap % g.kw * g.dilation.1).checked_sub(g.pad_left);
            if let (Some(y), Some(x)) = (y.filter(|y| *y < g.h), x.filter(|x| *x < g.w)) {
                all.push((out, tap, (image * g.h + y) * g.w + x));
            }
        }
    }
    all
}

#[test]
fn convolution_and_its_gradients_agree_with_f64() {
    let mut rng = Rng::new(3);
    let cases = [
        ([1, 1, 1, 1], [1, 1, 1, 1], (1, 1), (1, 1)),
        ([2, 5, 7, 3], [3, 3, 3, 5], (1, 1), (1, 1)),
        ([2, 8, 6, 1], [5, 3, 1, 6], (1, 1), (1, 1)),
        ([1, 9, 9, 4], [3, 2, 4, 8], (2, 3), (1, 1)),
        ([2, 11, 13, 2], [3, 3, 2, 3], (1, 1), (2, 3)),
        ([3, 7, 7, 5], [1, 1, 5, 2], (1, 1), (1, 1)),
        ([3, 7, 7, 5], [1, 1, 5, 2], (2, 2), (1, 1)),
        ([1, 28, 28, 1], [3, 3, 1, 9], (1, 1), (1, 1)),
        ([1, 28, 28, 16], [5, 5, 16, 3], (2, 2), (1, 1)),
        ([0, 5, 5, 2], [3, 3, 2, 4], (1, 1), (1, 1)),
        ([2, 5, 5, 0], [3, 3, 0, 4], (1, 1), (1, 1)),
        ([2, 5, 5, 2], [3, 3, 2, 0], (1, 1), (1, 1)),
    ];
    for (x_shape, w_shape, stride, dilation) in cases {
        for padding in [Padding::Same, Padding::Valid] {
            let g = Conv2d::new(&x_shape, &w_shape, stride, dilation, padding).unwrap();
            let what = format!("{g:?}");
            let x = uniform(&mut rng, x_shape.iter().product());
            let w = uniform(&mut rng, w_shape.iter().product());
            let dy = uniform(&mut rng, g.out_shape().iter().product());
            let mut y64 = vec![0.0; dy.len()];
            let mut dx64 = vec![0.0; x.len()];
            let mut dw64 = vec![0.0; w.len()];
            let mut db64 = vec![0.0; g.f];
            dy.iter()
                .enumerate()
                .for_each(|(i, dy)| db64[i % g.f] += f64::from(*dy));
            for (out, tap, pixel) in meetings(&g) {
                for c in 0..g.c {
                    for f in 0..g.f {
                        let (xi, wi, yi) =
                            (pixel * g.c + c, (tap * g.c + c) * g.f + f, out * g.f + f);
                        let [xv, wv, dyv] = [x[xi], w[wi], dy[yi]].map(f64::from);
                        y64[yi] += xv * wv;
                        dx64[xi] += dyv * wv;
                        dw64[wi] += dyv * xv;
                    }
                }
            }
            let mut scratch = vec![f32::NAN; g.scratch_len()];
            let mut db = vec![7.0; g.f];
            let (mut y, mut dx, mut dw) =
                (vec![7.0; dy.len()], vec![7.0; x.len()], vec![7.0; w.len()]);
            conv::forward::<Native>(&g, &x, &w, conv::Finish::default(), &mut y, &mut scratch);
            conv::input_gradient::<Native>(&g, &dy, None, &w, &mut dx, &mut scratch);
            conv::kernel_gradient::<Native>(&g, &x, &dy, None, &mut dw, &mut db, &mut scratch);
            assert_close(&format!("y {what}"), &y, &y64, 1e-5);
            assert_close(&format!("dx {what}"), &dx, &dx64, 1e-5);
            assert_close(&format!("dw {what}"), &dw, &dw64, 1e-5);
            assert_close(&format!("db {what}"), &db, &db64, 1e-5);
        }
    }
}

#[test]
fn depthwise_convolution_and_its_gradients_agree_with_f64() {
    let mut rng = Rng::new(4);
    let cases = [
        ([1, 1, 1, 1], (1, 1), (1, 1), (1, 1)),
        ([2, 5, 7, 3], (3, 3), (1, 1), (1, 1)),
        ([2, 8, 6, 8], (5, 3), (1, 1), (1, 1)),
        ([1, 9, 9, 5], (3, 2), (2, 3), (1, 1)),
        ([2, 11, 13, 4], (3, 3), (1, 1), (2, 3)),
        ([3, 7, 7, 6], (1, 1), (2, 2), (1, 1)),
        ([17, 6, 14, 7], (4, 7), (1, 2), (1, 1)),
        ([1, 40, 30, 4], (3, 3), (1, 1), (1, 1)),
        ([2, 9, 12, 16], (3, 3), (3, 2), (2, 2)),
        ([0, 5, 5, 2], (3, 3), (1, 1), (1, 1)),
        ([2, 5, 5, 0], (3, 3), (1, 1), (1, 1)),
    ];
    for (x_shape @ [n, _, _, c], (kh, kw), stride, dilation) in cases {
        for padding in [Padding::Same, Padding::Valid, Padding::Causal] {
            let g = Conv2d::new(&x_shape, &[kh, kw, c, 1], stride, dilation, padding).unwrap();
            let what = format!("{g:?}");
            let x = uniform(&mut rng, x_shape.iter().product());
            let w = uniform(&mut rng, kh * kw * c);
            let dy = uniform(&mut rng, n * g.oh * g.ow * c);
            let [mut y64, mut dx64, mut dw64] = [&dy, &x, &w].map(|like| vec![0.0; like.len()]);
            for (out, tap, pixel) in meetings(&g) {
                for channel in 0..c {
                    let [xi, wi, yi] = [pixel, tap, out].map(|at| at * c + channel);
                    let [xv, wv, dyv] = [x[xi], w[wi], dy[yi]].map(f64::from);
                    y64[yi] += xv * wv;
                    dx64[xi] += dyv * wv;
                    dw64[wi] += dyv * xv;
                }
            }
            let [mut y, mut dx, mut dw] = [&dy, &x, &w].map(|like| vec![7.0; like.len()]);
            conv::depthwise::<Native>(&g, &x, &w, &mut y);
            let mut turned = vec![f32::NAN; w.len()];
            conv::depthwise_input_gradient::<Native>(&g, &dy, &w, &mut dx, &mut turned);
            let mut parts = vec![f32::NAN; conv::depthwise_scratch_len(&g)];
            conv::depthwise_kernel_gradient::<Native>(&g, &x, &dy, &mut dw, &mut parts);
            assert_close(&format!("y {what}"), &y, &y64, 1e-5);
            assert_close(&format!("dx {what}"), &dx, &dx64, 1e-5);
            assert_close(&format!("dw {what}"), &dw, &dw64, 1e-5);
        }
    }
}

#[test]
fn an_infinite_kernel_of_a_channel_reaches_no_pixel_beyond_its_windows() {
    let g = Conv2d::new(&[1, 4, 6, 4], &[3, 3, 4, 1], (1, 1), (1, 1), Padding::Same).unwrap();
    let mut w = vec![1.0; 36];
    w[0] = f32::INFINITY;
    let mut y = vec![7.0; 96];
    conv::depthwise::<Native>(&g, &[1.0; 96], &w, &mut y);
    for (at, y) in y.iter().enumerate() {
        let (pixel, channel) = (at / 4, at % 4);
        let sees_corner = pixel >= 6 && pixel % 6 > 0 && channel == 0;
        assert_eq!(y.is_finite(), !sees_corner, "{at}");
    }
}

/// `y`, `dx`, `dw` and `db`.
fn all_passes(g: &Conv2d, x: &[f32], w: &[f32], dy: &[f32]) -> [Vec<f32>; 4] {
    let mut scratch = vec![f32::NAN; g.scratch_len()];
    let [mut y, mut dx, mut dw] = [dy, x, w].map(|like| vec![7.0; like.len()]);
    let mut db = vec![7.0; g.f];
    conv::forward::<Native>(g, x, w, conv::Finish::default(), &mut y, &mut scratch);
    conv::input_gradient::<Native>(g, dy, None, w, &mut dx, &mut scratch);
    conv::kernel_gradient::<Native>(g, x, dy, None, &mut dw, &mut db, &mut scratch);
    [y, dx, dw, db]
}

/// The bits, with every NaN the same.
fn bits(x: &[f32]) -> Vec<u32> {
    let bits = |x: &f32| if x.is_nan() { 1 } else { x.to_bits() };
    x.iter().map(bits).collect()
}

/// `y`, `dx`, `dw` and `db` of up to two images as plain sums over all pairs of pixels and kernel elements that meet.
fn plain_sums(g: &Conv2d, x: &[f32], w: &[f32], dy: &[f32]) -> [Vec<f32>; 4] {
    let [mut y, mut dx, mut dw] = [dy, x, w].map(|like| vec![0.0; like.len()]);
    let mut db = vec![0.0; g.f];
    for (out, tap, pixel) in meetings(g) {
        for c in 0..g.c {
            for f in 0..g.f {
                let (k, at) = ((tap * g.c + c) * g.f + f, out * g.f + f);
                y[at] += x[pixel * g.c + c] * w[k];
                dw[k] += x[pixel * g.c + c] * dy[at];
            }
        }
        for f in 0..g.f {
            for c in 0..g.c {
                dx[pixel * g.c + c] += dy[out * g.f + f] * w[(tap * g.c + c) * g.f + f];
            }
        }
    }
    (0..dy.len()).for_each(|i| db[i % g.f] += dy[i]);
    [y, dx, dw, db]
}

#[test]
fn what_is_not_finite_stays_inside_its_windows() {
    let mut rng = Rng::new(14);
    for c in [1, 2, 3, 6] {
        for (stride, dilation) in [((1, 1), (1, 1)), ((2, 1), (1, 2))] {
            let (x_shape, w_shape) = ([2, 6, 7, c], [3, 3, c, 5]);
            let g = Conv2d::new(&x_shape, &w_shape, stride, dilation, Padding::Same).unwrap();
            let x = uniform(&mut rng, x_shape.iter().product());
            let w = uniform(&mut rng, w_shape.iter().product());
            let dy = uniform(&mut rng, g.out_shape().iter().product());
            for odd in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
                let spoilt = |values: &[f32], at: usize| {
                    let mut values = values.to_vec();
                    values[at] = odd;
                    values
                };
                // A kernel element that the padding meets, a border pixel, a border pixel's gradient.
                for [x, w, dy] in [
                    [x.clone(), spoilt(&w, 0), dy.clone()],
                    [x.clone(), spoilt(&w, w.len() - 1), dy.clone()],
                    [spoilt(&x, 0), w.clone(), dy.clone()],
                    [x.clone(), w.clone(), spoilt(&dy, 0)],
                    [x.clone(), w.clone(), spoilt(&dy, dy.len() - 1)],
                ] {
                    let expected = plain_sums(&g, &x, &w, &dy);
                    let passes = all_passes(&g, &x, &w, &dy);
                    for (pass, expected) in passes.iter().zip(&expected) {
                        assert_eq!(bits(pass), bits(expected), "{odd}, {g:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn large_dilation_and_strides_need_no_more_memory_than_small_ones() {
    let mut rng = Rng::new(15);
    for c in [1, 2, 6] {
        for (stride, dilation, padding) in [
            ((1, 1), (1 << 15, 1 << 15), Padding::Same),
            ((1, 1), (4, 1 << 15), Padding::Same),
            ((1 << 30, 1 << 30), (1, 1), Padding::Same),
            ((1 << 30, 1), (1, 1), Padding::Valid),
        ] {
            let (x_shape, w_shape) = ([2, 9, 8, c], [3, 3, c, 5]);
            let g = Conv2d::new(&x_shape, &w_shape, stride, dilation, padding).unwrap();
            assert!(g.scratch_len() < 1 << 20, "{} for {g:?}", g.scratch_len());
            let x = uniform(&mut rng, x_shape.iter().product());
            let w = uniform(&mut rng, w_shape.iter().product());
            let dy = uniform(&mut rng, g.out_shape().iter().product());
            let expected = plain_sums(&g, &x, &w, &dy);
            let passes = all_passes(&g, &x, &w, &dy);
            for (pass, expected) in passes.iter().zip(&expected) {
                assert_eq!(bits(pass), bits(expected), "{g:?}");
            }
        }
    }
}

#[test]
fn gradients_over_many_pixels_relative_error_below_1e_5() {
    for (x_shape, w_shape, dilation) in [
        ([1, 700, 300, 1], [2, 2, 1, 3], (1, 1)),
        ([1, 1, 100_000, 1], [1, 2, 1, 1], (1, 1)),
        ([500, 30, 30, 1], [2, 2, 1, 1], (1, 1)),
        ([1, 700, 300, 2], [2, 1, 2, 3], (1, 1)),
        ([2, 2, 50_000, 6], [2, 3, 6, 1], (1, 1)),
        ([1, 300, 300, 2], [2, 1, 2, 3], (150, 1)),
        ([1, 300, 300, 2], [2, 1, 2, 3], (1 << 15, 1)),
    ] {
        let g = Conv2d::new(&x_shape, &w_shape, (1, 1), dilation, Padding::Same).unwrap();
        // Equal values are the worst case: every addition rounds the same way.
        let x = vec![0.1; x_shape.iter().product()];
        let dy = vec![0.1; g.out_shape().iter().product()];
        let w = vec![0.0; w_shape.iter().product()];
        let [_, _, dw, db] = all_passes(&g, &x, &w, &dy);
        let mut met = vec![0.0f64; g.kh * g.kw];
        meetings(&g).iter().for_each(|(_, tap, _)| met[*tap] += 1.0);
        let each = f64::from(0.1f32) * f64::from(0.1f32);
        for (k, dw) in dw.iter().enumerate() {
            let expected = met[k / g.c / g.f] * each;
            let error = (f64::from(*dw) - expected).abs();
            assert!(error <= 1e-5 * expected, "{g:?}: {dw}, expected {expected}");
        }
        for db in db {
            let expected = (g.n * g.oh * g.ow) as f64 * f64::from(0.1f32);
            assert!((f64::from(db) / expected - 1.0).abs() < 1e-5, "{db}");
        }
    }
}

#[test]
fn averages_of_many_pixels_relative_error_below_1e_6() {
    let (h, w) = (1000, 700);
    let g = Pool2d::new(&[1, h, w, 3], (h, w), (1, 1), Padding::Valid).unwrap();
    let mut y = [0.0; 3];
    pool::average_forward::<Native>(&g, &vec![0.1; h * w * 3], &mut y);
    assert!(y.iter().all(|y| (y / 0.1 - 1.0).abs() < 1e-6), "{y:?}");
}

#[test]
fn no_product_of_sizes_wraps() {
    let refused = |x: &[usize], w: &[usize], stride, dilation, padding| {
        let error = Conv2d::new(x, w, stride, dilation, padding).unwrap_err();
        assert!(format!("{error}").starts_with("conv2d: "), "{error}");
    };
    let (one, valid, same) = ((1, 1), Padding::Valid, Padding::Same);
    refused(&[1, 65_537, 1, 1], &[1, 1, 1, 65_536], one, one, valid);
    // The square of this is more than a `usize` holds: 2³³ of 64 bits, 2¹⁷ of 32.
    let large = 1 << (usize::BITS / 2 + 1);
    refused(&[1, large, 1, 1], &[1, 1, 1, large], one, one, valid);
    refused(&[1, 1, 1, large], &[1, 1, large, 1], one, one, same);
    refused(&[1, 3, 3, 1], &[3, 3, 1, 1], one, (usize::MAX / 2, 1), same);
    refused(&[1, 3, 3, 1], &[3, 3, 1, 1], one, (usize::MAX, 1), same);
    refused(
        &[1, 3, 3, 1],
        &[3, 3, 1, 1 << (usize::BITS - 4)],
        one,
        one,
        same,
    );
    assert!(Pool2d::new(&[1, 1 << 20, 1 << 20, 1], (2, 2), one, valid).is_err());
    assert!(Pool2d::new(&[1, 3, 3, 1], (usize::MAX, 1), one, same).is_err());
    let huge = Pool2d::new(&[1, 3, 3, 1], (large, large), (large, 1), same).unwrap();
    let (mut y, mut at) = ([0.0; 3], [0.0; 3]);
    let x: Vec<f32> = (0..9).map(|i| i as f32).collect();
    pool::max_forward::<Native>(&huge, &x, &mut y, &mut at);
    assert_eq!(y, [8.0; 3]);
}

#[test]
fn nan_wins_wherever_it_stands_in_a_window() {
    for c in [1, 4, 6] {
        let g = Pool2d::new(&[2, 4, 4, c], (2, 2), (2, 2), Padding::Valid).unwrap();
        for place in 0..4 {
            // In the second image only, in the window at the upper right, in the last channel.
            let at = ((16 + place / 2 * 4 + 2 + place % 2) * c) + c - 1;
            let mut x: Vec<f32> = (0..32 * c).map(|i| (i * 7 % 31) as f32).collect();
            x[at] = f32::NAN;
            if place == 1 {
                // The first NaN wins.
                x[at + 4 * c] = f32::NAN;
            }
            let (mut y, mut places) = (vec![7.0; 8 * c], vec![7.0; 8 * c]);
            pool::max_forward::<Native>(&g, &x, &mut y, &mut places);
            let out = 5 * c + c - 1;
            assert!(y[out].is_nan(), "{c} channels, place {place}");
            assert_eq!(places[out].to_bits() as usize, at);
            assert_eq!(y.iter().filter(|y| y.is_nan()).count(), 1);
            let mut dx = vec![7.0; x.len()];
            pool::max_gradient(2, &places, &vec![1.0; y.len()], &mut dx);
            assert_eq!(dx[at], 1.0);
        }
    }
}

#[test]
fn convolutions_are_plain_sums_in_order_and_zeros_left_out_change_no_bit() {
    let mut rng = Rng::new(11);
    for (x_shape, w_shape, stride, dilation) in [
        ([9, 20, 20, 1], [3, 3, 1, 37], (1, 1), (1, 1)),
        ([50, 6, 5, 1], [3, 3, 1, 7], (1, 1), (1, 1)),
        ([50, 6, 5, 2], [3, 3, 2, 7], (1, 1), (1, 1)),
        ([2, 9, 8, 1], [5, 3, 1, 6], (2, 1), (1, 2)),
        ([2, 9, 8, 3], [3, 3, 3, 10], (1, 2), (1, 1)),
        ([9, 8, 9, 12], [3, 3, 12, 40], (1, 1), (1, 1)),
        ([2, 9, 9, 6], [3, 2, 6, 5], (2, 3), (2, 1)),
        ([2, 9, 9, 5], [2, 3, 5, 4], (1, 1), (2, 2)),
    ] {
        for padding in [Padding::Same, Padding::Valid] {
            let g = Conv2d::new(&x_shape, &w_shape, stride, dilation, padding).unwrap();
            let x = sparse(&mut rng, x_shape.iter().product(), 0.3);
            let w = uniform(&mut rng, w_shape.iter().product());
            let dy = sparse(&mut rng, g.out_shape().iter().product(), 0.3);
            let (mut y, mut dx) = (vec![0.0; dy.len()], vec![0.0; x.len()]);
            // The kernel's and the bias's gradients are summed up in up to 16 parts of two images or more.
            let images = g.n.div_ceil(16).max(2);
            let parts = g.n.div_ceil(images);
            let mut dws = vec![vec![0.0; w.len()]; parts];
            let mut dbs = vec![vec![0.0; g.f]; parts];
            let part = |out: usize| out / (g.oh * g.ow * images);
            let meetings = meetings(&g);
            for &(out, tap, pixel) in &meetings {
                for c in 0..g.c {
                    for f in 0..g.f {
                        let k = (tap * g.c + c) * g.f + f;
                        y[out * g.f + f] += x[pixel * g.c + c] * w[k];
                        dws[part(out)][k] += x[pixel * g.c + c] * dy[out * g.f + f];
                    }
                }
            }
            // The input gradient meets the output pixels in order, that is the last taps first.
            for &(out, tap, pixel) in &meetings {
                for f in 0..g.f {
                    for c in 0..g.c {
                        dx[pixel * g.c + c] += dy[out * g.f + f] * w[(tap * g.c + c) * g.f + f];
                    }
                }
            }
            (0..dy.len()).for_each(|i| dbs[part(i / g.f)][i % g.f] += dy[i]);
            let sum = |parts: Vec<Vec<f32>>| {
                let add =
                    |sum: Vec<f32>, part: Vec<f32>| zip(sum, part).map(|(a, b)| a + b).collect();
                parts.into_iter().reduce(add).unwrap()
            };
            let (dw, db) = (sum(dws), sum(dbs));
            let passes = all_passes(&g, &x, &w, &dy);
            for (pass, expected) in passes.iter().zip([&y, &dx, &dw, &db]) {
                assert_eq!(bits(pass), bits(expected), "{g:?}");
            }
        }
    }
}

#[test]
fn a_gate_counts_as_zeros_in_the_gradient() {
    let mut rng = Rng::new(12);
    for (x_shape, w_shape) in [
        ([3, 12, 11, 4], [1, 1, 4, 2]),
        ([3, 12, 11, 1], [2, 2, 1, 3]),
        ([5, 6, 7, 9], [3, 3, 9, 20]),
        ([2, 6, 7, 20], [3, 3, 20, 3]),
        ([2, 6, 7, 70], [3, 2, 70, 1]),
    ] {
        let g = Conv2d::new(&x_shape, &w_shape, (1, 1), (1, 1), Padding::Same).unwrap();
        let x = uniform(&mut rng, x_shape.iter().product());
        let w = uniform(&mut rng, w_shape.iter().product());
        let dy = uniform(&mut rng, g.out_shape().iter().product());
        let open = uniform(&mut rng, dy.len());
        let gated = |(dy, open): (&f32, &f32)| if *open > 0.0 { *dy } else { 0.0 };
        let zeros: Vec<f32> = zip(&dy, &open).map(gated).collect();
        let [_, dx, dw, db] = all_passes(&g, &x, &w, &zeros);
        let [mut dx2, mut dw2, mut db2] = [&dx, &dw, &db].map(|like| vec![7.0; like.len()]);
        let (open, mut scratch) = (Some(&*open), vec![f32::NAN; g.scratch_len()]);
        conv::input_gradient::<Native>(&g, &dy, open, &w, &mut dx2, &mut scratch);
        conv::kernel_gradient::<Native>(&g, &x, &dy, open, &mut dw2, &mut db2, &mut scratch);
        for (gated, zeros) in [(dx2, dx), (dw2, dw), (db2, db)] {
            assert_eq!(bits(&gated), bits(&zeros), "{g:?}");
        }
    }
}

#[test]
fn infinities_that_meet_zeros_show() {
    for c in [1, 2, 8] {
        let g = Conv2d::new(&[1, 4, 4, c], &[2, 2, c, 5], (1, 1), (1, 1), Padding::Valid).unwrap();
        let (x, w) = (vec![0.0; 16 * c], vec![1.0; 20 * c]);
        let dy = vec![0.0; 9 * 5];
        let spoilt = |x: &[f32]| {
            let mut x = x.to_vec();
            x[0] = f32::INFINITY;
            x
        };
        let [y, dx, ..] = all_passes(&g, &x, &spoilt(&w), &dy);
        assert!(y[0].is_nan() && dx[0].is_nan(), "a weight, {c} channels");
        let [y, _, dw, _] = all_passes(&g, &spoilt(&x), &w, &dy);
        assert!(
            y[0].is_infinite() && dw[0].is_nan(),
            "an input, {c} channels"
        );
        let [_, dx, dw, db] = all_passes(&g, &x, &w, &spoilt(&dy));
        assert!(dx[0].is_infinite() && dw[0].is_nan() && db[0].is_infinite());
    }
}

#[test]
fn bias_relu_and_its_gate_are_what_ops_of_their_own_would_do() {
    let mut rng = Rng::new(12);
    for c in [1, 5] {
        let g = Conv2d::new(&[2, 6, 7, c], &[3, 3, c, 6], (1, 1), (1, 1), Padding::Same).unwrap();
        let (x, w) = (uniform(&mut rng, 2 * 42 * c), uniform(&mut rng, 54 * c));
        let (bias, dy) = (uniform(&mut rng, 6), uniform(&mut rng, 2 * 42 * 6));
        let [mut plain, ..] = all_passes(&g, &x, &w, &dy);
        for (y, f) in plain.iter_mut().zip((0..6).cycle()) {
            *y = (*y + bias[f]).max(0.0);
        }
        let gated: Vec<f32> = (dy.iter().zip(&plain))
            .map(|(dy, y)| if *y > 0.0 { *dy } else { 0.0 })
            .collect();
        let [_, dx, dw, db] = all_passes(&g, &x, &w, &gated);
        let mut scratch = vec![f32::NAN; g.scratch_len()];
        let finish = conv::Finish {
            bias: Some(&bias),
            relu: true,
        };
        let [mut y, mut dx2, mut dw2] = [&dy, &x, &w].map(|like| vec![7.0; like.len()]);
        let mut db2 = vec![7.0; 6];
        conv::forward::<Native>(&g, &x, &w, finish, &mut y, &mut scratch);
        assert_eq!(y, plain);
        let open = Some(&y[..]);
        conv::input_gradient::<Native>(&g, &dy, open, &w, &mut dx2, &mut scratch);
        conv::kernel_gradient::<Native>(&g, &x, &dy, open, &mut dw2, &mut db2, &mut scratch);
        assert_eq!((dx2, dw2, db2), (dx, dw, db));
    }
}

#[test]
fn same_padding_puts_the_odd_pixel_below_and_right_as_tensorflow() {
    let g = Conv2d::new(&[1, 6, 5, 1], &[3, 2, 1, 1], (2, 2), (1, 1), Padding::Same).unwrap();
    assert_eq!((g.oh, g.ow, g.pad_top, g.pad_left), (3, 3, 0, 0));
}

#[test]
fn impossible_convolutions_and_pools_are_errors() {
    let new = |x: &[usize], w: &[usize], s, d| Conv2d::new(x, w, s, d, Padding::Valid);
    assert!(new(&[1, 5, 5], &[3, 3, 1, 1], (1, 1), (1, 1)).is_err());
    assert!(new(&[1, 5, 5, 2], &[3, 3, 1, 1], (1, 1), (1, 1)).is_err());
    assert!(new(&[1, 2, 5, 1], &[3, 3, 1, 1], (1, 1), (1, 1)).is_err());
    assert!(new(&[1, 5, 5, 1], &[3, 3, 1, 1], (0, 1), (1, 1)).is_err());
    assert!(new(&[1, 5, 5, 1], &[3, 3, 1, 1], (1, 1), (1, usize::MAX)).is_err());
    assert!(Pool2d::new(&[1, 5, 5, 1], (6, 1), (1, 1), Padding::Valid).is_err());
    assert!(Pool2d::new(&[1, 5, 5, 1], (2, 0), (1, 1), Padding::Same).is_err());
}

#[test]
fn pooling_agrees_with_its_definition() {
    let mut rng = Rng::new(4);
    for c in [0, 1, 3, 4, 6, 9] {
        for (h, w, size, stride) in [
            (4, 4, (2, 2), (2, 2)),
            (5, 7, (3, 2), (2, 1)),
            (7, 5, (2, 3), (3, 3)),
            (1, 1, (3, 3), (2, 2)),
        ] {
            for padding in [Padding::Same, Padding::Valid] {
                let Ok(g) = Pool2d::new(&[2, h, w, c], size, stride, padding) else {
                    continue;
                };
                let (dilation, f) = ((1, 1), c);
                let Pool2d {
                    n,
                    kh,
                    kw,
                    oh,
                    ow,
                    pad_top,
                    pad_left,
                    ..
                } = g;
                let windows = meetings(&Conv2d {
                    n,
                    h,
                    w,
                    c,
                    kh,
                    kw,
                    f,
                    oh,
                    ow,
                    stride,
                    dilation,
                    pad_top,
                    pad_left,
                });
                // Few different values, so that maxima tie.
                let x: Vec<f32> = (0..2 * h * w * c)
                    .map(|_| rng.below(5) as f32 - 9.0)
                    .collect();
                let dy = uniform(&mut rng, g.out_shape().iter().product());
                let (mut y, mut at) = (vec![7.0; dy.len()], vec![7.0; dy.len()]);
                pool::max_forward::<Native>(&g, &x, &mut y, &mut at);
                let (mut mean, mut dx) = (vec![7.0; dy.len()], vec![7.0; x.len()]);
                pool::average_forward::<Native>(&g, &x, &mut mean);
                pool::average_gradient::<Native>(&g, &dy, &mut dx);
                let mut dx64 = vec![0.0; x.len()];
                let mut mean64 = vec![0.0; dy.len()];
                for i in 0..dy.len() {
                    let window: Vec<usize> = windows
                        .iter()
                        .filter(|m| m.0 == i / c)
                        .map(|m| m.2 * c + i % c)
                        .collect();
                    let best = window
                        .iter()
                        .fold(window[0], |best, &j| if x[j] > x[best] { j } else { best });
                    assert_eq!((y[i], at[i].to_bits() as usize), (x[best], best), "{g:?}");
                    for &j in &window {
                        mean64[i] += f64::from(x[j]) / window.len() as f64;
                        dx64[j] += f64::from(dy[i]) / window.len() as f64;
                    }
                }
                assert_close("mean", &mean, &mean64, 1e-6);
                assert_close("dx", &dx, &dx64, 1e-6);
                let mut gathered = vec![0.0; dy.len()];
                pool::gather(&at, &x, &mut gathered);
                assert_eq!(gathered, y);
            }
        }
    }
}

#[test]
fn gradients_of_windows_that_overlap_add_up() {
    let places = [2, 2, 4, 3].map(f32::from_bits);
    let mut dx = [7.0; 6];
    pool::max_gradient(2, &places, &[1.0, 2.0, 4.0, 8.0], &mut dx);
    assert_eq!(dx, [0.0, 0.0, 3.0, 8.0, 4.0, 0.0]);
}
