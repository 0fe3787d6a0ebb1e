//! Activations and losses against f64 over their whole range, each with the bound of its relative error in the test's
//! name; and derivatives at the points where formulas break.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::json::json;
use mapling::learn::loss::{Loss, Targets};
use mapling::nn::Activation;
use mapling::{Result, Tensor};

/// From large to tiny magnitudes, of both signs, and evenly between −90 and 90.
fn samples() -> Vec<f32> {
    let magnitudes = (0x0080_0000..0x7f00_0000u32).step_by(50_021);
    magnitudes
        .map(f32::from_bits)
        .flat_map(|x| [x, -x])
        .chain((-90_000..=90_000).map(|i| i as f32 / 1000.0))
        .collect()
}

/// Fails if the relative error reaches 1e-6 where the result is a normal number.
#[track_caller]
fn check(x: &[f32], y: &[f32], reference: impl Fn(f64) -> f64) {
    for (x, y) in x.iter().zip(y) {
        let expected = reference(f64::from(*x));
        let normal = f64::from(f32::MIN_POSITIVE)..f64::from(f32::MAX);
        if normal.contains(&expected.abs()) {
            let error = ((f64::from(*y) - expected) / expected).abs();
            assert!(error < 1e-6, "at {x:e}: {y:e}, expected {expected:e}");
        }
    }
}

#[track_caller]
fn check_activation(activation: Activation, reference: impl Fn(f64) -> f64) {
    let x = samples();
    let input = Tensor::new(x.clone(), &[x.len()]).unwrap();
    check(&x, activation.apply(&input).unwrap().data(), reference);
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}

fn elu(x: f64) -> f64 {
    if x > 0.0 { x } else { libm::expm1(x) }
}

#[test]
fn elu_and_selu_relative_error_below_1e_6() {
    check_activation(Activation::Elu, elu);
    let (alpha, scale) = (1.673_263_242_354_377_3, 1.050_700_987_355_480_5);
    check_activation(Activation::Selu, |x| {
        scale * if x > 0.0 { x } else { alpha * libm::expm1(x) }
    });
}

#[test]
fn gelu_relative_error_below_1e_6() {
    check_activation(Activation::Gelu, |x| {
        0.5 * x * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
    });
}

#[test]
fn softplus_and_mish_relative_error_below_1e_6() {
    check_activation(Activation::Softplus, softplus);
    check_activation(Activation::Mish, |x| x * libm::tanh(softplus(x)));
}

#[test]
fn sigmoid_tanh_and_swish_relative_error_below_1e_6() {
    check_activation(Activation::Sigmoid, sigmoid);
    check_activation(Activation::Tanh, libm::tanh);
    check_activation(Activation::Swish, |x| x * sigmoid(x));
    check_activation(Activation::Softsign, |x| x / (1.0 + x.abs()));
    check_activation(Activation::Exponential, libm::exp);
}

#[test]
fn log_softmax_relative_error_below_1e_6() {
    let gaps = (0..100_000).map(|i| i as f32 / 1000.0);
    for shift in [0.0, 1000.0] {
        for gap in gaps.clone() {
            let x = [shift, shift - gap, shift - 2.0 * gap];
            let y = Tensor::new(x.to_vec(), &[1, 3]).unwrap();
            let y = y.log_softmax().unwrap();
            let below = [x[1], x[2]].map(|x| f64::from(x) - f64::from(shift));
            let rest = libm::log1p(below.iter().map(|x| libm::exp(*x)).sum());
            check(&[0.0], &y.data()[..1], |_| -rest);
            check(&[0.0], &y.data()[1..2], |_| below[0] - rest);
            check(&[0.0], &y.data()[2..], |_| below[1] - rest);
        }
    }
}

#[test]
fn cross_entropy_of_logits_relative_error_below_1e_6() {
    for gap in (-90_000..=90_000).map(|i| i as f32 / 1000.0) {
        let logits = Tensor::new(vec![3.0 + gap, 3.0], &[1, 2]).unwrap();
        let exact = f64::from(logits.data()[0]) - 3.0;
        let target = Tensor::new(vec![1.0, 0.0], &[1, 2]).unwrap();
        let y = logits.cross_entropy(&target).unwrap();
        check(&[gap], y.data(), |_| softplus(-exact));
    }
}

fn binary_crossentropy(from_logits: bool) -> Loss {
    Loss::from_json(&json!({
        "class_name": "binary_crossentropy", "config": { "from_logits": from_logits }
    }))
    .unwrap()
}

#[test]
fn binary_crossentropy_of_logits_relative_error_below_1e_6() -> Result<()> {
    let loss = binary_crossentropy(true);
    for x in (-87_000..=87_000).step_by(17).map(|i| i as f32 / 1000.0) {
        for t in [0.0, 0.25, 1.0] {
            let targets = Targets::Values(Tensor::full(&[1, 1], t)?);
            let logit = Tensor::full(&[1, 1], x)?.tracked();
            let value = loss.value(&targets, &logit)?;
            let t = f64::from(t);
            check(&[x], value.data(), |x| {
                t * softplus(-x) + (1.0 - t) * softplus(x)
            });
            // Where the target is certain, so is the gradient.
            if t != 0.25 {
                let gradient = value.backward()?.get(&logit).unwrap();
                check(&[x], gradient.data(), |x| {
                    (1.0 - t) * sigmoid(x) - t * sigmoid(-x)
                });
            }
        }
    }
    Ok(())
}

#[test]
fn binary_crossentropy_of_probabilities_relative_error_below_1e_6() -> Result<()> {
    let loss = binary_crossentropy(false);
    for p in (0x3400_0000..0x3f80_0000u32)
        .step_by(4099)
        .map(f32::from_bits)
    {
        for t in [0.0, 1.0] {
            if !(2e-7..0.999_999_8).contains(&p) {
                continue;
            }
            let targets = Targets::Values(Tensor::full(&[1, 1], t)?);
            let value = loss.value(&targets, &Tensor::full(&[1, 1], p)?)?;
            check(&[p], value.data(), |p| {
                if t == 1.0 {
                    -libm::log(p)
                } else {
                    -libm::log1p(-p)
                }
            });
        }
    }
    Ok(())
}

/// The first and the second derivative of an activation at `x`.
fn slopes(f: impl Fn(&Tensor) -> Result<Tensor>, x: f32) -> [f32; 2] {
    let x = Tensor::scalar(x).tracked();
    let of = |y: &Tensor| y.backward_graph().unwrap().get(&x);
    let first = of(&f(&x).unwrap()).unwrap();
    let second = of(&first).map_or(0.0, |second| second.item().unwrap());
    [first.item().unwrap(), second]
}

#[test]
fn slopes_at_kinks_are_those_of_keras() {
    let at = |activation: Activation, x| slopes(|t| activation.apply(t), x);
    assert_eq!(at(Activation::Softplus, 0.0), [0.5, 0.25]);
    assert_eq!(at(Activation::LeakyRelu, 0.0), [0.2, 0.0]);
    assert_eq!(slopes(|x| Ok(x.leaky_relu(0.3)), -0.0), [0.3, 0.0]);
    assert_eq!(slopes(|x| Ok(x.leaky_relu(0.3)), 1e-30), [1.0, 0.0]);
    assert_eq!(at(Activation::Relu, 0.0), [0.0, 0.0]);
    assert_eq!(at(Activation::Relu6, 0.0), [0.0, 0.0]);
    assert_eq!(at(Activation::Relu6, 3.0), [1.0, 0.0]);
    assert_eq!(at(Activation::Relu6, 7.0), [0.0, 0.0]);
    assert_eq!(at(Activation::Elu, 0.0)[0], 1.0);
    assert_eq!(at(Activation::Gelu, 0.0)[0], 0.5);
}

#[test]
fn slopes_are_precise_where_they_are_small() {
    let close = |got: f32, expected: f64| {
        let error = (f64::from(got) / expected - 1.0).abs();
        assert!(error < 1e-5, "{got:e}, expected {expected:e}");
    };
    let e = libm::exp(-20.0);
    let [first, second] = slopes(|x| Ok(x.softplus()), -20.0);
    close(first, e / (1.0 + e));
    close(second, e / (1.0 + e) / (1.0 + e));
    let [first, second] = slopes(|x| Activation::Elu.apply(x), -20.0);
    close(first, e);
    close(second, e);
    let density = libm::exp(-18.0) * 0.398_942_280_401_432_7;
    let cdf = 0.5 * libm::erfc(6.0 * std::f64::consts::FRAC_1_SQRT_2);
    let [first, second] = slopes(|x| Ok(x.gelu()), -6.0);
    close(first, cdf - 6.0 * density);
    close(second, density * (2.0 - 36.0));
}

#[test]
fn no_activation_overflows_or_loses_a_number_anywhere() {
    let extremes = [f32::MAX, 1e30, 100.0, -100.0, -1e30, -f32::MAX, 0.0, -0.0];
    let x = Tensor::new(extremes.to_vec(), &[8]).unwrap().tracked();
    for activation in [
        Activation::Elu,
        Activation::Selu,
        Activation::Gelu,
        Activation::Softplus,
        Activation::Mish,
        Activation::Swish,
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::LeakyRelu,
        Activation::HardSigmoid,
        Activation::Relu6,
    ] {
        let y = activation.apply(&x).unwrap();
        let inside = y.data().iter().zip(extremes);
        let good = inside.clone().all(|(y, x)| y.is_finite() || x >= 1e30);
        assert!(good, "{activation:?}: {:?}", y.data());
        let loss = y.scale(1e-3).sum(&[], false).unwrap();
        let dx = loss.backward().unwrap().get(&x).unwrap();
        let name = activation.name();
        assert!(
            dx.data().iter().all(|dx| dx.is_finite()),
            "{name}: {:?}",
            dx.data()
        );
    }
}
