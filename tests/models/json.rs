//! Models from JSON and back.
use crate::{Sum, message, one, tanh, uniform};
use mapling::Result;
use mapling::base::json::{Value, json};
use mapling::base::rng::Rng;
use mapling::nn::{Apply, Dense, Dims, Member, Model, Symbol};

/// Layers of this file, and those of the crate.
fn make(layer: &Value) -> Result<Member> {
    match layer["class_name"].as_str() {
        Some("Sum") => Member::new(Sum)?.with_name(layer["name"].as_str().unwrap()),
        Some("Sequential" | "Functional") => {
            let name = layer["config"]["name"].as_str().unwrap();
            Member::new(Model::from_json_with(layer, &mut make)?)?.with_name(name)
        }
        _ => Member::from_json(layer),
    }
}

#[test]
fn a_functional_model_comes_back_from_json_with_the_same_outputs() -> Result<()> {
    let inner = Model::sequential();
    inner.add(tanh(4))?;
    let inner = Member::new(inner)?;
    let (a, b) = (Symbol::input([3]), Symbol::input([3]));
    let shared = Member::new(tanh(3))?;
    shared.set_trainable(false);
    let first = shared.apply(one(&a))?;
    let first = inner.apply(&first)?;
    let second = inner.apply(one(&b))?;
    let second = shared.apply(&[Dense::new(3).of(&second[0])?])?;
    let second = inner.apply(&second)?;
    let sum = Sum.of_all(&[&first[0], &second[0]])?;
    let outputs = [Dense::new(2).of(&sum)?, sum];
    let model = Model::new(&[a, b], &outputs)?;
    model.build(None, 1)?;

    let json = model.to_json();
    let restored = Model::from_json_with(&json, &mut make)?;
    restored.load_weights(&model.save_weights()?)?;
    assert_eq!(restored.to_json(), json);
    let x = [1, 2].map(|seed| uniform(&mut Rng::new(seed), &[5, 3]));
    let (expected, found) = (model.forward(&x)?, restored.forward(&x)?);
    assert_eq!(found.len(), 2);
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(expected.data(), found.data());
    }
    let trainable = |model: &Model| -> Vec<bool> {
        let weights = model.weights();
        weights.iter().map(|weight| weight.trainable()).collect()
    };
    assert_eq!(trainable(&model), trainable(&restored));
    Ok(())
}

#[test]
fn a_frozen_model_inside_a_model_comes_back_frozen() -> Result<()> {
    let inner = Model::sequential();
    inner.add(tanh(3))?;
    let inner = Member::new(inner)?;
    inner.set_trainable(false);
    let model = Model::sequential();
    model.add_member(&inner)?;
    model.build(Some(&Dims::from([3])), 1)?;
    let restored = Model::from_json(&model.to_json())?;
    assert_eq!(restored.to_json(), model.to_json());
    assert!(!restored.members()[0].trainable());
    Ok(())
}

/// A `Dense` layer of Keras' JSON, called on the results of these layers.
fn dense_on(name: &str, inputs: &[&str]) -> Value {
    let calls: Vec<Value> = inputs
        .iter()
        .map(|input| {
            let place: Vec<Value> = vec![(*input).into(), 0.into(), 0.into()];
            let tensor = json!({
                "class_name": "__keras_tensor__",
                "config": { "shape": [Value::Null, Value::from(3)], "keras_history": place }
            });
            json!({ "args": [tensor], "kwargs": {} })
        })
        .collect();
    json!({
        "class_name": "Dense",
        "name": name,
        "config": { "name": name, "units": 3 },
        "inbound_nodes": calls
    })
}

fn functional(layers: Vec<Value>, output: &str) -> Value {
    let end = |name: &str| -> Value { vec![name.into(), Value::from(0), Value::from(0)].into() };
    let mut all = vec![json!({
        "class_name": "InputLayer",
        "name": "x",
        "config": { "name": "x", "batch_shape": [Value::Null, Value::from(3)] },
        "inbound_nodes": Vec::<Value>::new()
    })];
    all.extend(layers);
    json!({
        "class_name": "Functional",
        "config": {
            "layers": all,
            "input_layers": [end("x")],
            "output_layers": [end(output)]
        }
    })
}

#[test]
fn json_with_layers_in_any_order_is_read_and_json_with_a_cycle_is_refused() -> Result<()> {
    let model = Model::from_json(&functional(
        vec![dense_on("last", &["first"]), dense_on("first", &["x"])],
        "last",
    ))?;
    assert_eq!(model.output_names()?, ["last"]);
    assert_eq!(model.members()[1].name().as_deref(), Some("first"));
    let refused = |layers, output: &str| message(Model::from_json(&functional(layers, output)));
    let cycle = vec![dense_on("a", &["b"]), dense_on("b", &["a"])];
    assert!(refused(cycle, "b").contains("has a cycle"));
    assert!(refused(vec![dense_on("a", &["a"])], "a").contains("has a cycle"));
    assert!(refused(vec![dense_on("a", &["c"])], "a").contains("a layer is missing"));
    assert!(refused(vec![dense_on("a", &["x"])], "c").contains("no result 0 of layer c"));
    let twice = vec![dense_on("a", &["x"]), dense_on("a", &["x"])];
    assert!(refused(twice, "a").contains("`a` is used twice"));
    Ok(())
}
