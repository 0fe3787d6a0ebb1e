//! Pictures that are resized, cut and turned, and the Fourier transform.
use crate::{Squared, check};
use mapling::Tensor;
use mapling::ops::{Beyond, Interpolation};

#[test]
fn pictures_and_transforms() {
    let shape: &[usize] = &[2, 3, 4, 2];
    for how in [Interpolation::Nearest, Interpolation::Bilinear] {
        check("resize", &[shape], -1.0, 1.0, &|x| {
            x[0].resize((5, 3), how, false, true)?.squared()
        });
        check("resize, corners", &[shape], -1.0, 1.0, &|x| {
            x[0].resize((2, 7), how, true, false)?.squared()
        });
        check("crop", &[shape], -1.0, 1.0, &|x| {
            let boxes = Tensor::new(vec![0.1, -0.2, 0.9, 0.8, 1.0, 1.0, 0.0, 0.2], &[2, 4])?;
            let of = Tensor::new(vec![1.0, 0.0], &[2])?;
            x[0].crop_and_resize(&boxes, &of, (2, 3), how, 0.5)?
                .squared()
        });
        let map = [0.8, 0.1, -0.4, -0.2, 0.9, 0.3];
        for beyond in [
            Beyond::Constant,
            Beyond::Nearest,
            Beyond::Reflect,
            Beyond::Wrap,
        ] {
            check("affine", &[shape], -1.0, 1.0, &|x| {
                x[0].affine(&[map, map], how, beyond, 0.5)?.squared()
            });
            check("project", &[shape], -1.0, 1.0, &|x| {
                let row = [0.8, 0.1, -0.4, -0.2, 0.9, 0.3, 0.01, -0.02];
                let rows = Tensor::new(row.to_vec(), &[1, 8])?;
                x[0].project(&rows, (3, 3), how, beyond, 0.5)?.squared()
            });
        }
    }
    check("rotate", &[shape], -1.0, 1.0, &|x| {
        x[0].rotate(0.7, (2.0, 1.5), &[0.5, 1.0])?.squared()
    });
    for n in [1, 4, 5] {
        for inverse in [false, true] {
            check("fourier", &[&[2, n, 2]], -1.0, 1.0, &|x| {
                x[0].fourier(inverse)?.squared()
            });
        }
    }
}
