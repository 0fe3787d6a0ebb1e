//! Reductions, and ops that only move values.
use crate::{check, check_on};
use mapling::Tensor;

#[test]
fn reductions() {
    for (shape, axes) in [
        (&[7][..], &[][..]),
        (&[3, 5], &[0]),
        (&[3, 5], &[-1]),
        (&[2, 3, 5], &[0, 2]),
        (&[2, 3, 5], &[1]),
    ] {
        for keep in [false, true] {
            check("sum", &[shape], -1.0, 1.0, &|x| {
                x[0].mul(&x[0])?.sum(axes, keep)
            });
            check("mean", &[shape], -1.0, 1.0, &|x| {
                x[0].mul(&x[0])?.mean(axes, keep)
            });
            check("prod", &[shape], 0.7, 1.2, &|x| x[0].prod(axes, keep));
        }
    }
    // Values far apart, so that no step of the differences changes which is the greatest.
    let apart: Vec<f32> = (0..15).map(|i| (i * 7 % 15) as f32 * 0.3 - 2.0).collect();
    let apart = Tensor::new(apart, &[3, 5]).unwrap();
    for axes in [&[][..], &[0], &[1]] {
        check_on("max", std::slice::from_ref(&apart), &|x| {
            x[0].mul(&x[0])?.max(axes, false)
        });
        check_on("min", std::slice::from_ref(&apart), &|x| {
            x[0].mul(&x[0])?.min(axes, false)
        });
    }
}

#[test]
fn moving_data() {
    check("reshape", &[&[3, 4]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.reshape(&[2, 6])
    });
    check("transpose", &[&[2, 3, 5]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.transpose(&[2, 0, 1])
    });
    check("slice", &[&[4, 5]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.slice(&[1, 2], &[2, 3])
    });
    check("pad_zero", &[&[2, 3]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.pad_zero(&[1, 0], &[4, 5])
    });
    check("pad", &[&[2, 3]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.pad(&[(1, 0), (0, 2)], 7.0)
    });
    check("tile", &[&[2, 3]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.tile(&[3, 2])
    });
    check("reverse", &[&[2, 3, 4]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.reverse(&[0, -1])
    });
    for (exclusive, reverse) in [(false, false), (true, false), (false, true), (true, true)] {
        check("cumsum", &[&[3, 4, 2]], -1.0, 1.0, &|x| {
            x[0].mul(&x[0])?.cumsum(1, exclusive, reverse)
        });
    }
    check("gather_along", &[&[2, 4, 3]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.gather_along(&[2, 0, 2, 1, 3], 1)
    });
    check("scatter_add_along", &[&[2, 3, 2]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.scatter_add_along(&[1, 4, 1], 5, 1)
    });
    check("concat", &[&[2, 3], &[2, 1]], -1.0, 1.0, &|x| {
        Tensor::concat(&[x[0].mul(&x[0])?, x[1].clone()], -1)
    });
    check("gather", &[&[4, 3]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.gather(&[2, 0, 2])
    });
    check("scatter_add", &[&[3, 2]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.scatter_add(&[1, 4, 1], 5)
    });
    check("broadcast_to", &[&[3, 1]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.broadcast_to(&[2, 3, 4])
    });
}
