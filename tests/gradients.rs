//! Every op's gradient against central differences, over awkward shapes; second derivatives the same way,
//! through the gradient's own graph. One line per op.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::rng::Rng;
use mapling::ops::Padding::{Same, Valid};
use mapling::ops::{Cell, Heads, Reading, UNARY};
use mapling::tensor::shape::Shape;
use mapling::{Result, Tensor};

type Function<'a> = dyn Fn(&[Tensor]) -> Result<Tensor> + 'a;

/// Step of the differences: in f32 a smaller one drowns in rounding.
const H: f32 = 1e-2;

fn random(shape: &[usize], rng: &mut Rng, low: f32, high: f32) -> Tensor {
    let size = shape.iter().product();
    Tensor::new((0..size).map(|_| rng.uniform(low, high)).collect(), shape).unwrap()
}

/// A smooth scalar of `f`'s result whose every element has another slope.
fn weigh(y: &Tensor) -> Tensor {
    let slopes = (0..y.data().len())
        .map(|i| (i as f32 * 0.7 + 0.3).sin())
        .collect();
    y.mul(&Tensor::new(slopes, y.shape()).unwrap())
        .unwrap()
        .sum(&[], false)
        .unwrap()
}

fn value(f: &Function<'_>, inputs: &[Tensor]) -> f64 {
    let y = f(inputs).unwrap();
    y.data()
        .iter()
        .enumerate()
        .map(|(i, &y)| f64::from(y) * f64::from((i as f32 * 0.7 + 0.3).sin()))
        .sum()
}

#[track_caller]
fn compare(what: &str, inputs: &[Tensor], gradients: &[Tensor], value: &dyn Fn(&[Tensor]) -> f64) {
    for (index, gradient) in gradients.iter().enumerate() {
        let scale = gradient
            .data()
            .iter()
            .fold(0.1f32, |scale, g| scale.max(g.abs()));
        for element in 0..inputs[index].data().len() {
            let moved = |by: f32| {
                let mut data = inputs[index].data().to_vec();
                data[element] += by;
                let mut inputs = inputs.to_vec();
                inputs[index] = Tensor::new(data, inputs[index].shape()).unwrap();
                value(&inputs)
            };
            let numeric = ((moved(H) - moved(-H)) / f64::from(2.0 * H)) as f32;
            let exact = gradient.data()[element];
            assert!(
                (numeric - exact).abs() <= 0.02 * scale,
                "{what}: input {index}[{element}]: {exact}, differences say {numeric}"
            );
        }
    }
}

/// The gradients of `weigh(f)` and, through them, of `weigh(f)`'s gradients.
#[track_caller]
fn check_on(what: &str, inputs: &[Tensor], f: &Function<'_>) {
    let first = |inputs: &[Tensor], graph: bool| -> (Vec<Tensor>, Vec<Tensor>) {
        let leaves: Vec<Tensor> = inputs.iter().map(Tensor::tracked).collect();
        let loss = weigh(&f(&leaves).unwrap());
        let gradients = if graph {
            loss.backward_graph()
        } else {
            loss.backward()
        }
        .unwrap();
        let zero = |leaf: &Tensor| Tensor::zeros(leaf.shape()).unwrap();
        let of = |leaf: &Tensor| gradients.get(leaf).unwrap_or_else(|| zero(leaf));
        (leaves.iter().map(of).collect(), leaves.clone())
    };
    let (gradients, _) = first(inputs, false);
    compare(what, inputs, &gradients, &|inputs| value(f, inputs));

    let (gradients, leaves) = first(inputs, true);
    let total = gradients
        .iter()
        .map(weigh)
        .reduce(|a, b| a.add(&b).unwrap())
        .unwrap();
    let second = total.backward().unwrap();
    let second: Vec<Tensor> = leaves
        .iter()
        .map(|leaf| {
            second
                .get(leaf)
                .unwrap_or_else(|| Tensor::zeros(leaf.shape()).unwrap())
        })
        .collect();
    compare(
        &format!("{what}, second derivative"),
        inputs,
        &second,
        &|inputs| {
            let identity = |x: &[Tensor]| Ok(x[0].clone());
            first(inputs, false)
                .0
                .into_iter()
                .map(|gradient| value(&identity, &[gradient]))
                .sum()
        },
    );
}

#[track_caller]
fn check(what: &str, shapes: &[&[usize]], low: f32, high: f32, f: &Function<'_>) {
    let mut rng = Rng::new(what.bytes().map(u64::from).sum());
    let inputs: Vec<Tensor> = shapes
        .iter()
        .map(|shape| random(shape, &mut rng, low, high))
        .collect();
    check_on(what, &inputs, f);
}

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

#[test]
fn matrix_products() {
    for (m, k, n) in [(1, 1, 1), (3, 5, 7), (1, 4, 10), (5, 1, 2)] {
        check("matmul", &[&[m, k], &[k, n]], -1.0, 1.0, &|x| {
            x[0].matmul(&x[1])
        });
    }
    for samples in [1, 3, 5] {
        let shapes: &[&[usize]] = &[&[samples, 5], &[5, 7], &[7]];
        check("dense", shapes, -1.0, 1.0, &|x| {
            x[0].dense(&x[1], &x[2], false)
        });
        // With all values positive relu has no kink nearby.
        check("dense with relu", shapes, 0.2, 0.5, &|x| {
            x[0].dense(&x[1], &x[2], true)
        });
    }
    check(
        "matmul, stacked",
        &[&[2, 3, 4], &[2, 4, 5]],
        -1.0,
        1.0,
        &|x| x[0].matmul(&x[1]),
    );
    check(
        "matmul, the second transposed",
        &[&[2, 3, 4], &[2, 5, 4]],
        -1.0,
        1.0,
        &|x| x[0].matmul_transposed(&x[1]),
    );
    check(
        "matmul, stack times one",
        &[&[2, 3, 4], &[4, 2]],
        -1.0,
        1.0,
        &|x| x[0].matmul(&x[1]),
    );
    check(
        "matmul, stacks broadcast",
        &[&[2, 1, 2, 3], &[3, 3, 2]],
        -1.0,
        1.0,
        &|x| x[0].matmul(&x[1]),
    );
}

#[test]
fn softmax_and_losses() {
    for shape in [&[1, 1][..], &[3, 5], &[2, 3, 7]] {
        check("softmax", &[shape], -2.0, 2.0, &|x| x[0].softmax());
        check("log_softmax", &[shape], -2.0, 2.0, &|x| x[0].log_softmax());
        check("cross_entropy", &[shape, shape], 0.1, 1.0, &|x| {
            x[0].cross_entropy(&x[1])
        });
        check("mean_squared_error", &[shape, shape], -1.0, 1.0, &|x| {
            x[0].mean_squared_error(&x[1])
        });
    }
}

#[test]
fn the_gradient_of_logits_alone_has_the_bits_of_that_beside_the_targets() {
    let mut rng = Rng::new(8);
    for shape in [&[1, 1][..], &[32, 10], &[2, 3, 7]] {
        let [x, t] = [0, 1].map(|_| random(shape, &mut rng, 0.0, 2.0));
        let x = x.tracked();
        let gradient = |t: &Tensor| {
            let losses = weigh(&x.cross_entropy(t).unwrap());
            losses.backward().unwrap().get(&x).unwrap()
        };
        assert_eq!(gradient(&t).data(), gradient(&t.tracked()).data());
    }
}

#[test]
fn layer_normalisations() {
    for (rows, n) in [(3, 5), (2, 8), (4, 11)] {
        for centered in [true, false] {
            let shapes: &[&[usize]] = &[&[rows, n], &[n], &[n]];
            check("layer_norm", shapes, -1.0, 1.0, &|x| {
                x[0].layer_norm(Some(&x[1]), Some(&x[2]), 0.1, centered)
            });
            check("layer_norm, scaled", &shapes[..2], -1.0, 1.0, &|x| {
                x[0].layer_norm(Some(&x[1]), None, 0.1, centered)
            });
            check("layer_norm, shifted", &shapes[..2], -1.0, 1.0, &|x| {
                x[0].layer_norm(None, Some(&x[1]), 0.1, centered)
            });
            check("layer_norm, plain", &shapes[..1], -1.0, 1.0, &|x| {
                x[0].layer_norm(None, None, 0.1, centered)
            });
        }
    }
}

/// Attention of two heads with and without masks, of which one hides every key from a query.
fn attentions(queries: usize, keys: usize) -> Vec<(&'static str, Heads)> {
    let mut rng = Rng::new(4);
    let mut hiding = |shape: &[usize]| {
        let mask = random(shape, &mut rng, -0.6, 1.0).step();
        let first = &mut mask.data().to_vec();
        first[..shape[3]].fill(0.0);
        Tensor::new(first.clone(), shape).unwrap()
    };
    let open = Heads {
        count: 2,
        scale: 0.7,
        causal: false,
        mask: None,
        mean_if_blind: true,
        dropped: None,
    };
    let masked = |mask, mean_if_blind| Heads {
        mask: Some(mask),
        mean_if_blind,
        ..open.clone()
    };
    vec![
        ("open", open.clone()),
        (
            "causal",
            Heads {
                causal: true,
                ..open.clone()
            },
        ),
        ("keys hidden", masked(hiding(&[2, 1, 1, keys]), true)),
        ("pairs hidden", masked(hiding(&[1, 1, queries, keys]), true)),
        (
            "nothing seen",
            masked(hiding(&[2, 2, queries, keys]), false),
        ),
        (
            "dropped",
            Heads {
                causal: true,
                dropped: Some(hiding(&[2, 2, queries, keys]).scale(1.25)),
                ..masked(hiding(&[2, 1, queries, keys]), false)
            },
        ),
    ]
}

#[test]
fn attention() {
    for (queries, keys, depth, width) in [(1, 1, 1, 2), (3, 4, 2, 3), (5, 2, 3, 1)] {
        let shapes: &[&[usize]] = &[
            &[2, queries, 2 * depth],
            &[2, keys, 2 * depth],
            &[2, keys, 2 * width],
        ];
        for (name, how) in attentions(queries, keys) {
            check(&format!("attention, {name}"), shapes, -1.0, 1.0, &|x| {
                x[0].attention(&x[1], &x[2], &how)
            });
        }
    }
}

#[test]
fn fused_attention_and_its_gradients_are_those_of_the_plain_form() -> Result<()> {
    let mut rng = Rng::new(5);
    for (queries, keys) in [(1, 7), (2, 3), (33, 20), (12, 41)] {
        for (name, how) in attentions(queries, keys) {
            let [q, k] =
                [queries, keys].map(|time| random(&[2, time, 18], &mut rng, -2.0, 2.0).tracked());
            let v = random(&[2, keys, 24], &mut rng, -2.0, 2.0).tracked();
            let fused = q.attention(&k, &v, &how)?;
            let (plain, _) = q.attention_with_weights(&k, &v, &how)?;
            let dy = random(fused.shape(), &mut rng, -1.0, 1.0);
            let [ours, theirs] = [fused.pull_back(&dy)?, plain.pull_back(&dy)?];
            let mut pairs = vec![(fused, plain)];
            for x in [&q, &k, &v] {
                pairs.push((ours.get(x).unwrap(), theirs.get(x).unwrap()));
            }
            for (place, (fused, plain)) in pairs.iter().enumerate() {
                let scale = plain
                    .data()
                    .iter()
                    .fold(0.1f32, |most, x| most.max(x.abs()));
                for (a, b) in fused.data().iter().zip(plain.data()) {
                    assert!(
                        (a - b).abs() < 1e-5 * scale,
                        "{name} {queries}×{keys}, {place}: {a} and {b}"
                    );
                }
            }
        }
    }
    Ok(())
}

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

fn readings() -> impl Iterator<Item = Reading> {
    (0..4).map(|n| Reading {
        backwards: n & 1 > 0,
        sequences: n & 2 > 0,
    })
}

#[test]
fn recurrence() {
    for (batch, time, features, units) in [(1, 1, 1, 1), (2, 3, 5, 2), (3, 2, 1, 5), (1, 5, 2, 3)] {
        for reading in readings() {
            let n = 4 * units;
            let what = format!("lstm {batch} {time} {features} {units} {reading:?}");
            let shapes: &[&[usize]] =
                &[&[batch, time, features], &[features, n], &[units, n], &[n]];
            check(&what, shapes, -1.0, 1.0, &|x| {
                x[0].lstm(&x[1], &x[2], Some(&x[3]), reading)
            });
            check(&what, &shapes[..3], -1.0, 1.0, &|x| {
                x[0].lstm(&x[1], &x[2], None, reading)
            });
        }
    }
    // One tensor in two places gets the sum of both gradients.
    check("lstm, shared", &[&[2, 3, 2], &[2, 8]], -1.0, 1.0, &|x| {
        x[0].lstm(&x[1], &x[1], None, Reading::default())
    });
}

#[test]
fn fused_lstm_agrees_with_its_plain_form() {
    for (batch, time, features, units) in
        [(1, 1, 1, 1), (3, 7, 5, 11), (0, 2, 3, 4), (5, 28, 28, 16)]
    {
        for reading in readings() {
            let mut rng = Rng::new(4);
            let n = 4 * units;
            let shapes: [&[usize]; 4] =
                [&[batch, time, features], &[features, n], &[units, n], &[n]];
            let inputs = shapes.map(|shape| random(shape, &mut rng, -1.0, 1.0).tracked());
            let [x, w, u, b] = &inputs;
            let fused = x.lstm(w, u, Some(b), reading).unwrap();
            let plain = x
                .lstm_plain(w, u, Some(b), reading, Cell::default())
                .unwrap();
            let gradients = [&fused, &plain].map(|y| weigh(y).backward().unwrap());
            let close = |what: &str, a: &Tensor, b: &Tensor| {
                assert_eq!(a.shape(), b.shape(), "{what}");
                let scale = b.data().iter().fold(1f32, |scale, b| scale.max(b.abs()));
                for (a, b) in a.data().iter().zip(b.data()) {
                    assert!(
                        (a - b).abs() <= 1e-5 * scale,
                        "{what}, {shapes:?} {reading:?}: {a}, plain {b}"
                    );
                }
            };
            assert_eq!(
                fused.data(),
                plain.data(),
                "the same sums in the same order"
            );
            for (what, input) in ["dx", "dw", "du", "db"].iter().zip(&inputs) {
                let zeros = || Tensor::zeros(input.shape()).unwrap();
                let [fused, plain] = gradients
                    .each_ref()
                    .map(|g| g.get(input).unwrap_or_else(zeros));
                close(what, &fused, &plain);
            }
        }
    }
}

#[test]
fn a_gradient_pulled_back_through_lstm_is_linear_in_what_arrives() {
    let mut rng = Rng::new(6);
    let [x, w, u] = [&[2, 3, 2][..], &[2, 12], &[3, 12]].map(|s| random(s, &mut rng, -1.0, 1.0));
    let x = x.tracked();
    let y = x.lstm(&w, &u, None, Reading::default()).unwrap();
    let dy = random(y.shape(), &mut rng, -1.0, 1.0).tracked();
    let dx = y.pull_back(&dy).unwrap().get(&x).unwrap();
    let ddy = weigh(&dx).backward().unwrap().get(&dy).unwrap();
    let whole: f32 = ddy.data().iter().zip(dy.data()).map(|(a, b)| a * b).sum();
    assert!((whole - weigh(&dx).item().unwrap()).abs() < 1e-5);
}

#[test]
fn dropout_lets_gradients_through_its_mask_only() {
    check("dropout", &[&[4, 7]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.dropout(0.4, &mut Rng::new(3))
    });
}

#[test]
fn shared_input_adds_both_gradients() {
    check("x · x + x", &[&[5]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.add(&x[0])
    });
    check("x · xᵀ", &[&[3, 2]], -1.0, 1.0, &|x| {
        x[0].matmul(&x[0].transpose(&[1, 0])?)
    });
    let x = Tensor::scalar(3.0).tracked();
    let y = x.add(&x).unwrap().add(&x).unwrap();
    assert_eq!(y.backward().unwrap().get(&x).unwrap().data(), [3.0]);
}

#[test]
fn third_derivative_of_a_cube_is_six() {
    let x = Tensor::scalar(1.7).tracked();
    let mut y = x.mul(&x).unwrap().mul(&x).unwrap();
    for _ in 0..3 {
        y = y.backward_graph().unwrap().get(&x).unwrap();
    }
    assert!((y.item().unwrap() - 6.0).abs() < 1e-5);
}

#[test]
fn nothing_is_recorded_unless_asked_for() {
    let (x, w) = (Tensor::scalar(2.0), Tensor::scalar(3.0).tracked());
    assert!(!x.mul(&x).unwrap().needs_gradient());
    assert!(x.mul(&w).unwrap().needs_gradient());
    assert!(!x.mul(&w).unwrap().detach().needs_gradient());
}
