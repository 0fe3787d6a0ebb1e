//! Convolutions and pooling.
use crate::{check, check_on};
use mapling::Tensor;
use mapling::ops::Moves;
use mapling::ops::Padding::{Causal, Same, Valid};

#[test]
fn convolutions() {
    let cases = [
        ((3, 3), (1, 1), (1, 1), Valid),
        ((3, 2), (2, 1), (1, 1), Same),
        ((2, 2), (1, 1), (2, 2), Valid),
        ((1, 1), (1, 1), (1, 1), Same),
        ((3, 3), (2, 2), (1, 1), Same),
    ];
    for (c, f) in [(1, 3), (5, 2)] {
        for ((kh, kw), strides, dilation, padding) in cases {
            let what = format!("conv2d {kh}×{kw} {strides:?} {dilation:?} {padding:?}");
            let shapes: &[&[usize]] = &[&[2, 5, 4, c], &[kh, kw, c, f]];
            check(&what, shapes, -1.0, 1.0, &|x| {
                x[0].conv2d(&x[1], strides, dilation, padding)
            });
            // With all values positive relu has no kink nearby.
            let shapes: &[&[usize]] = &[shapes[0], shapes[1], &[f]];
            check(&format!("{what} fused"), shapes, 0.2, 0.5, &|x| {
                x[0].conv2d_fused(&x[1], Some(&x[2]), true, strides, dilation, padding)
            });
        }
    }
}

#[test]
fn more_convolutions() {
    for (kernel, strides, dilation, padding) in [
        ((3, 3), (1, 1), (1, 1), Same),
        ((2, 3), (2, 1), (1, 1), Valid),
        ((2, 2), (1, 1), (2, 2), Causal),
        ((3, 2), (2, 2), (1, 1), Same),
    ] {
        let (kh, kw) = kernel;
        let what = format!("{kernel:?} {strides:?} {dilation:?} {padding:?}");
        for (c, m) in [(5, 1), (2, 3), (1, 2)] {
            let shapes: &[&[usize]] = &[&[2, 5, 6, c], &[kh, kw, c, m]];
            check(
                &format!("depthwise {c} {m} {what}"),
                shapes,
                -1.0,
                1.0,
                &|x| x[0].depthwise_conv2d(&x[1], strides, dilation, padding),
            );
        }
        let shapes: &[&[usize]] = &[&[2, 6, 3], &[kw, 3, 2], &[2]];
        let (stride, apart) = (strides.0, dilation.1);
        check(&format!("conv1d {what}"), shapes, 0.2, 0.5, &|x| {
            x[0].conv1d_fused(&x[1], Some(&x[2]), true, stride, apart, padding)
        });
        if padding == Causal {
            continue;
        }
        let size = |length: usize, k: usize, stride: usize, apart: usize| match padding {
            Same => length * stride,
            _ => (length - 1) * stride + (k - 1) * apart + 1,
        };
        let (h, w) = (
            size(3, kh, strides.0, dilation.0),
            size(4, kw, strides.1, dilation.1),
        );
        let shapes: &[&[usize]] = &[&[2, 3, 4, 2], &[kh, kw, 3, 2]];
        check(&format!("transpose {what}"), shapes, -1.0, 1.0, &|x| {
            x[0].conv2d_transpose(&x[1], (h, w), strides, dilation, padding)
        });
        let moves = Moves {
            strides: [strides.0, 1, strides.1],
            dilation: [dilation.0, 1, 1],
            padding,
        };
        let shapes: &[&[usize]] = &[&[1, 4, 3, 3, 2], &[2, 2, 2, 2, 2], &[2]];
        check(&format!("conv3d {what}"), shapes, 0.2, 0.5, &|x| {
            x[0].conv3d_fused(&x[1], Some(&x[2]), true, moves)
        });
        let size = [
            size(2, 2, strides.0, dilation.0),
            size(3, 2, 1, 1),
            size(2, 2, strides.1, 1),
        ];
        let shapes: &[&[usize]] = &[&[1, 2, 3, 2, 2], &[2, 2, 2, 3, 2]];
        check(
            &format!("conv3d transpose {what}"),
            shapes,
            -1.0,
            1.0,
            &|x| x[0].conv3d_transpose(&x[1], size, moves),
        );
    }
}

#[test]
fn pooling() {
    let values: Vec<f32> = (0..2 * 5 * 4 * 3)
        .map(|i| (i * 53 % 120) as f32 * 0.05 - 3.0)
        .collect();
    let x = Tensor::new(values, &[2, 5, 4, 3]).unwrap();
    for (window, strides, padding) in [
        ((2, 2), (2, 2), Valid),
        ((3, 3), (2, 2), Same),
        ((2, 3), (1, 2), Valid),
    ] {
        let x = std::slice::from_ref(&x);
        check_on("max_pool", x, &|x| {
            x[0].mul(&x[0])?.max_pool(window, strides, padding)
        });
        check_on("average_pool", x, &|x| {
            x[0].mul(&x[0])?.average_pool(window, strides, padding)
        });
    }
}
