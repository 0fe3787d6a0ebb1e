use crate::base::json::{Value, json};
use crate::base::rng::Rng;
use crate::nn::{Context, Effects, Model, parse};
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};
use std::assert;

fn uniform(rng: &mut Rng, shape: &[usize]) -> Tensor {
    let size = shape.iter().product();
    Tensor::new((0..size).map(|_| rng.uniform(-1.0, 1.0)).collect(), shape).unwrap()
}

/// The gradients of the sum of an LSTM's outputs with respect to input, kernel and recurrent kernel.
fn gradients(config: Value, x: &[usize], units: usize) -> [Tensor; 3] {
    let layer = parse("LSTM", &config).unwrap();
    let mut rng = Rng::new(1);
    let shapes = [x, &[x[2], 4 * units], &[units, 4 * units], &[4 * units]];
    let leaves = shapes.map(|shape| uniform(&mut rng, shape).tracked());
    let mut effects = Effects::default();
    let mut context = Context::new(true, &mut rng, &mut effects);
    let y = layer
        .call(&leaves[..1], &leaves[1..], &mut context)
        .unwrap();
    let found = y[0].sum(&[], false).unwrap().backward().unwrap();
    [0, 1, 2].map(|leaf| found.get(&leaves[leaf]).unwrap())
}

/// Which of these groups are all 0; none may be so in part.
fn dropped<'a>(groups: impl Iterator<Item = Vec<&'a f32>>) -> Vec<bool> {
    let all = |group: Vec<&f32>| {
        let zeros = group.iter().filter(|&&&x| x == 0.0).count();
        assert!(zeros == 0 || zeros == group.len(), "{group:?}");
        zeros > 0
    };
    groups.map(all).collect()
}

#[test]
fn a_dropped_input_is_dropped_at_every_step() {
    let (batch, time, features) = (3, 5, 8);
    let config = json!({ "units": 2, "dropout": 0.5, "return_sequences": true });
    let [dx, ..] = gradients(config, &[batch, time, features], 2);
    let at = |sample: usize, feature: usize| {
        let sample = &dx.data()[sample * time * features..][..time * features];
        sample[feature..].iter().step_by(features).collect()
    };
    let places = (0..batch * features).map(|n| at(n / features, n % features));
    let count = dropped(places).iter().filter(|&&dropped| dropped).count();
    assert!((4..20).contains(&count), "{count} of 24");
}

#[test]
fn recurrent_dropout_gives_each_gate_masks_of_its_own() {
    let (units, features) = (6, 5);
    let config = json!({ "units": units, "recurrent_dropout": 0.5, "dropout": 0.5 });
    let [_, dkernel, drecurrent] = gradients(config, &[1, 4, features], units);
    for (gradient, rows) in [(&dkernel, features), (&drecurrent, units)] {
        let masks: Vec<Vec<bool>> = (0..4)
            .map(|gate| {
                let row = |row| gradient.data()[(4 * row + gate) * units..][..units].iter();
                dropped((0..rows).map(|n| row(n).collect()))
            })
            .collect();
        assert!(masks.iter().any(|mask| *mask != masks[0]), "{masks:?}");
        assert!(masks.iter().flatten().any(|&dropped| dropped), "{masks:?}");
    }
}

#[test]
fn activations_stand_where_keras_has_them() {
    let linear = json!({ "units": 1, "activation": "linear", "recurrent_activation": "linear" });
    let layer = parse("LSTM", &linear).unwrap();
    let tensor = |values: &[f32], shape: &[usize]| Tensor::new(values.to_vec(), shape).unwrap();
    let weights = [
        tensor(&[1.0, 2.0, 3.0, 4.0], &[1, 4]),
        tensor(&[0.0; 4], &[1, 4]),
        tensor(&[0.0; 4], &[4]),
    ];
    let (mut rng, mut effects) = (Rng::new(0), Effects::default());
    let mut context = Context::new(false, &mut rng, &mut effects);
    let y = layer.call(&[tensor(&[2.0, 2.0], &[1, 2, 1])], &weights, &mut context);
    // i, f, g, o = 2, 4, 6, 8 at both steps: c is 12, then 4 · 12 + 12.
    assert_eq!(y.unwrap()[0].data(), [8.0 * 60.0]);
}

#[test]
fn the_forget_gate_starts_open_unless_told_otherwise() {
    for (open, forget) in [(true, 1.0), (false, 0.5)] {
        let bias = json!({ "class_name": "Constant", "config": { "value": 0.5 } });
        let config = json!({ "units": 2, "bias_initializer": bias, "unit_forget_bias": open });
        let model = Model::sequential();
        model.add(super::LSTM::from_json(&config).unwrap()).unwrap();
        model.build(Some(&[3, 4].into()), 0).unwrap();
        let f = forget;
        let expected = vec![0.5, 0.5, f, f, 0.5, 0.5, 0.5, 0.5];
        assert_eq!(model.weights()[2].value().data(), expected);
    }
}
