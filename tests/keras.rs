//! Keras' own numbers (`tests/oracle`, made by the scripts beside them): every layer forward and
//! backward, every loss, optimizer and metric within 1e-5 of its scale.
//! What is not built yet is listed, so that nothing is skipped in silence.
#![cfg(not(target_arch = "wasm32"))]
mod oracle;
#[path = "oracle/to_come.rs"]
mod to_come;

use mapling::base::json::{self, Value, json};
use mapling::base::rng::Rng;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::metrics::Metric;
use mapling::learn::optim::{Optimizer, Schedule};
use mapling::nn::{self, Context, Dims, Effects};
use mapling::tensor::autograd::Gradient;
use mapling::tensor::shape::Shape;
use mapling::{Result, Tensor};
use oracle::{close, floats, tensor, within};
use std::collections::BTreeSet;
use to_come::LAYERS_TO_COME;

fn oracle() -> Value {
    json::parse(include_str!("oracle/keras-1.json")).unwrap()
}

/// The cases of both files that have losses, optimizers and metrics.
fn all_cases(kind: &str) -> Vec<Value> {
    let more = json::parse(include_str!("oracle/judging.json")).unwrap();
    [cases(&oracle(), kind), cases(&more, kind)].concat()
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
    let preprocessing = json::parse(include_str!("oracle/preprocessing.json")).unwrap();
    let convolutions = json::parse(include_str!("oracle/convolutions.json")).unwrap();
    let oracle = oracle();
    let all = [&oracle, &preprocessing, &convolutions].map(|all| cases(all, "layers"));
    let all = all.concat();
    let (mut to_come, mut passed) = (BTreeSet::new(), 0);
    for case in &all {
        let class = case["layer"].as_str().unwrap();
        if nn::CLASS_NAMES.contains(&class) {
            layer(case).unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
            passed += 1;
        } else {
            to_come.insert(class.to_string());
        }
    }
    left_out(&to_come, LAYERS_TO_COME);
    println!("{passed} of {} layer cases agree with Keras", all.len());
}

#[test]
fn losses_have_keras_values_and_gradients() {
    for case in all_cases("losses") {
        let name = case["name"].as_str().unwrap();
        let described =
            json!({ "class_name": case["loss"].clone(), "config": case["config"].clone() });
        let loss = Loss::from_json(&described).unwrap();
        let prediction = tensor(&case["y_pred"]).tracked();
        let targets = Targets::for_loss(&loss, tensor(&case["y_true"])).unwrap();
        let value = loss.value(&targets, &prediction).unwrap();
        let expected = case["value"].as_f64().unwrap() as f32;
        within(1e-5, name, value.data(), &[expected]);
        let gradient = value.backward().unwrap().get(&prediction).unwrap();
        let expected = tensor(&case["dy_pred"]);
        let what = format!("{name}: gradient");
        within(1e-5, &what, gradient.data(), expected.data());
    }
}

#[test]
fn optimizers_take_keras_steps() {
    for case in all_cases("optimizers") {
        let name = case["name"].as_str().unwrap();
        let described =
            json!({ "class_name": case["optimizer"].clone(), "config": case["config"].clone() });
        let mut optimizer = Optimizer::from_json(&described).unwrap();
        // What is written down makes the same optimizer.
        let described =
            json!({ "class_name": optimizer.class_name(), "config": optimizer.config() });
        let mut again = Optimizer::from_json(&described).unwrap();
        let start = floats(&case["start"]);
        let (mut w, mut same) = (start.clone(), start);
        let steps = case["gradients"].as_array().unwrap().iter();
        for (g, expected) in steps.zip(case["weights"].as_array().unwrap()) {
            for (optimizer, w) in [(&mut optimizer, &mut w), (&mut again, &mut same)] {
                let g = Tensor::new(floats(g), &[w.len()]).unwrap();
                let mut all = [Some(Gradient::Whole(g))];
                optimizer.begin_step(&mut all).unwrap();
                let [g] = all;
                optimizer.update(0, w, 1, &g.unwrap()).unwrap();
            }
            within(1e-5, name, &w, &floats(expected));
            assert_eq!(w, same, "{name}: from its own description");
        }
    }
}

#[test]
fn schedules_have_keras_rates() {
    let more = json::parse(include_str!("oracle/judging.json")).unwrap();
    for case in cases(&more, "schedules") {
        let described =
            json!({ "class_name": case["schedule"].clone(), "config": case["config"].clone() });
        let schedule = Schedule::from_json(&described).unwrap();
        let rates: Vec<f32> = (0..40).map(|step| schedule.at(step)).collect();
        within(
            1e-5,
            case["name"].as_str().unwrap(),
            &rates,
            &floats(&case["rates"]),
        );
    }
}

#[test]
fn metrics_have_keras_values() {
    for case in all_cases("metrics") {
        let (name, class) = (
            case["name"].as_str().unwrap(),
            case["metric"].as_str().unwrap(),
        );
        let sparse = class.starts_with("Sparse");
        let loss = Loss::named(if sparse {
            "sparse_categorical_crossentropy"
        } else {
            "mse"
        });
        let loss = loss.unwrap();
        let described = json!({ "class_name": class, "config": case["config"].clone() });
        let metric = Metric::from_json(&described, &loss, &Dims::from([5])).unwrap();
        let targets = Targets::for_loss(&loss, tensor(&case["y_true"])).unwrap();
        let weights = (case["weights"] != Value::Null).then(|| tensor(&case["weights"]));
        let mut sums = vec![0.0; metric.sums()];
        let prediction = tensor(&case["y_pred"]);
        let added = metric.add(&targets, &prediction, weights.as_ref(), &mut sums);
        added.unwrap();
        let expected = case["value"].as_f64().unwrap() as f32;
        within(1e-5, name, &[metric.value(&sums)], &[expected]);
    }
}
