//! Keras' own numbers for single layers (`tests/oracle/keras-1.json`): the output, the gradients of inputs and weights,
//! and the weights afterwards, within 1e-4 of their scale; and what those numbers do not show.
#![cfg(not(target_arch = "wasm32"))]
mod oracle;
#[path = "oracle/to_come.rs"]
mod to_come;

use mapling::base::json::{self, Value, json};
use mapling::base::rng::Rng;
use mapling::nn::{self, Context, Effects, Layer, Tensors};
use mapling::tensor::shape::Shape;
use mapling::{Result, Tensor};
use oracle::{close, tensor};
use std::collections::BTreeSet;
use std::slice::from_ref;
use to_come::LAYERS_TO_COME;

/// One pass through a layer: its outputs, and what the weights are after it.
fn pass(
    layer: &dyn Layer,
    inputs: &[Tensor],
    weights: &[Tensor],
    training: bool,
) -> Result<(Tensors, Vec<Tensor>)> {
    let (mut rng, mut effects) = (Rng::new(0), Effects::default());
    let mut context = Context::new(training, &mut rng, &mut effects);
    let outputs = layer.call(inputs, weights, &mut context)?;
    let mut after = weights.to_vec();
    for (index, value) in effects.updates {
        after[index] = value;
    }
    Ok((outputs, after))
}

fn check(case: &Value) {
    let name = case["name"].as_str().unwrap();
    let layer = nn::parse(case["layer"].as_str().unwrap(), &case["config"]).unwrap();
    layer.check().unwrap();
    let x = tensor(&case["x"]).tracked();
    let sample = Shape::new(&x.shape()[1..]).unwrap();
    let specs = layer.weights(&[sample]);
    let cases = case["weights"].as_array().unwrap();
    assert_eq!(specs.len(), cases.len(), "{name}");
    let mut weights = Vec::new();
    for (spec, case) in specs.iter().zip(cases) {
        let value = tensor(case);
        let last = spec.name.rsplit('/').next().unwrap();
        assert_eq!(last, case["name"].as_str().unwrap(), "{name}");
        assert_eq!(spec.shape, **value.shape(), "{name}: {}", spec.name);
        weights.push(if spec.trainable {
            value.tracked()
        } else {
            value
        });
    }
    let training = case["training"].as_bool().unwrap();
    let (outputs, after) = pass(&*layer, from_ref(&x), &weights, training).unwrap();
    let (y, expected) = (&outputs[0], tensor(&case["y"]));
    assert_eq!(y.shape(), expected.shape(), "{name}: shape of y");
    assert_eq!(
        y.shape()[1..],
        *layer.output_shapes(&[sample]).unwrap()[0],
        "{name}"
    );
    close(&format!("{name}: y"), y.data(), expected.data());
    let gradients = y.pull_back(&tensor(&case["dy"])).unwrap();
    if case["dx"] != Value::Null {
        let dx = gradients.get(&x).unwrap();
        close(
            &format!("{name}: dx"),
            dx.data(),
            tensor(&case["dx"]).data(),
        );
    }
    let mut expected = case["dweights"].as_array().unwrap().iter();
    for (spec, weight) in specs
        .iter()
        .zip(&weights)
        .filter(|(spec, _)| spec.trainable)
    {
        let gradient = gradients.get(weight).unwrap();
        let expected = tensor(expected.next().unwrap());
        close(
            &format!("{name}: d{}", spec.name),
            gradient.data(),
            expected.data(),
        );
    }
    assert!(expected.next().is_none(), "{name}: more gradients");
    let expected = case["weights_after"].as_array().unwrap();
    for ((spec, after), expected) in specs.iter().zip(&after).zip(expected) {
        let what = format!("{name}: {} after", spec.name);
        close(&what, after.data(), tensor(expected).data());
    }
}

#[test]
fn layers_agree_with_keras_forward_backward_and_in_what_they_remember() {
    let oracle = json::parse(include_str!("oracle/keras-1.json")).unwrap();
    let more = json::parse(include_str!("oracle/convolutions.json")).unwrap();
    let (mut left_out, mut checked) = (BTreeSet::new(), 0);
    let all = [&oracle, &more].map(|file| file["layers"].as_array().unwrap());
    for case in all.into_iter().flatten() {
        let class = case["layer"].as_str().unwrap();
        if nn::CLASS_NAMES.contains(&class) {
            check(case);
            checked += 1;
        } else {
            left_out.insert(class);
        }
    }
    assert!(checked > 0);
    assert_eq!(left_out, LAYERS_TO_COME.iter().copied().collect());
}

fn layer(class: &str, config: Value) -> std::rc::Rc<dyn Layer> {
    let layer = nn::parse(class, &config).unwrap();
    layer.check().unwrap();
    layer
}

fn values(shape: &[usize], from: &[f32]) -> Tensor {
    Tensor::new(from.to_vec(), shape).unwrap()
}

fn random(shape: &[usize], seed: u64) -> Tensor {
    let (size, mut rng) = (shape.iter().product(), Rng::new(seed));
    Tensor::new((0..size).map(|_| rng.normal()).collect(), shape).unwrap()
}

/// Outputs and masks of a layer without weights.
fn merged(class: &str, inputs: &[Tensor], masks: &[Option<Tensor>]) -> (Tensor, Option<Tensor>) {
    let layer = layer(class, Value::Null);
    let (mut rng, mut effects) = (Rng::new(0), Effects::default());
    let mut context = Context::new(false, &mut rng, &mut effects);
    let mut context = context.within(0, masks);
    let y = layer.call(inputs, &[], &mut context).unwrap().remove(0);
    let masks = layer.output_masks(inputs, &mut context).unwrap();
    (y, masks.first().cloned().flatten())
}

#[test]
fn many_channels_and_few_are_normalised_alike_first_and_second_derivatives_too() {
    // Channels on both sides of the four lanes, and rows on both sides of a block.
    for (seed, shape) in [[7, 3], [50, 4], [9, 18], [6000, 3], [5000, 5]]
        .iter()
        .enumerate()
    {
        let n = shape[1];
        let x = random(shape, seed as u64).shift(2.0).tracked();
        let (gamma, beta) = (random(&[n], 8).tracked(), random(&[n], 9).tracked());
        let fused = x.batch_norm(Some(&gamma), Some(&beta), 1e-3).unwrap();
        let plain = |x: &Tensor| -> Result<Tensor> {
            let apart = x.sub(&x.mean(&[0], true)?)?;
            let variance = apart.mul(&apart)?.mean(&[0], true)?;
            apart
                .div(&variance.shift(1e-3).sqrt())?
                .mul(&gamma)?
                .add(&beta)
        };
        let expected = plain(&x).unwrap();
        let what = format!("{shape:?}");
        close(&what, fused.y.data(), expected.data());
        let dy = random(shape, 10);
        let both = [&fused.y, &expected].map(|y| y.pull_back(&dy).unwrap());
        for leaf in [&x, &gamma, &beta] {
            let [a, b] = [0, 1].map(|form| both[form].get(leaf).unwrap());
            close(&format!("{what}: gradient"), a.data(), b.data());
        }
        let second = |y: &Tensor| {
            let uneven = y.mul(y).unwrap().mul(&dy).unwrap().sum(&[], false).unwrap();
            let dx = uneven.backward_graph().unwrap().get(&x).unwrap();
            let sum = dx.mul(&dy).unwrap().sum(&[], false).unwrap();
            let found = sum.backward().unwrap();
            [&x, &gamma, &beta].map(|leaf| found.get(leaf).unwrap())
        };
        for (a, b) in second(&fused.y).iter().zip(second(&expected)) {
            close(&format!("{what}: second derivative"), a.data(), b.data());
        }
    }
}

#[test]
fn channels_may_be_any_axis_that_is_normalised() {
    let x = random(&[3, 4, 5], 1);
    let weights = [2.0, 0.5, 0.0, 1.0].map(|value| Tensor::full(&[4], value).unwrap());
    let first = layer("BatchNormalization", json!({ "axis": 1 }));
    let (y, after) = pass(&*first, from_ref(&x), &weights, true).unwrap();
    let last = layer("BatchNormalization", json!({}));
    let turned = x.transpose(&[0, 2, 1]).unwrap();
    let (expected, expected_after) = pass(&*last, &[turned], &weights, true).unwrap();
    assert_eq!(
        y[0].data(),
        expected[0].transpose(&[0, 2, 1]).unwrap().data()
    );
    assert_eq!(after[3].data(), expected_after[3].data());
    let axis = nn::parse("BatchNormalization", &json!({ "axis": 3 })).unwrap();
    let error = axis
        .output_shapes(&[Shape::new(&[4, 5]).unwrap()])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "BatchNormalization: `axis` cannot be 3: samples have 2 axes, numbered from 1"
    );
}

#[test]
fn a_frozen_batch_normalisation_uses_and_keeps_its_moving_statistics() {
    let member = nn::Member::new(nn::BatchNormalization::new()).unwrap();
    let x = random(&[6, 3], 2);
    let weights = [1.0, 0.0, 0.5, 4.0].map(|value| Tensor::full(&[3], value).unwrap());
    let run = |training: bool| {
        let (mut rng, mut effects) = (Rng::new(0), Effects::default());
        let mut context = Context::new(training, &mut rng, &mut effects);
        let inputs = [x.clone()];
        let y = member.call(&inputs, &weights, &mut context, false).unwrap();
        (y[0].data().to_vec(), effects.updates.len())
    };
    assert_eq!(run(true).1, 2);
    member.set_trainable(false);
    let (frozen, updates) = run(true);
    assert_eq!((frozen, updates), run(false));
    assert_eq!(updates, 0);
}

#[test]
fn steps_that_do_not_count_are_left_out_of_a_batchs_statistics() {
    let x = values(&[1, 3, 1], &[1.0, 3.0, 100.0]);
    let masks = [Some(values(&[1, 3], &[1.0, 1.0, 0.0]))];
    let layer = layer("BatchNormalization", json!({ "momentum": 0.5 }));
    let weights = [1.0, 0.0, 0.0, 0.0].map(|value| Tensor::full(&[1], value).unwrap());
    let (mut rng, mut effects) = (Rng::new(0), Effects::default());
    let mut context = Context::new(true, &mut rng, &mut effects);
    let mut inner = context.within(0, &masks);
    layer.call(&[x], &weights, &mut inner).unwrap();
    let moved: Vec<f32> = effects
        .updates
        .iter()
        .map(|(_, value)| value.data()[0])
        .collect();
    // Mean 2; Keras: what does not count is 0 before the mean is taken off, but is left out after.
    close("moving statistics", &moved, &[1.0, 0.5]);
}

#[test]
fn a_layer_that_is_called_twice_draws_its_averages_twice() {
    let shared = nn::Member::new(nn::BatchNormalization {
        momentum: 0.5,
        ..nn::BatchNormalization::new()
    });
    let shared = shared.unwrap().with_name("norm").unwrap();
    let x = nn::Symbol::input([1]);
    let once = shared.apply(from_ref(&x)).unwrap();
    let twice = shared.apply(&once).unwrap();
    let model = nn::Model::new(&[x], &twice).unwrap();
    model.build(None, 0).unwrap();
    let weights: Vec<Tensor> = model
        .weights()
        .iter()
        .map(|weight| weight.value())
        .collect();
    let (_, after) = pass(&model, &[values(&[2, 1], &[3.0, 5.0])], &weights, true).unwrap();
    // Means 4, then 0: half of each.
    close("mean", after[2].data(), &[1.0]);
}

#[test]
fn merging_layers_broadcast_samples_and_take_the_mask_of_any_input() {
    let (a, b) = (random(&[2, 3, 4], 1), random(&[2, 4], 2));
    let expected = a.add(&b.reshape(&[2, 1, 4]).unwrap()).unwrap();
    assert_eq!(merged("Add", &[a, b], &[]).0.data(), expected.data());
    let (a, b) = (
        values(&[1, 3, 1], &[1.0, 2.0, 3.0]),
        values(&[1, 3, 1], &[5.0, 1.0, 7.0]),
    );
    let masks = [[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]].map(|mask| Some(values(&[1, 3], &mask)));
    let both = [a, b];
    for (class, expected) in [
        ("Subtract", [-4.0, 1.0, -4.0]),
        ("Average", [3.0, 1.5, 5.0]),
        // Keras leaves out what is masked: 1 in a product, the other value of two.
        ("Multiply", [5.0, 2.0, 1.0]),
        ("Minimum", [1.0, 2.0, 3.0]),
        ("Maximum", [5.0, 2.0, 3.0]),
    ] {
        let (y, mask) = merged(class, &both, &masks);
        assert_eq!(y.data(), expected, "{class}");
        assert_eq!(mask.unwrap().data(), [1.0, 1.0, 0.0], "{class}");
        let (_, mask) = merged(class, &both, &[masks[0].clone(), None]);
        assert!(
            mask.is_none(),
            "{class}: an input without a mask counts everywhere"
        );
    }
    let (y, mask) = merged("Concatenate", &both, &[masks[0].clone(), None]);
    assert_eq!(y.data(), [1.0, 5.0, 2.0, 1.0, 3.0, 7.0]);
    assert_eq!(mask.unwrap().data(), [1.0; 3]);
    let shape = |shape: &[usize]| Shape::new(shape).unwrap();
    let refused = |class: &str, shapes: &[Shape]| {
        layer(class, Value::Null)
            .output_shapes(shapes)
            .unwrap_err()
            .to_string()
    };
    let three = [shape(&[3]), shape(&[3]), shape(&[3])];
    assert_eq!(
        refused("Subtract", &three),
        "Subtract: two inputs are expected, but there are 3"
    );
    let error = refused("Add", &[shape(&[3]), shape(&[4])]);
    assert_eq!(error, "Add: [3] and [4] cannot be broadcast together");
    let batches = layer("Concatenate", json!({ "axis": 0 }));
    let (y, _) = pass(&*batches, &both, &[], false).unwrap();
    assert_eq!(y[0].data(), [both[0].data(), both[1].data()].concat());
    let member = nn::Member::of(batches).unwrap();
    let symbols = [nn::Symbol::input([2]), nn::Symbol::input([2])];
    let error = member.apply(&symbols).err().unwrap().to_string();
    assert!(
        error.ends_with("it can only be applied to tensors"),
        "{error}"
    );
    let error = refused("Concatenate", &[shape(&[3, 2]), shape(&[4, 2])]);
    assert_eq!(
        error,
        "Concatenate: samples of shapes [[3, 2], [4, 2]] differ outside axis -1"
    );
}

#[test]
fn dot_sums_over_one_axis_of_each_sample() {
    let (a, b) = (random(&[2, 3, 5], 1), random(&[2, 4, 3], 2));
    let dot = layer("Dot", json!({ "axes": [1, 2] }));
    let (y, _) = pass(&*dot, &[a.clone(), b.clone()], &[], false).unwrap();
    let expected = a
        .transpose(&[0, 2, 1])
        .unwrap()
        .matmul(&b.transpose(&[0, 2, 1]).unwrap());
    assert_eq!(y[0].shape()[..], [2, 5, 4]);
    close("dot", y[0].data(), expected.unwrap().data());
    let cosine = layer("Dot", json!({ "axes": -1, "normalize": true }));
    let (u, v) = (
        values(&[2, 2], &[3.0, 4.0, 0.0, 0.0]),
        values(&[2, 2], &[4.0, 3.0, 1.0, 0.0]),
    );
    let (y, _) = pass(&*cosine, &[u, v], &[], false).unwrap();
    assert_eq!(y[0].shape()[..], [2, 1]);
    close("cosine", y[0].data(), &[24.0 / 25.0, 0.0]);
}

#[test]
fn an_embedding_takes_whole_numbers_in_its_range_and_masks_zeros() {
    let words = layer(
        "Embedding",
        json!({ "input_dim": 3, "output_dim": 2, "mask_zero": true }),
    );
    let rows = values(&[3, 2], &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).tracked();
    let x = values(&[1, 3], &[2.0, 0.0, 2.0]);
    let (y, _) = pass(&*words, from_ref(&x), from_ref(&rows), true).unwrap();
    assert_eq!(y[0].data(), [4.0, 5.0, 0.0, 1.0, 4.0, 5.0]);
    let gradients = y[0].sum(&[], false).unwrap().backward().unwrap();
    assert_eq!(
        gradients.get(&rows).unwrap().data(),
        [1.0, 1.0, 0.0, 0.0, 2.0, 2.0]
    );
    let (mut rng, mut effects) = (Rng::new(0), Effects::default());
    let mut context = Context::new(true, &mut rng, &mut effects);
    let masks = words.output_masks(&[x], &mut context).unwrap();
    assert_eq!(masks[0].as_ref().unwrap().data(), [1.0, 0.0, 1.0]);
    for wrong in [3.0, -1.0, 0.5, f32::NAN] {
        let x = values(&[1, 1], &[wrong]);
        let error = pass(&*words, &[x], from_ref(&rows), true)
            .err()
            .unwrap()
            .to_string();
        assert!(
            error.contains("is not a whole number from 0 to 2"),
            "{error}"
        );
    }
}

#[test]
fn masking_masks_steps_all_of_whose_values_mean_nothing() {
    let x = values(&[1, 3, 2], &[1.0, -1.0, -1.0, -1.0, -1.0, 2.0]);
    let layer = layer("Masking", json!({ "mask_value": -1 }));
    let (y, _) = pass(&*layer, from_ref(&x), &[], false).unwrap();
    assert_eq!(y[0].data(), [1.0, -1.0, 0.0, 0.0, -1.0, 2.0]);
    let (mut rng, mut effects) = (Rng::new(0), Effects::default());
    let mut context = Context::new(false, &mut rng, &mut effects);
    let masks = layer.output_masks(&[x], &mut context).unwrap();
    assert_eq!(masks[0].as_ref().unwrap().data(), [1.0, 0.0, 1.0]);
}

#[test]
fn an_average_over_time_leaves_out_masked_steps() {
    let x = values(&[1, 3, 1], &[1.0, 3.0, 100.0]);
    let masks = [Some(values(&[1, 3], &[1.0, 1.0, 0.0]))];
    assert_eq!(
        merged("GlobalAveragePooling1D", from_ref(&x), &masks)
            .0
            .data(),
        [2.0]
    );
    let kept = layer("GlobalMaxPooling1D", json!({ "keepdims": true }));
    let (y, _) = pass(&*kept, &[x], &[], false).unwrap();
    assert_eq!(
        (y[0].shape().to_vec(), y[0].data()),
        (vec![1, 1, 1], &[100.0][..])
    );
}

#[test]
fn the_hard_sigmoid_of_keras_2_is_a_fifth_of_x_around_a_half() -> Result<()> {
    let layer = layer("Activation", json!({ "activation": "keras2_hard_sigmoid" }));
    let x = values(&[1, 5], &[-4.0, -1.0, 0.0, 1.0, 4.0]);
    let (y, _) = pass(&*layer, &[x], &[], false)?;
    for (found, wanted) in y[0].data().iter().zip([0.0, 0.3, 0.5, 0.7, 1.0]) {
        assert!((found - wanted).abs() < 1e-6, "{found}, not {wanted}");
    }
    Ok(())
}

#[test]
fn relu_has_a_greatest_value_a_slope_and_a_threshold() {
    let x = values(&[1, 5], &[-2.0, 0.0, 0.5, 2.0, 9.0]);
    let all = json!({ "max_value": 6, "negative_slope": 0.1, "threshold": 1 });
    let (y, _) = pass(&*layer("ReLU", all), &[x], &[], false).unwrap();
    close("relu", y[0].data(), &[-0.3, -0.1, -0.05, 2.0, 6.0]);
    let refused = nn::parse("ReLU", &json!({ "max_value": -1 }))
        .unwrap()
        .check();
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("ReLU: `max_value` must be at least 0")
    );
}

#[test]
fn layers_with_layers_inside_are_written_as_plain_structures() -> Result<()> {
    use nn::{Apply, Bidirectional, Dense, GRU, LSTM, Merge, Symbol, TimeDistributed};
    let x = Symbol::input([None, Some(3)]);
    let h = Bidirectional {
        merge_mode: Some(Merge::Sum),
        ..Bidirectional::new(LSTM {
            return_sequences: true,
            ..LSTM::new(4)
        })
    };
    let y = TimeDistributed::new(Dense::new(2)).of(&h.of(&x)?)?;
    let z = Bidirectional::new(GRU::new(5)).of(&y)?;
    assert_eq!(format!("{:?} {:?}", y.dims(), z.dims()), "[null, 2] [10]");
    let model = nn::Model::new(&[x], &[z])?;
    model.build(None, 0)?;
    let names: Vec<String> = model.weights().iter().map(|w| w.name().into()).collect();
    assert_eq!(names[0], "bidirectional/forward_lstm/lstm_cell/kernel");
    assert_eq!(names[3], "bidirectional/backward_lstm/lstm_cell/kernel");
    assert_eq!(names[6], "time_distributed/dense/kernel");
    assert_eq!(names[8], "bidirectional_1/forward_gru/gru_cell/kernel");
    let y = model.predict(&random(&[2, 7, 3], 1))?;
    assert_eq!(y.shape()[..], [2, 10]);
    Ok(())
}

#[test]
fn both_ways_have_their_own_states_in_and_out() -> Result<()> {
    use nn::{Bidirectional, LSTM, Member, Symbol};
    let layer = Bidirectional {
        merge_mode: None,
        ..Bidirectional::new(LSTM {
            return_state: true,
            ..LSTM::new(2)
        })
    };
    let member = Member::new(layer)?;
    let (x, states) = (Symbol::input([4, 3]), [(); 4].map(|()| Symbol::input([2])));
    let inputs: Vec<Symbol> = [x].into_iter().chain(states).collect();
    let outputs = member.apply(&inputs)?;
    // An output and two states each way: the outputs come first.
    assert_eq!(outputs.len(), 6);
    let model = nn::Model::new(&inputs, &outputs)?;
    model.build(None, 0)?;
    let batch: Vec<Tensor> = model
        .input_dims()?
        .iter()
        .enumerate()
        .map(|(seed, dims)| {
            let shape: Vec<usize> = [2]
                .into_iter()
                .chain(dims.iter().flatten().copied())
                .collect();
            random(&shape, seed as u64)
        })
        .collect();
    let y = model.forward(&batch)?;
    assert_eq!(y[0].data(), y[2].data());
    assert_eq!(y[1].data(), y[4].data());
    let again = nn::Model::from_json(&json::parse(&model.to_json().to_string())?)?;
    again.load_weights(&model.save_weights()?)?;
    assert_eq!(again.forward(&batch)?[5].data(), y[5].data());
    Ok(())
}

#[test]
fn layers_inside_that_do_not_fit_together_are_refused() {
    let lstm = |config: Value| json!({ "class_name": "LSTM", "config": config });
    let refused = |config: Value| {
        let layer = nn::parse("Bidirectional", &config);
        layer.err().map(|error| error.to_string()).unwrap()
    };
    let same = json!({
        "layer": lstm(json!({ "units": 2 })),
        "backward_layer": lstm(json!({ "units": 2 }))
    });
    assert!(refused(same).contains("must have different `go_backwards`"));
    let other = json!({
        "layer": lstm(json!({ "units": 2, "return_sequences": true })),
        "backward_layer": lstm(json!({ "units": 2, "go_backwards": true }))
    });
    assert!(refused(other).contains("must have the same `return_sequences`"));
    let dense = json!({ "layer": json!({ "class_name": "Dense", "config": { "units": 2 } }) });
    assert!(refused(dense).contains("`layer` must be a recurrent layer, not Dense"));
    let mode = json!({ "layer": lstm(json!({ "units": 2 })), "merge_mode": "max" });
    assert!(refused(mode).contains("Bidirectional: `merge_mode`: expected `sum`"));
    let zero = json!({ "layer": lstm(json!({ "units": 0 })) });
    assert!(refused(zero).contains("LSTM: `units` must be at least 1"));
    let nothing = nn::parse("TimeDistributed", &json!({})).err().unwrap();
    assert_eq!(
        nothing.to_string(),
        "TimeDistributed: missing field `layer`"
    );
}
