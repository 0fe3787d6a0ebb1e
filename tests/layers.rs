//! Keras' own numbers for single layers (`tests/oracle/keras-1.json`): the output, the gradients of inputs and weights,
//! and the weights afterwards, within 1e-4 of their scale; and what those numbers do not show.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::json::{self, Value};
use mapling::base::rng::Rng;
use mapling::nn::{self, Context, Effects, Layer, Tensors};
use mapling::tensor::shape::Shape;
use mapling::{Result, Tensor};
use std::collections::BTreeSet;

/// Layers of the oracle that are not offered yet.
const TO_COME: &[&str] = &[
    "Conv1D",
    "Conv2DTranspose",
    "DepthwiseConv2D",
    "GroupNormalization",
    "LayerNormalization",
    "MaxPooling1D",
    "PReLU",
    "SeparableConv2D",
    "UpSampling2D",
    "ZeroPadding2D",
];

fn floats(values: &Value) -> Vec<f32> {
    let values = values.as_array().unwrap().iter();
    values.map(|value| value.as_f64().unwrap() as f32).collect()
}

fn tensor(value: &Value) -> Tensor {
    let lengths = value["shape"].as_array().unwrap().iter();
    let shape: Vec<usize> = lengths.map(|dim| dim.as_u64().unwrap() as usize).collect();
    Tensor::new(floats(&value["data"]), &shape).unwrap()
}

#[track_caller]
fn close(what: &str, ours: &[f32], keras: &[f32]) {
    assert_eq!(ours.len(), keras.len(), "{what}");
    let scale = keras.iter().fold(1e-3f32, |scale, x| scale.max(x.abs()));
    for (index, (a, b)) in ours.iter().zip(keras).enumerate() {
        let off = (a - b).abs() / scale;
        assert!(off <= 1e-4, "{what}[{index}]: {a}, but Keras has {b}");
    }
}

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
    let (outputs, after) = pass(&*layer, std::slice::from_ref(&x), &weights, training).unwrap();
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
    let (mut left_out, mut checked) = (BTreeSet::new(), 0);
    for case in oracle["layers"].as_array().unwrap() {
        let class = case["layer"].as_str().unwrap();
        if nn::CLASS_NAMES.contains(&class) {
            check(case);
            checked += 1;
        } else {
            left_out.insert(class);
        }
    }
    assert!(checked > 0);
    assert_eq!(left_out, TO_COME.iter().copied().collect());
}
