//! Functions of one or two numbers, element by element.
use crate::check;
use mapling::ops::UNARY;
use mapling::tensor::shape::Shape;
use mapling::{Result, Tensor};

/// 1, primes, and lengths that leave a rest after four lanes.
const SHAPES: &[&[usize]] = &[&[1], &[7], &[3, 5], &[2, 1, 6]];

/// Where each function of [`UNARY`] is smooth, away from its edges; `None` for those without a slope.
fn smooth_part(name: &str) -> Option<(f32, f32)> {
    Some(match name {
        "log" | "sqrt" | "rsqrt" | "reciprocal" => (0.5, 2.0),
        "abs" | "relu" => (0.2, 1.0),
        "asin" | "acos" | "atanh" | "log1p" => (-0.6, 0.6),
        "acosh" => (1.5, 3.0),
        "sigmoid" | "tanh" | "softplus" | "swish" | "mish" | "gelu" => (-2.0, 2.0),
        "sign" | "step" | "floor" | "ceil" | "round" | "logical_not" | "is_nan" | "is_inf"
        | "is_finite" => return None,
        _ => (-1.0, 1.0),
    })
}

#[test]
fn unary_ops() {
    for shape in SHAPES {
        for row in UNARY {
            let Some((low, high)) = smooth_part(row.name) else {
                continue;
            };
            check(row.name, &[shape], low, high, &|x| Ok(x[0].unary(row)));
        }
        let one = |what: &str, low: f32, high: f32, f: fn(&Tensor) -> Tensor| {
            check(what, &[shape], low, high, &move |x| Ok(f(&x[0])));
        };
        one("relu of negative", -1.0, -0.2, Tensor::relu);
        one("abs of negative", -1.0, -0.2, Tensor::abs);
        one("leaky relu of negative", -1.0, -0.2, |x| x.leaky_relu(0.3));
        one("leaky relu of positive", 0.2, 1.0, |x| x.leaky_relu(0.3));
        one("scale", -1.0, 1.0, |x| x.scale(-2.5));
        one("shift", -1.0, 1.0, |x| x.shift(3.0).mul(x).unwrap());
        one("clamp inside", -0.5, 0.5, |x| x.clamp(-0.8, 0.8));
        one("clamp outside", 1.0, 2.0, |x| x.clamp(-0.8, 0.8));
    }
}

#[test]
fn functions_without_a_slope_have_the_gradient_0() -> Result<()> {
    let x = Tensor::new(vec![0.3, -1.7], &[2])?.tracked();
    for row in UNARY.iter().filter(|row| smooth_part(row.name).is_none()) {
        let gradients = x.unary(row).pull_back(&Tensor::full(&[2], 1.0)?)?;
        assert_eq!(
            gradients.get(&x).unwrap().data(),
            [0.0, 0.0],
            "{}",
            row.name
        );
    }
    // A comparison is no number that could be differentiated.
    assert!(!x.floor_div(&x)?.needs_gradient());
    assert!(!x.less(&x)?.needs_gradient());
    Ok(())
}

#[test]
fn binary_ops_with_broadcasting() {
    for (a, b) in [
        (&[3, 5][..], &[3, 5][..]),
        (&[3, 5], &[5]),
        (&[3, 1], &[1, 5]),
        (&[2, 1, 3], &[7, 1]),
        (&[4], &[1]),
    ] {
        check("add", &[a, b], -1.0, 1.0, &|x| x[0].add(&x[1]));
        check("sub", &[a, b], -1.0, 1.0, &|x| x[0].sub(&x[1]));
        check("mul", &[a, b], -1.0, 1.0, &|x| x[0].mul(&x[1]));
        check("div", &[a, b], 0.7, 2.0, &|x| x[0].div(&x[1]));
        check("pow", &[a, b], 0.7, 2.0, &|x| x[0].pow(&x[1]));
        check("atan2", &[a, b], 0.7, 2.0, &|x| x[0].atan2(&x[1]));
        check("squared_difference", &[a, b], -1.0, 1.0, &|x| {
            x[0].squared_difference(&x[1])
        });
        // Operands far enough apart that no step of the differences changes which is the greater.
        check("maximum", &[a, b], 0.2, 1.0, &|x| {
            x[0].square().shift(2.0).maximum(&x[1].square())
        });
        check("maximum of the other", &[a, b], 0.2, 1.0, &|x| {
            x[0].square().maximum(&x[1].square().shift(2.0))
        });
        check("minimum", &[a, b], 0.2, 1.0, &|x| {
            x[0].square().minimum(&x[1].square().shift(2.0))
        });
        check("modulo", &[a, b], 0.2, 0.4, &|x| {
            x[0].square().shift(1.3).modulo(&x[1].square().shift(1.0))
        });
        let mask = Tensor::new(vec![0.0, 1.0, -2.0, 0.0, f32::NAN], &[5]).unwrap();
        if Shape::broadcast("", &Shape::new(a).unwrap(), mask.shape()).is_ok() && b != [7, 1] {
            check("select", &[a, b], -1.0, 1.0, &|x| {
                mask.select(&x[0].square(), &x[1].square())
            });
        }
    }
}

#[test]
fn equal_operands_give_their_gradient_to_the_first_as_in_tensorflow() {
    let [a, b] = [(); 2].map(|()| Tensor::scalar(2.0).tracked());
    for y in [a.maximum(&b).unwrap(), a.minimum(&b).unwrap()] {
        let gradients = y.backward().unwrap();
        let of = |x: &Tensor| gradients.get(x).unwrap().item().unwrap();
        assert_eq!((of(&a), of(&b)), (1.0, 0.0));
    }
}

#[test]
fn powers_of_0_have_the_slopes_of_polynomials() {
    for (exponent, expected) in [
        (0.0, [0.0; 3]),
        (1.0, [1.0, 0.0, 0.0]),
        (2.0, [0.0, 2.0, 0.0]),
    ] {
        let x = Tensor::scalar(0.0).tracked();
        let mut y = x.pow(&Tensor::scalar(exponent)).unwrap();
        for expected in expected {
            y = y.backward_graph().unwrap().get(&x).unwrap();
            assert_eq!(y.item().unwrap(), expected, "x^{exponent}");
        }
    }
}

#[test]
fn what_was_not_chosen_gets_no_gradient_even_where_its_slope_is_infinite() {
    let x = Tensor::new(vec![-1.0, 0.0, 4.0], &[3]).unwrap().tracked();
    let y = x.step().select(&x.sqrt(), &x).unwrap();
    let dy = Tensor::new(vec![f32::INFINITY, 1.0, 1.0], &[3]).unwrap();
    let mask = Tensor::new(vec![0.0, 1.0, 1.0], &[3]).unwrap();
    let chosen = mask.select(&x, &Tensor::scalar(0.0)).unwrap();
    assert_eq!(y.data(), [-1.0, 0.0, 2.0]);
    let dx = chosen.pull_back(&dy).unwrap().get(&x).unwrap();
    assert_eq!(dx.data(), [0.0, 1.0, 1.0]);
}
