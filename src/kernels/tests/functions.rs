//! Functions of one number against f64, each with the bound of its relative error in the test's name.
use super::*;
use crate::kernels::{elementwise, scalar};

/// The largest relative error of `kernel` over `samples`, results outside `f32`'s normal range aside.
fn relative_error(
    kernel: fn(&[f32], &mut [f32]),
    reference: fn(f64) -> f64,
    samples: impl Iterator<Item = f32>,
) -> f64 {
    let x: Vec<f32> = samples.collect();
    let mut y = vec![0.0; x.len()];
    kernel(&x, &mut y);
    let error = |(x, y): (&f32, &f32)| {
        let expected = reference(f64::from(*x));
        let normal =
            expected.abs() >= f64::from(f32::MIN_POSITIVE) && expected.abs() <= f64::from(f32::MAX);
        if normal {
            ((f64::from(*y) - expected) / expected).abs()
        } else {
            0.0
        }
    };
    x.iter().zip(&y).map(error).fold(0.0, f64::max)
}

/// Evenly from `low` to `high`.
fn steps(low: f32, high: f32) -> impl Iterator<Item = f32> {
    (0..=200_000).map(move |i| low + (high - low) * (i as f32 / 200_000.0))
}

/// Evenly over all positive normal floats.
fn magnitudes() -> impl Iterator<Item = f32> {
    (0x0080_0000..0x7f80_0000u32)
        .step_by(10_007)
        .map(f32::from_bits)
}

/// Fails if the relative error of `kernel` reaches `bound` anywhere in `samples`.
#[track_caller]
fn check(
    kernel: fn(&[f32], &mut [f32]),
    reference: fn(f64) -> f64,
    bound: f64,
    samples: impl Iterator<Item = f32>,
) {
    let error = relative_error(kernel, reference, samples);
    assert!(error < bound, "{error:e}");
}

/// All normal floats of both signs, those between −104 and 104 more densely.
fn everywhere() -> impl Iterator<Item = f32> {
    magnitudes()
        .chain(magnitudes().map(|x| -x))
        .chain(steps(-104.0, 104.0))
        .chain(steps(-1.0, 1.0))
}

#[test]
fn exp_relative_error_below_2e_7() {
    check(elementwise::exp::<Native>, libm::exp, 2e-7, everywhere());
}

#[test]
fn expm1_relative_error_below_3e_7() {
    check(
        elementwise::expm1::<Native>,
        libm::expm1,
        3e-7,
        everywhere(),
    );
}

#[test]
fn log_relative_error_below_2e_7() {
    let all = magnitudes()
        .chain(steps(0.5, 2.0))
        .chain((1..1000).map(f32::from_bits));
    check(elementwise::log::<Native>, libm::log, 2e-7, all);
}

#[test]
fn log1p_relative_error_below_3e_7() {
    let all = magnitudes()
        .chain(magnitudes().map(|x| -x).filter(|x| *x > -1.0))
        .chain(steps(-0.999_99, 3.0))
        .chain((1..1000).map(|i| i as f32 / 16_777_216.0 - 1.0));
    check(elementwise::log1p::<Native>, libm::log1p, 3e-7, all);
}

#[test]
fn softplus_relative_error_below_5e_7() {
    let softplus = |x: f64| x.max(0.0) + libm::log1p(libm::exp(-x.abs()));
    check(
        elementwise::softplus::<Native>,
        softplus,
        5e-7,
        everywhere(),
    );
}

#[test]
fn tanh_relative_error_below_3e_7() {
    check(elementwise::tanh::<Native>, libm::tanh, 3e-7, everywhere());
}

#[test]
fn sigmoid_relative_error_below_3e_7() {
    let sigmoid = |x: f64| 1.0 / (1.0 + libm::exp(-x));
    check(elementwise::sigmoid::<Native>, sigmoid, 3e-7, everywhere());
}

#[test]
fn erf_relative_error_below_3e_7() {
    check(elementwise::erf::<Native>, libm::erf, 3e-7, everywhere());
}

#[test]
fn erfc_relative_error_below_8e_7() {
    check(elementwise::erfc::<Native>, libm::erfc, 8e-7, everywhere());
}

/// Φ(x) in double precision.
fn cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2)
}

#[test]
fn normal_cdf_and_gelu_relative_error_below_8e_7() {
    check(elementwise::normal_cdf::<Native>, cdf, 8e-7, everywhere());
    check(
        elementwise::gelu::<Native>,
        |x| x * cdf(x),
        8e-7,
        everywhere(),
    );
}

#[test]
fn swish_and_mish_relative_error_below_6e_7() {
    let swish = |x: f64| x / (1.0 + libm::exp(-x));
    check(elementwise::swish::<Native>, swish, 6e-7, everywhere());
    let mish = |x: f64| x * libm::tanh(x.max(0.0) + libm::log1p(libm::exp(-x.abs())));
    check(elementwise::mish::<Native>, mish, 6e-7, everywhere());
}

#[test]
fn normal_density_relative_error_below_4e_7() {
    let density = |x: f64| libm::exp(-x * x / 2.0) * 0.398_942_280_401_432_7;
    check(
        elementwise::normal_density::<Native>,
        density,
        4e-7,
        everywhere(),
    );
}

#[test]
fn roots_and_reciprocals_relative_error_below_2e_7() {
    check(elementwise::sqrt::<Native>, libm::sqrt, 1e-7, magnitudes());
    check(
        elementwise::rsqrt::<Native>,
        |x| 1.0 / libm::sqrt(x),
        2e-7,
        magnitudes(),
    );
    check(
        elementwise::reciprocal::<Native>,
        |x| 1.0 / x,
        1e-7,
        everywhere(),
    );
    check(elementwise::square::<Native>, |x| x * x, 1e-7, everywhere());
}

#[test]
fn trigonometric_functions_relative_error_below_3e_7() {
    let inside = || steps(-1.0, 1.0).chain(magnitudes().filter(|x| *x < 1.0));
    check(scalar::sin, libm::sin, 3e-7, everywhere());
    check(scalar::cos, libm::cos, 3e-7, everywhere());
    check(scalar::tan, libm::tan, 3e-7, everywhere());
    check(scalar::asin, libm::asin, 3e-7, inside());
    check(scalar::acos, libm::acos, 3e-7, inside());
    check(scalar::atan, libm::atan, 3e-7, everywhere());
    check(scalar::sinh, libm::sinh, 3e-7, everywhere());
    check(scalar::cosh, libm::cosh, 3e-7, everywhere());
    check(scalar::asinh, libm::asinh, 3e-7, everywhere());
    check(
        scalar::acosh,
        libm::acosh,
        3e-7,
        magnitudes().chain(steps(1.0, 3.0)).filter(|x| *x >= 1.0),
    );
    check(
        scalar::atanh,
        libm::atanh,
        3e-7,
        inside().filter(|x| x.abs() < 1.0),
    );
}

#[test]
fn rounding_goes_where_python_goes() {
    let x = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.51, -0.2];
    let of = |kernel: fn(&[f32], &mut [f32])| {
        let mut y = [7.0; 8];
        kernel(&x, &mut y);
        y
    };
    assert_eq!(
        of(scalar::round),
        [-2.0, -2.0, 0.0, 0.0, 2.0, 2.0, 3.0, 0.0]
    );
    assert_eq!(
        of(scalar::floor),
        [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 2.0, -1.0]
    );
    assert_eq!(of(scalar::ceil), [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 3.0, 0.0]);
    assert_eq!(of(elementwise::sign::<Native>)[2..4], [-1.0, 1.0]);
    let mut y = [0.0; 5];
    scalar::modulo(
        &[5.0, -5.0, 5.0, -5.0, 6.0],
        &[3.0, 3.0, -3.0, -3.0, -3.0],
        &mut y,
    );
    assert_eq!(y, [2.0, 1.0, -1.0, -2.0, 0.0]);
    scalar::floor_div(
        &[5.0, -5.0, 5.0, -5.0, 6.0],
        &[3.0, 3.0, -3.0, -3.0, -3.0],
        &mut y,
    );
    assert_eq!(y, [1.0, -2.0, -2.0, 1.0, -2.0]);
}

#[test]
fn nan_wins_in_the_greater_and_the_lesser_of_two() {
    let nan = f32::NAN;
    for (a, b) in [(nan, 1.0), (1.0, nan), (nan, nan)] {
        for kernel in [
            elementwise::maximum::<Native>,
            elementwise::minimum::<Native>,
        ] {
            let mut y = [0.0; 5];
            kernel(&[a; 5], &[b; 5], &mut y);
            assert!(y.iter().all(|y| y.is_nan()), "{a} {b}");
        }
    }
}

#[test]
fn precise_functions_keep_their_limits() {
    let inf = f32::INFINITY;
    let at = |kernel: fn(&[f32], &mut [f32]), x: [f32; 2]| {
        let mut y = [0.0; 2];
        kernel(&x, &mut y);
        y
    };
    assert_eq!(at(elementwise::expm1::<Native>, [-inf, inf]), [-1.0, inf]);
    assert_eq!(at(elementwise::log1p::<Native>, [-1.0, inf]), [-inf, inf]);
    assert!(
        at(elementwise::log1p::<Native>, [-1.000_000_1, -inf])
            .iter()
            .all(|y| y.is_nan())
    );
    assert_eq!(at(elementwise::softplus::<Native>, [-inf, inf]), [0.0, inf]);
    assert_eq!(at(elementwise::erf::<Native>, [-inf, inf]), [-1.0, 1.0]);
    assert_eq!(at(elementwise::erfc::<Native>, [-inf, inf]), [2.0, 0.0]);
    assert_eq!(
        at(elementwise::normal_cdf::<Native>, [-inf, inf]),
        [0.0, 1.0]
    );
    assert_eq!(
        at(elementwise::normal_density::<Native>, [-inf, inf]),
        [0.0, 0.0]
    );
    assert_eq!(at(elementwise::gelu::<Native>, [-inf, inf]), [0.0, inf]);
    assert_eq!(at(elementwise::swish::<Native>, [-inf, inf]), [0.0, inf]);
    assert_eq!(at(elementwise::mish::<Native>, [-inf, inf]), [0.0, inf]);
    for kernel in [
        elementwise::swish::<Native>,
        elementwise::mish::<Native>,
        elementwise::expm1::<Native>,
        elementwise::log1p::<Native>,
        elementwise::softplus::<Native>,
        elementwise::erf::<Native>,
        elementwise::erfc::<Native>,
        elementwise::normal_cdf::<Native>,
        elementwise::normal_density::<Native>,
        elementwise::gelu::<Native>,
        elementwise::sign::<Native>,
        elementwise::step::<Native>,
    ] {
        assert!(at(kernel, [f32::NAN, 0.0])[0].is_nan());
    }
}
