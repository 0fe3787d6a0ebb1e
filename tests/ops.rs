//! Values of ops that move, reduce and pick, by hand; and what they do where numbers are not finite or axes are empty.
#![cfg(not(target_arch = "wasm32"))]
use mapling::{Result, Tensor};

fn tensor(values: &[f32], shape: &[usize]) -> Tensor {
    Tensor::new(values.to_vec(), shape).unwrap()
}

/// 0, 1, 2, … of this shape.
fn range(shape: &[usize]) -> Tensor {
    let size = shape.iter().product::<usize>();
    Tensor::new((0..size).map(|i| i as f32).collect(), shape).unwrap()
}

#[track_caller]
fn check(y: Result<Tensor>, values: &[f32], shape: &[usize]) {
    let y = y.unwrap();
    assert_eq!((y.data(), &**y.shape()), (values, shape));
}

#[test]
fn tensors_are_tiled_padded_reversed_and_summed_up() {
    let x = range(&[2, 2]);
    check(
        x.tile(&[2, 3]),
        &[
            0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 2.0, 3.0, 2.0, 3.0, 2.0, 3.0, 0.0, 1.0, 0.0, 1.0, 0.0,
            1.0, 2.0, 3.0, 2.0, 3.0, 2.0, 3.0,
        ],
        &[4, 6],
    );
    check(x.tile(&[0, 1]), &[], &[0, 2]);
    check(
        x.pad(&[(0, 1), (1, 0)], 9.0),
        &[9.0, 0.0, 1.0, 9.0, 2.0, 3.0, 9.0, 9.0, 9.0],
        &[3, 3],
    );
    check(x.reverse(&[0]), &[2.0, 3.0, 0.0, 1.0], &[2, 2]);
    check(x.reverse(&[-1, 0]), &[3.0, 2.0, 1.0, 0.0], &[2, 2]);
    check(x.reverse(&[]), &[0.0, 1.0, 2.0, 3.0], &[2, 2]);
    check(range(&[0, 3]).reverse(&[0, 1]), &[], &[0, 3]);
    let x = tensor(&[1.0, 2.0, 4.0], &[3]);
    check(x.cumsum(0, false, false), &[1.0, 3.0, 7.0], &[3]);
    check(x.cumsum(0, true, false), &[0.0, 1.0, 3.0], &[3]);
    check(x.cumsum(0, false, true), &[7.0, 6.0, 4.0], &[3]);
    check(x.cumsum(0, true, true), &[6.0, 4.0, 0.0], &[3]);
    check(range(&[2, 0]).cumsum(0, false, false), &[], &[2, 0]);
    assert!(x.tile(&[1, 2]).is_err() && x.pad(&[], 0.0).is_err() && x.reverse(&[1]).is_err());
}

#[test]
fn running_sums_of_ten_million_values_are_exact_to_the_last_bit() {
    let y = Tensor::full(&[10_000_000], 0.1).unwrap();
    let y = y.cumsum(0, false, false).unwrap();
    let expected = 10_000_000.0 * f64::from(0.1f32);
    let last = y.data()[9_999_999];
    assert!((f64::from(last) / expected - 1.0).abs() < 6e-8, "{last}");
}

#[test]
fn slices_are_gathered_and_scattered_along_any_axis() {
    let x = range(&[2, 3, 2]);
    check(
        x.gather_along(&[2, 0], 1),
        &[4.0, 5.0, 0.0, 1.0, 10.0, 11.0, 6.0, 7.0],
        &[2, 2, 2],
    );
    check(
        x.gather_along(&[1, 1, 0], -1),
        &[
            1.0, 1.0, 0.0, 3.0, 3.0, 2.0, 5.0, 5.0, 4.0, 7.0, 7.0, 6.0, 9.0, 9.0, 8.0, 11.0, 11.0,
            10.0,
        ],
        &[2, 3, 3],
    );
    check(x.gather(&[]), &[], &[0, 3, 2]);
    check(
        range(&[2, 2]).scatter_add_along(&[1, 1], 3, 1),
        &[0.0, 1.0, 0.0, 0.0, 5.0, 0.0],
        &[2, 3],
    );
    assert!(x.gather_along(&[3], 1).is_err() && x.gather_along(&[0], 3).is_err());
    assert!(x.scatter_add_along(&[0], 5, 1).is_err());
}

#[test]
fn products_over_axes_are_right_where_factors_are_0() {
    let x = tensor(&[1.0, 2.0, 3.0, 0.0, 5.0, 6.0], &[2, 3]);
    check(x.prod(&[1], false), &[6.0, 0.0], &[2]);
    check(x.prod(&[0], true), &[0.0, 10.0, 18.0], &[1, 3]);
    check(x.prod(&[], false), &[0.0], &[]);
    check(range(&[0, 2]).prod(&[0], false), &[1.0, 1.0], &[2]);
    let x = x.tracked();
    let y = x.prod(&[], false).unwrap();
    let dx = y.backward_graph().unwrap().get(&x).unwrap();
    assert_eq!(dx.data(), [0.0, 0.0, 0.0, 180.0, 0.0, 0.0]);
    let second = dx.sum(&[], false).unwrap().backward().unwrap();
    let second = second.get(&x).unwrap();
    // Σ_j ∂²y/∂x_i∂x_j: products without two factors, of which one is the 0.
    assert_eq!(second.data(), [180.0, 90.0, 60.0, 396.0, 36.0, 30.0]);
}

#[test]
fn nan_wins_in_extremes_and_the_first_one_in_their_places() {
    let nan = f32::NAN;
    for values in [[nan, 1.0, 2.0], [1.0, nan, 2.0], [1.0, 2.0, nan]] {
        let x = tensor(&values, &[1, 3]);
        let at = values.iter().position(|x| x.is_nan()).unwrap() as f32;
        assert!(x.max(&[1], false).unwrap().data()[0].is_nan());
        assert!(x.min(&[], false).unwrap().data()[0].is_nan());
        check(x.argmax(1), &[at], &[1]);
        check(x.argmin(-1), &[at], &[1]);
        check(x.argmax(0), &[0.0; 3], &[3]);
    }
    check(tensor(&[1.0, nan, nan], &[3]).argmax(0), &[1.0], &[]);
    check(tensor(&[3.0, 1.0, 3.0], &[3]).argmax(0), &[0.0], &[]);
    check(tensor(&[3.0, 1.0, 1.0], &[3]).argmin(0), &[1.0], &[]);
    let lowest = tensor(&[f32::NEG_INFINITY; 2], &[2]);
    check(lowest.max(&[], false), &[f32::NEG_INFINITY], &[]);
    check(range(&[2, 3]).min(&[0], false), &[0.0, 1.0, 2.0], &[3]);
}

#[test]
fn places_beyond_what_a_tensor_counts_exactly_are_whole_numbers_or_an_error() {
    let mut values = vec![0.0; (1 << 24) + 4];
    let last = values.len() - 3;
    values[last] = 1.0;
    let x = Tensor::new(values, &[last + 3]).unwrap();
    assert_eq!(x.argmax_indices(0).unwrap().0, [(1 << 24) + 1]);
    assert!(x.argmax(0).is_err());
    check(x.argmin(0), &[0.0], &[]);
}

#[test]
fn functions_of_two_numbers_broadcast_a_single_value_on_either_side() {
    let (x, one) = (range(&[2, 2]), Tensor::scalar(1.0));
    check(x.sub(&one), &[-1.0, 0.0, 1.0, 2.0], &[2, 2]);
    check(one.sub(&x), &[1.0, 0.0, -1.0, -2.0], &[2, 2]);
    check(x.greater(&one), &[0.0, 0.0, 1.0, 1.0], &[2, 2]);
    check(
        x.modulo(&tensor(&[2.0], &[1])),
        &[0.0, 1.0, 0.0, 1.0],
        &[2, 2],
    );
    let y = x.step().select(&one, &x.neg()).unwrap();
    assert_eq!(y.data(), [-0.0, 1.0, 1.0, 1.0]);
}

#[test]
fn results_that_are_too_large_are_refused_before_anything_is_computed() {
    let x = range(&[1, 2]);
    let many = vec![0; 1 << 20];
    let wide = Tensor::zeros(&[1, 1 << 20]).unwrap();
    // 2⁶⁰ values and more: their bytes do not fit into 63 bits.
    assert!(x.tile(&[1 << 31, 1 << 31]).is_err());
    assert!(x.pad(&[(usize::MAX, 0), (0, 0)], 0.0).is_err());
    assert!(x.pad(&[(1 << 31, 0), (0, 1 << 31)], 0.0).is_err());
    assert!(x.scatter_add(&[0], 1 << 62).is_err());
    assert!(Tensor::zeros(&[0, 1 << 33, 1 << 33]).is_err());
    let column = Tensor::zeros(&[1 << 20, 1]).unwrap();
    assert_eq!(**wide.gather(&[0]).unwrap().shape(), [1, 1 << 20]);
    assert!(column.tile(&[1, 1 << 42]).is_err());
    assert_eq!(**x.gather(&many).unwrap().shape(), [1 << 20, 2]);
    let empty = Tensor::zeros(&[0, 1 << 16, 1]).unwrap();
    assert_eq!(**empty.sum(&[0], false).unwrap().shape(), [1 << 16, 1]);
    let kernel = Tensor::full(&[1, 1, 1, 65_536], 1.0).unwrap();
    let image = Tensor::full(&[1, 65_537, 1, 1], 1.0).unwrap();
    let error = image
        .conv2d(&kernel, (1, 1), (1, 1), mapling::ops::Padding::Valid)
        .unwrap_err();
    assert_eq!(error.kind(), mapling::ErrorKind::Memory, "{error}");
}
