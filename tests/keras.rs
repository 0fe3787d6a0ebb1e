//! Keras' own numbers (`tests/oracle`, made by the scripts beside them): every layer forward and
//! backward within 1e-4 of its scale, every loss, optimizer and metric within 1e-5.
//! What is not built yet is listed, so that nothing is skipped in silence.
#![cfg(not(target_arch = "wasm32"))]
mod oracle;
#[path = "oracle/to_come.rs"]
mod to_come;

use mapling::base::json::{self, Value, json};
use mapling::base::rng::Rng;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::metrics::Metric;
use mapling::learn::optim::Optimizer;
use mapling::nn::{self, Context, Dims, Effects};
use mapling::tensor::autograd::Gradient;
use mapling::tensor::shape::Shape;
use mapling::{Result, Tensor};
use oracle::{close, floats, tensor, within};
use std::collections::BTreeSet;
use to_come::LAYERS_TO_COME;

const LOSSES_TO_COME: &[&str] = &[];
const OPTIMIZERS_TO_COME: &[&str] = &[];
const METRICS_TO_COME: &[&str] = &[];

fn oracle() -> Value {
    json::parse(include_str!("oracle/keras-1.json")).unwrap()
}

fn cases<'a>(oracle: &'a Value, kind: &str) -> &'a [Value] {
    oracle[kind].as_array().unwrap()
}

/// Checks that the list of what is to come names exactly what was left out.
#[track_caller]
fn left_out(found: &BTreeSet<String>, listed: &[&str]) {
    let listed: BTreeSet<String> = listed.iter().map(|name| (*name).to_string()).collect();
    assert_eq!(
        *found, listed,
        "the table of what is not built yet is out of date"
    );
}

fn layer(case: &Value) -> Result<()> {
    let name = case["name"].as_str().unwrap();
    let layer = nn::parse(case["layer"].as_str().unwrap(), &case["config"])?;
    let x = tensor(&case["x"]).tracked();
    let weights: Vec<Tensor> = case["weights"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| tensor(w).tracked())
        .collect();
    let sample = [Shape::new(&x.shape()[1..])?];
    assert_eq!(layer.weights(&sample).len(), weights.len());
    let training = case["training"].as_bool().unwrap();
    let (mut rng, mut effects) = (Rng::new(0), Effects::default());
    let mut context = Context::new(training, &mut rng, &mut effects);
    let raw = layer.call_raw(std::slice::from_ref(&x), &weights, &mut context)?;
    assert_eq!(raw.len(), 1, "{name}: one result");
    let y = layer.activation().apply(&raw[0])?;
    let expected = tensor(&case["y"]);
    assert_eq!(y.shape(), expected.shape(), "{name}: shape of y");
    assert_eq!(
        [Shape::new(&y.shape()[1..])?],
        *layer.output_shapes(&sample)?,
        "{name}: promised shape"
    );
    let whole = layer.call(std::slice::from_ref(&x), &weights, &mut context)?;
    close(
        &format!("{name}: y at once"),
        whole[0].data(),
        expected.data(),
    );
    close(&format!("{name}: y"), y.data(), expected.data());
    let gradients = y.pull_back(&tensor(&case["dy"]))?;
    // Whole numbers that pick rows have no gradient.
    if case["dx"] != Value::Null {
        let dx = gradients.get(&x).unwrap();
        close(
            &format!("{name}: dx"),
            dx.data(),
            tensor(&case["dx"]).data(),
        );
    }
    let names = case["weights"].as_array().unwrap();
    for expected in case["dweights"].as_array().unwrap() {
        let place = names
            .iter()
            .position(|weight| weight["name"] == expected["name"]);
        let found = gradients.get(&weights[place.unwrap()]).unwrap();
        let what = format!("{name}: d{}", expected["name"]);
        close(&what, found.data(), tensor(expected).data());
    }
    Ok(())
}

#[test]
fn layers_have_keras_values_and_gradients() {
    let (oracle, mut to_come, mut passed) = (oracle(), BTreeSet::new(), 0);
    for case in cases(&oracle, "layers") {
        let class = case["layer"].as_str().unwrap();
        if nn::CLASS_NAMES.contains(&class) {
            layer(case).unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
            passed += 1;
        } else {
            to_come.insert(class.to_string());
        }
    }
    left_out(&to_come, LAYERS_TO_COME);
    println!(
        "{passed} of {} layer cases agree with Keras",
        cases(&oracle, "layers").len()
    );
}

#[test]
fn losses_have_keras_values_and_gradients() {
    let (oracle, mut to_come) = (oracle(), BTreeSet::new());
    for case in cases(&oracle, "losses") {
        let (name, class) = (
            case["name"].as_str().unwrap(),
            case["loss"].as_str().unwrap(),
        );
        let Ok(loss) =
            Loss::from_json(&json!({ "class_name": class, "config": case["config"].clone() }))
        else {
            to_come.insert(class.to_string());
            continue;
        };
        let prediction = tensor(&case["y_pred"]).tracked();
        let targets = Targets::for_loss(&loss, tensor(&case["y_true"])).unwrap();
        let value = loss.value(&targets, &prediction).unwrap();
        within(
            1e-5,
            name,
            value.data(),
            &[case["value"].as_f64().unwrap() as f32],
        );
        let gradient = value.backward().unwrap().get(&prediction).unwrap();
        within(
            1e-5,
            &format!("{name}: gradient"),
            gradient.data(),
            tensor(&case["dy_pred"]).data(),
        );
    }
    left_out(&to_come, LOSSES_TO_COME);
}

#[test]
fn optimizers_take_keras_steps() {
    let (oracle, mut to_come) = (oracle(), BTreeSet::new());
    for case in cases(&oracle, "optimizers") {
        let name = case["name"].as_str().unwrap();
        let config =
            json!({ "class_name": case["optimizer"].clone(), "config": case["config"].clone() });
        let Ok(mut optimizer) = Optimizer::from_json(&config) else {
            to_come.insert(name.to_string());
            continue;
        };
        let mut w = floats(&case["start"]);
        for (g, expected) in case["gradients"]
            .as_array()
            .unwrap()
            .iter()
            .zip(case["weights"].as_array().unwrap())
        {
            let mut all = [Some(Gradient::Whole(
                Tensor::new(floats(g), &[w.len()]).unwrap(),
            ))];
            optimizer.begin_step(&mut all).unwrap();
            let [g] = all;
            optimizer.update(0, &mut w, 1, &g.unwrap()).unwrap();
            within(1e-5, name, &w, &floats(expected));
        }
    }
    left_out(&to_come, OPTIMIZERS_TO_COME);
}

#[test]
fn metrics_have_keras_values() {
    let (oracle, mut to_come) = (oracle(), BTreeSet::new());
    for case in cases(&oracle, "metrics") {
        let (name, class) = (
            case["name"].as_str().unwrap(),
            case["metric"].as_str().unwrap(),
        );
        let sparse = class.starts_with("Sparse");
        let loss = Loss::named(if sparse {
            "sparse_categorical_crossentropy"
        } else {
            "mse"
        })
        .unwrap();
        let described = json!({ "class_name": class, "config": case["config"].clone() });
        let Ok(metric) = Metric::from_json(&described, &loss, &Dims::from([5])) else {
            to_come.insert(class.to_string());
            continue;
        };
        let targets = Targets::for_loss(&loss, tensor(&case["y_true"])).unwrap();
        let score = metric.score(&targets, &tensor(&case["y_pred"])).unwrap();
        within(
            1e-5,
            name,
            &[score],
            &[case["value"].as_f64().unwrap() as f32],
        );
    }
    left_out(&to_come, METRICS_TO_COME);
}
