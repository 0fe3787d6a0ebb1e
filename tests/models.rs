//! Models as graphs: shared layers, several inputs and outputs, models inside models, lengths that are not fixed, and
//! what is refused.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::json::{Value, json};
use mapling::base::rng::Rng;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Sgd;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::{
    Activation, Apply, Constraint, Context, Dense, Dims, Dropout, Flatten, LSTM, Layer, Masks,
    Member, Model, Symbol, Tensors,
};
use mapling::tensor::shape::Shape;
use mapling::{Result, Tensor};
use std::rc::Rc;

/// The sum of its inputs.
struct Sum;

impl Layer for Sum {
    fn class_name(&self) -> &str {
        "Sum"
    }

    fn config(&self) -> Value {
        json!({})
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        Ok(vec![inputs[0]])
    }

    fn call(&self, inputs: &[Tensor], _: &[Tensor], _: &mut Context) -> Result<Tensors> {
        let mut sum = inputs[0].clone();
        for input in &inputs[1..] {
            sum = sum.add(input)?;
        }
        Ok([sum].into_iter().collect())
    }
}

/// Two results: the input, and its double.
struct Twofold;

impl Layer for Twofold {
    fn class_name(&self) -> &str {
        "Twofold"
    }

    fn config(&self) -> Value {
        json!({})
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        Ok(vec![inputs[0]; 2])
    }

    fn call(&self, inputs: &[Tensor], _: &[Tensor], _: &mut Context) -> Result<Tensors> {
        let x = &inputs[0];
        Ok([x.clone(), x.scale(2.0)].into_iter().collect())
    }
}

fn tanh(units: usize) -> Dense {
    Dense {
        activation: Activation::Tanh,
        ..Dense::new(units)
    }
}

fn uniform(rng: &mut Rng, shape: &[usize]) -> Tensor {
    let size = shape.iter().product();
    Tensor::new((0..size).map(|_| rng.uniform(-1.0, 1.0)).collect(), shape).unwrap()
}

/// Random samples of these shapes, with random targets of those.
fn data(samples: usize, inputs: &[&[usize]], outputs: &[&[usize]]) -> Data {
    let mut rng = Rng::new(3);
    let mut draw = |sample: &&[usize]| uniform(&mut rng, &[&[samples], *sample].concat());
    let x = inputs.iter().map(&mut draw).map(Features::values);
    let x = x.map(|x| Rc::new(x.unwrap())).collect();
    let targets = outputs.iter().map(&mut draw).map(Targets::Values);
    Data {
        x,
        targets: targets.map(Rc::new).collect(),
        weights: None,
    }
}

fn squared_error(learning_rate: f32) -> Compile {
    let sgd = Sgd {
        learning_rate,
        ..Sgd::new()
    };
    Compile::new(sgd, Loss::named("mse").unwrap())
}

/// A trainer of this model that goes as far as the gradient of the squared error.
fn trainer(model: &Model) -> Result<Trainer> {
    let mut trainer = Trainer::new(model.clone(), 1);
    trainer.compile(squared_error(1.0))?;
    Ok(trainer)
}

fn message<T>(result: Result<T>) -> String {
    result.err().expect("an error").to_string()
}

/// All values of all weights.
fn flat(model: &Model) -> Vec<Vec<f32>> {
    let values = model.values();
    values.iter().map(|value| value.data().to_vec()).collect()
}

/// Fails unless a step moves every weight along the gradient that differences of the loss give.
fn moves_along_differences(mut trainer: Trainer, data: &Data) -> Result<()> {
    const H: f32 = 0.01;
    trainer.evaluate(data, 8)?;
    let start = trainer.model.values();
    trainer.train_on_batch(data)?;
    let moved = trainer.model.values();
    trainer.model.set_weights(&start)?;
    for (index, weight) in trainer.model.weights().iter().enumerate() {
        for at in 0..weight.shape().size() {
            let mut loss_beside = |by: f32| -> Result<f32> {
                let mut values = start[index].data().to_vec();
                values[at] += by;
                weight.set(&Tensor::new(values, &weight.shape())?)?;
                let loss = trainer.evaluate(data, 8)?.loss;
                weight.set(&start[index])?;
                Ok(loss)
            };
            let expected = (loss_beside(H)? - loss_beside(-H)?) / (2.0 * H);
            let gradient = start[index].data()[at] - moved[index].data()[at];
            assert!(
                (gradient - expected).abs() < 1e-3,
                "{} {at}: {gradient}, differences give {expected}",
                weight.name()
            );
        }
    }
    Ok(())
}

#[test]
fn a_shared_layer_adds_the_gradients_of_both_calls() -> Result<()> {
    let (a, b) = (Symbol::input([3]), Symbol::input([3]));
    let shared = Member::new(tanh(4))?;
    let (first, second) = (
        shared.apply(std::slice::from_ref(&a))?,
        shared.apply(std::slice::from_ref(&b))?,
    );
    let y = Dense::new(2).of(&Sum.of_all(&[&first[0], &second[0]])?)?;
    let model = Model::new(&[a, b], &[y])?;
    let data = data(8, &[&[3], &[3]], &[&[2]]);
    moves_along_differences(trainer(&model)?, &data)?;
    let names: Vec<String> = model.weights().iter().map(|w| w.name().into()).collect();
    let expected = [
        "dense/kernel",
        "dense/bias",
        "dense_1/kernel",
        "dense_1/bias",
    ];
    assert_eq!(names, expected);
    Ok(())
}

#[test]
fn a_model_that_is_called_twice_in_a_model_has_one_set_of_weights() -> Result<()> {
    let inner = Model::sequential();
    inner.add(tanh(4))?;
    inner.add(Dense::new(2))?;
    let inner = Member::new(inner)?;
    let (a, b) = (Symbol::input([3]), Symbol::input([3]));
    let first = inner.apply(std::slice::from_ref(&a))?;
    let second = inner.apply(std::slice::from_ref(&b))?;
    let y = tanh(2).of(&Sum.of_all(&[&first[0], &second[0]])?)?;
    let model = Model::new(&[a, b], &[y])?;
    let data = data(8, &[&[3], &[3]], &[&[2]]);
    moves_along_differences(trainer(&model)?, &data)?;
    let names: Vec<String> = model.weights().iter().map(|w| w.name().into()).collect();
    let expected = [
        "sequential/dense/kernel",
        "sequential/dense/bias",
        "sequential/dense_1/kernel",
        "sequential/dense_1/bias",
        "dense/kernel",
        "dense/bias",
    ];
    assert_eq!(names, expected);
    Ok(())
}

#[test]
fn a_layer_that_is_reached_alone_and_inside_a_model_has_one_set_of_weights() -> Result<()> {
    let shared = Member::new(tanh(3))?;
    let inner = Model::sequential();
    inner.add(tanh(3))?;
    inner.add_member(&shared)?;
    let x = Symbol::input([3]);
    let h = shared.apply(std::slice::from_ref(&x))?;
    let y = inner.of(&h[0])?;
    let model = Model::new(&[x], &[y])?;
    let data = data(8, &[&[3]], &[&[3]]);
    moves_along_differences(trainer(&model)?, &data)?;
    assert_eq!(model.weights().len(), 4);
    Ok(())
}

#[test]
fn branches_meet_again_and_each_adds_its_gradient() -> Result<()> {
    let x = Symbol::input([3]);
    let h = tanh(3).of(&x)?;
    let both = Member::new(Twofold)?.apply(std::slice::from_ref(&h))?;
    let y = Sum.of_all(&[&h, &tanh(3).of(&both[1])?, &both[0], &x])?;
    let model = Model::new(&[x], &[y])?;
    moves_along_differences(trainer(&model)?, &data(8, &[&[3]], &[&[3]]))
}

/// Two networks side by side, in one model.
fn side_by_side() -> Result<Model> {
    let (a, b) = (Symbol::input([3]), Symbol::input([2]));
    let outputs = [tanh(2).of(&a)?, Dense::new(1).of(&b)?];
    Model::new(&[a, b], &outputs)
}

#[test]
fn the_loss_of_each_output_counts_as_much_as_its_weight_says() -> Result<()> {
    let model = side_by_side()?;
    let data = data(8, &[&[3], &[2]], &[&[2], &[1]]);
    let mut trainer = Trainer::new(model.clone(), 1);
    let mse = || Loss::named("mse").unwrap();
    trainer.compile(Compile {
        losses: vec![mse(), mse()],
        loss_weights: vec![0.25, 2.0],
        ..squared_error(1.0).metrics(["mse"])
    })?;
    let logs = trainer.evaluate(&data, 3)?;
    let [first, second, first_metric, second_metric] = logs.metrics[..] else {
        panic!("a loss and a metric for each output: {logs:?}")
    };
    let near = |a: f32, b: f32| (a - b).abs() < 1e-5;
    assert!(near(logs.loss, 0.25 * first + 2.0 * second), "{logs:?}");
    assert!(
        near(first, first_metric) && near(second, second_metric),
        "{logs:?}"
    );
    moves_along_differences(trainer, &data)
}

#[test]
fn an_output_whose_loss_weighs_nothing_moves_nothing() -> Result<()> {
    let model = side_by_side()?;
    let data = data(8, &[&[3], &[2]], &[&[2], &[1]]);
    let mut trainer = Trainer::new(model.clone(), 1);
    trainer.compile(Compile {
        loss_weights: vec![1.0, 0.0],
        ..squared_error(1.0)
    })?;
    trainer.evaluate(&data, 8)?;
    let before = flat(&model);
    trainer.train_on_batch(&data)?;
    let after = flat(&model);
    assert_ne!(before[..2], after[..2]);
    assert_eq!(before[2..], after[2..]);
    Ok(())
}

#[test]
fn what_may_change_is_decided_anew_for_each_step() -> Result<()> {
    let first = Member::new(tanh(3))?;
    let inner = Model::sequential();
    let inside = Member::new(inner.clone())?;
    inner.add(tanh(3))?;
    inner.add(tanh(3))?;
    let model = Model::sequential();
    model.add_member(&first)?;
    model.add_member(&inside)?;
    let mut trainer = trainer(&model)?;
    let data = data(8, &[&[3]], &[&[3]]);
    let mut moved = || -> Result<Vec<bool>> {
        let before = flat(&model);
        trainer.train_on_batch(&data)?;
        let after = flat(&model);
        let pairs = before.iter().zip(&after).step_by(2);
        Ok(pairs.map(|(before, after)| before != after).collect())
    };
    // Built, so that there is something to compare with.
    model.build(Some(&Dims::from([3])), 1)?;
    assert_eq!(moved()?, [true, true, true]);
    first.set_trainable(false);
    assert_eq!(moved()?, [false, true, true]);
    inside.set_trainable(false);
    assert_eq!(moved()?, [false, false, false]);
    inner.members()[1].set_trainable(true);
    assert_eq!(moved()?, [false, false, true]);
    inside.set_trainable(true);
    first.set_trainable(true);
    assert_eq!(moved()?, [true, true, true]);
    Ok(())
}

#[test]
fn a_model_that_is_frozen_before_its_layers_are_added_is_frozen_whole() -> Result<()> {
    let inner = Model::sequential();
    let inside = Member::new(inner.clone())?;
    inner.add(tanh(3))?;
    inside.set_trainable(false);
    let model = Model::sequential();
    model.add_member(&inside)?;
    model.build(Some(&Dims::from([3])), 1)?;
    assert!(model.weights().iter().all(|weight| !weight.trainable()));
    Ok(())
}

#[test]
fn layers_are_named_as_keras_names_them() -> Result<()> {
    let model = Model::sequential();
    model.add(Dense::new(2))?;
    model.add_member(&Member::new(Dense::new(2))?.with_name("dense_1")?)?;
    model.add(Dense::new(2))?;
    model.add(Dropout::new(0.1))?;
    let names = |model: &Model| -> Vec<String> {
        let members = model.members();
        members.iter().map(|m| m.name().unwrap()).collect()
    };
    assert_eq!(names(&model), ["dense", "dense_1", "dense_2", "dropout"]);

    // By the order in which they were made, listed from the inputs on.
    let (a, b) = (Symbol::input([3]), Symbol::input([3]));
    let (first, second) = (Member::new(Dense::new(3))?, Member::new(Dense::new(3))?);
    let h = second.apply(std::slice::from_ref(&b))?;
    let h = Sum.of_all(&[&a, &h[0]])?;
    let y = first.apply(&[h])?;
    let model = Model::new(&[a, b], &y)?;
    let expected = ["input_layer_1", "input_layer", "dense_1", "sum", "dense"];
    assert_eq!(names(&model), expected);
    assert_eq!(model.input_names()?, ["input_layer", "input_layer_1"]);
    assert_eq!(model.output_names()?, ["dense"]);
    Ok(())
}

#[test]
fn a_model_of_sequences_trains_on_any_length() -> Result<()> {
    let model = Model::sequential();
    model.add(LSTM {
        return_sequences: true,
        ..LSTM::new(4)
    })?;
    model.add(LSTM::new(3))?;
    model.add(Dense::new(1))?;
    model.build(Some(&Dims::from([None, Some(1)])), 1)?;
    assert_eq!(model.input_dims()?, [Dims::from([None, Some(1)])]);
    assert_eq!(model.output_dims()?, [Dims::from([1])]);
    let mut trainer = trainer(&model)?;
    for length in [5, 9, 5] {
        let before = flat(&model);
        trainer.train_on_batch(&data(4, &[&[length, 1]], &[&[1]]))?;
        assert_ne!(before, flat(&model));
    }
    let wrong = trainer.train_on_batch(&data(4, &[&[5, 2]], &[&[1]]));
    assert!(message(wrong).contains("samples of shape [null, 1], but these are [5, 2]"));
    Ok(())
}

#[test]
fn outputs_for_every_step_have_an_open_length_too() -> Result<()> {
    let model = Model::sequential();
    model.add(LSTM {
        return_sequences: true,
        ..LSTM::new(4)
    })?;
    model.add(Dense::new(2))?;
    model.build(Some(&Dims::from([None, Some(3)])), 1)?;
    assert_eq!(model.output_dims()?, [Dims::from([None, Some(2)])]);
    for length in [3, 7] {
        let data = data(4, &[&[length, 3]], &[&[length, 2]]);
        moves_along_differences(trainer(&model)?, &data)?;
    }
    // What needs to know the length says so.
    let flat = Model::sequential();
    flat.add(Flatten::new())?;
    flat.add(Dense::new(1))?;
    let build = flat.build(Some(&Dims::from([None, Some(3)])), 1);
    assert!(message(build).contains("depends on a length that is not fixed"));
    Ok(())
}

#[test]
fn graphs_that_cannot_be_computed_are_refused() -> Result<()> {
    let (a, b) = (Symbol::input([3]), Symbol::input([3]));
    let h = Dense::new(3).of(&a)?;
    let y = Sum.of_all(&[&h, &b])?;
    let of = |inputs: &[&Symbol], outputs: &[&Symbol]| {
        let own =
            |symbols: &[&Symbol]| -> Vec<Symbol> { symbols.iter().copied().cloned().collect() };
        message(Model::new(&own(inputs), &own(outputs)))
    };
    assert!(of(&[&a], &[&y]).contains("depend on the input"));
    assert!(of(&[&b], &[&h]).contains("depend on the input"));
    assert!(of(&[&a, &b, &a], &[&y]).contains("is given twice"));
    assert!(of(&[], &[&y]).contains("at least one input"));
    assert!(of(&[&a, &b], &[]).contains("at least one input and one output"));
    let both = Member::new(Twofold)?.apply(&[a])?;
    let y = Dense::new(3).of(&both[1])?;
    assert!(of(&[&both[1]], &[&y]).contains("one of several results"));
    // What was refused has named nothing, and works with what was missing.
    let (a, b) = (Symbol::input([3]), Symbol::input([3]));
    let y = Sum.of_all(&[&a, &b])?;
    assert!(Model::new(std::slice::from_ref(&a), std::slice::from_ref(&y)).is_err());
    let model = Model::new(&[a, b], &[y])?;
    assert_eq!(model.input_names()?, ["input_layer", "input_layer_1"]);
    Ok(())
}

#[test]
fn a_result_in_the_middle_of_a_model_can_be_the_input_of_another() -> Result<()> {
    let x = Symbol::input([3]);
    let h = tanh(4).of(&x)?;
    let y = tanh(2).of(&h)?;
    let whole = Model::new(std::slice::from_ref(&x), std::slice::from_ref(&y))?;
    whole.build(None, 1)?;
    let first = Model::new(&[x], std::slice::from_ref(&h))?;
    let second = Model::new(&[h], &[y])?;
    first.build(None, 2)?;
    second.build(None, 3)?;
    let x = uniform(&mut Rng::new(4), &[5, 3]);
    let in_parts = second.predict(&first.predict(&x)?)?;
    assert_eq!(in_parts.data(), whole.predict(&x)?.data());
    assert_eq!(second.weights().len(), 2);
    Ok(())
}

#[test]
fn a_name_is_used_once() -> Result<()> {
    let named = || Member::new(Dense::new(3))?.with_name("same");
    let x = Symbol::input([3]);
    let h = named()?.apply(std::slice::from_ref(&x))?;
    let y = named()?.apply(&h)?;
    assert!(message(Model::new(&[x], &y)).contains("`same` is used twice"));
    let model = Model::sequential();
    model.add_member(&named()?)?;
    assert!(message(model.add_member(&named()?)).contains("`same` is used twice"));
    assert_eq!(model.members().len(), 1);
    Ok(())
}

#[test]
fn a_model_is_no_layer_of_itself() -> Result<()> {
    let model = Model::sequential();
    model.add(Dense::new(3))?;
    assert!(message(model.add(model.clone())).contains("a layer of itself"));
    let x = Symbol::input([3]);
    let y = model.clone().of(&x)?;
    let outer = Model::new(&[x], &[y])?;
    assert!(message(model.add(outer)).contains("a layer of itself"));
    assert_eq!(model.members().len(), 1);
    Ok(())
}

#[test]
fn models_inside_models_are_so_deep_and_no_deeper() -> Result<()> {
    let wrapped = |model: Model| {
        let x = Symbol::input([3]);
        let y = model.of(&x)?;
        Model::new(&[x], &[y])
    };
    let mut model = Model::sequential();
    model.add(Activation::Tanh)?;
    let refusal = loop {
        match wrapped(model.clone()) {
            Ok(deeper) => model = deeper,
            Err(error) => break error.to_string(),
        }
    };
    assert!(refusal.contains("deep"), "{refusal}");
    model.build(None, 0)?;
    let y = model.predict(&Tensor::full(&[1, 3], 0.5)?)?;
    assert_eq!(y.data(), Tensor::full(&[1, 3], 0.5)?.tanh().data());
    Ok(())
}

#[test]
fn a_model_that_changed_since_it_became_a_layer_is_refused_until_it_is_built_again() -> Result<()> {
    let inner = Model::sequential();
    inner.add(tanh(3))?;
    let model = Model::sequential();
    model.add(inner.clone())?;
    model.build(Some(&Dims::from([3])), 1)?;
    inner.add(tanh(3))?;
    let x = Tensor::full(&[2, 3], 0.5)?;
    assert!(message(model.predict(&x)).contains("not built"));
    inner.build(None, 2)?;
    assert!(message(model.predict(&x)).contains("build"));
    model.build(None, 3)?;
    assert_eq!(model.weights().len(), 4);
    assert_eq!(model.predict(&x)?.data(), inner.predict(&x)?.data());
    Ok(())
}

#[test]
fn a_shape_that_was_refused_leaves_a_model_free_to_take_another() -> Result<()> {
    let rows = Model::sequential();
    rows.add(LSTM::new(2))?;
    let rows = Member::new(rows)?;
    assert!(message(rows.apply(&[Symbol::input([3])])).contains("must be [time, features]"));
    let sequence = Symbol::input([5, 3]);
    let y = rows.apply(std::slice::from_ref(&sequence))?;
    Model::new(&[sequence], &y)?.build(None, 1)
}

#[test]
fn a_model_without_anything_to_train_stays_as_it_is() -> Result<()> {
    let model = Model::sequential();
    let frozen = Member::new(Dense::new(2))?;
    frozen.set_trainable(false);
    model.add_member(&frozen)?;
    model.build(Some(&Dims::from([3])), 1)?;
    let before = flat(&model);
    trainer(&model)?.train_on_batch(&data(4, &[&[3]], &[&[2]]))?;
    assert_eq!(before, flat(&model));
    Ok(())
}

#[test]
fn a_layer_of_two_models_is_trained_in_both() -> Result<()> {
    let shared = Member::new(tanh(3))?;
    let models = [Model::sequential(), Model::sequential()];
    for model in &models {
        model.add_member(&shared)?;
        model.add(Activation::Sigmoid)?;
        model.build(Some(&Dims::from([3])), 1)?;
    }
    trainer(&models[0])?.train_on_batch(&data(4, &[&[3]], &[&[3]]))?;
    assert_eq!(flat(&models[0]), flat(&models[1]));
    Ok(())
}

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
    let first = shared.apply(std::slice::from_ref(&a))?;
    let first = inner.apply(&first)?;
    let second = inner.apply(std::slice::from_ref(&b))?;
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

#[test]
fn data_for_other_inputs_or_outputs_are_refused_before_anything_changes() -> Result<()> {
    let model = side_by_side()?;
    let mut trainer = trainer(&model)?;
    trainer.evaluate(&data(4, &[&[3], &[2]], &[&[2], &[1]]), 4)?;
    let before = flat(&model);
    let mut refused = |data: Data| message(trainer.train_on_batch(&data));
    let one_input = data(4, &[&[3]], &[&[2], &[1]]);
    assert!(refused(one_input).contains("takes 2 inputs, but 1 were given"));
    let swapped = data(4, &[&[2], &[3]], &[&[2], &[1]]);
    assert!(refused(swapped).contains("samples of shape [3] at input input_layer"));
    let one_output = data(4, &[&[3], &[2]], &[&[2]]);
    assert!(refused(one_output).contains("has 2 outputs, but targets for 1 were given"));
    let mut uneven = data(4, &[&[3], &[2]], &[&[2], &[1]]);
    uneven.x[1] = data(5, &[&[2]], &[]).x.remove(0);
    assert!(refused(uneven).contains("the first input has 4 samples, another has 5"));
    let mut weighted = data(4, &[&[3], &[2]], &[&[2], &[1]]);
    weighted.weights = Some(Tensor::full(&[3], 1.0)?);
    assert!(refused(weighted).contains("sample_weight: expected [4]"));
    let mut by_step = data(4, &[&[3], &[2]], &[&[2], &[1]]);
    by_step.weights = Some(Tensor::full(&[4, 4], 1.0)?);
    assert!(refused(by_step).contains("sample_weight"));
    assert_eq!(before, flat(&model));
    let losses = Compile {
        losses: vec![Loss::named("mse")?; 3],
        ..squared_error(1.0)
    };
    assert!(message(trainer.compile(losses)).contains("has 2 outputs, but 3 were given"));
    let weights = Compile {
        loss_weights: vec![1.0],
        ..squared_error(1.0)
    };
    assert!(message(trainer.compile(weights)).contains("has 2 outputs, but 1 were given"));
    Ok(())
}

#[test]
fn a_sample_counts_as_much_as_its_weight_says() -> Result<()> {
    let model = Model::sequential();
    model.add(tanh(2))?;
    let mut data = data(4, &[&[3]], &[&[2]]);
    data.weights = Some(Tensor::new(vec![1.0, 0.0, 2.5, 0.5], &[4])?);
    moves_along_differences(trainer(&model)?, &data)
}

#[test]
fn a_validation_split_of_a_tenth_leaves_nine_of_ten_rows() -> Result<()> {
    let model = Model::sequential();
    model.add(Dense::new(1))?;
    let mut trainer = trainer(&model)?;
    for (rows, share, left) in [(10, 0.1, 9), (10, 0.3, 7), (100, 0.07, 93), (3, 0.5, 1)] {
        let options = FitOptions {
            validation_split: share,
            ..FitOptions::default()
        };
        let fit = Fit::new(&mut trainer, data(rows, &[&[3]], &[&[1]]), options)?;
        assert_eq!(fit.samples(), left, "{share} of {rows}");
    }
    Ok(())
}

#[test]
fn a_model_in_training_is_not_compiled_anew() -> Result<()> {
    let model = Model::sequential();
    model.add(Dense::new(1))?;
    let mut trainer = trainer(&model)?;
    let begin =
        |trainer: &mut Trainer| Fit::new(trainer, data(4, &[&[3]], &[&[1]]), FitOptions::default());
    let fit = begin(&mut trainer)?;
    assert!(message(trainer.compile(squared_error(1.0))).contains("is being trained"));
    drop(fit);
    trainer.compile(squared_error(1.0))?;
    for first_ends_first in [true, false] {
        let (first, second) = (begin(&mut trainer)?, begin(&mut trainer)?);
        let (one, other) = match first_ends_first {
            true => (first, second),
            false => (second, first),
        };
        drop(one);
        assert!(trainer.compile(squared_error(1.0)).is_err());
        drop(other);
        trainer.compile(squared_error(1.0))?;
    }
    Ok(())
}

#[test]
fn each_run_has_an_order_of_its_own_that_follows_from_the_seed() -> Result<()> {
    const SAMPLES: usize = 20;
    // Nothing is learned, and each sample has a loss of its own by which it is known.
    let order = |trainer: &mut Trainer| -> Result<Vec<f32>> {
        let x = (0..SAMPLES).map(|i| i as f32 + 1.0).collect();
        let x = Features::values(Tensor::new(x, &[SAMPLES, 1])?)?;
        let data = Data::new(x, Targets::Values(Tensor::zeros(&[SAMPLES, 1])?));
        let options = FitOptions {
            batch_size: 1,
            ..FitOptions::default()
        };
        let mut fit = Fit::new(trainer, data, options)?;
        let mut losses = Vec::new();
        while let Event::Batch { logs, .. } = fit.step(trainer)? {
            losses.push(logs.loss);
        }
        Ok(losses)
    };
    let two_runs = |seed| -> Result<[Vec<f32>; 2]> {
        let model = Model::sequential();
        model.add(Dense::new(1))?;
        model.build(Some(&Dims::from([1])), 0)?;
        let mut trainer = Trainer::new(model, seed);
        trainer.compile(squared_error(0.0))?;
        Ok([order(&mut trainer)?, order(&mut trainer)?])
    };
    let [first, second] = two_runs(5)?;
    assert_ne!(first, second);
    let sorted = |mut order: Vec<f32>| {
        order.sort_by(f32::total_cmp);
        order.dedup();
        order
    };
    assert_eq!(sorted(first.clone()).len(), SAMPLES);
    assert_eq!(sorted(first.clone()), sorted(second.clone()));
    assert_eq!(two_runs(5)?, [first.clone(), second]);
    assert_ne!(two_runs(6)?[0], first);
    Ok(())
}

/// Steps of zeros do not count.
struct SkipZeros;

impl Layer for SkipZeros {
    fn class_name(&self) -> &str {
        "SkipZeros"
    }

    fn config(&self) -> Value {
        json!({})
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        Ok(inputs.to_vec())
    }

    fn call(&self, inputs: &[Tensor], _: &[Tensor], _: &mut Context) -> Result<Tensors> {
        Ok(inputs.iter().cloned().collect())
    }

    fn output_masks(&self, inputs: &[Tensor], _: &mut Context) -> Result<Masks> {
        let [samples, steps, _] = **inputs[0].shape() else {
            panic!("sequences are expected")
        };
        let values = inputs[0].data().iter();
        let counts = values.map(|&value| f32::from(value != 0.0)).collect();
        Ok([Some(Tensor::new(counts, &[samples, steps])?)]
            .into_iter()
            .collect())
    }
}

#[test]
fn a_mask_goes_into_models_and_comes_out_of_them() -> Result<()> {
    let x = Tensor::new(vec![1.0, 2.0, 0.0, 0.5, 0.0, 0.0], &[2, 3, 1])?;
    let targets = Tensor::new(vec![3.0; 6], &[2, 3, 1])?;
    let data = Data::new(Features::values(x)?, Targets::Values(targets));
    let dense = Member::new(Dense::new(1))?;
    let loss = |model: &Model| -> Result<f32> { Ok(trainer(model)?.evaluate(&data, 2)?.loss) };
    let flat = Model::sequential();
    flat.add(SkipZeros)?;
    flat.add_member(&dense)?;
    flat.build(Some(&Dims::from([3, 1])), 1)?;
    let expected = loss(&flat)?;

    let wrapped = |member: &Member| -> Result<Model> {
        let model = Model::sequential();
        model.add_member(member)?;
        Ok(model)
    };
    let (masks, uses) = (wrapped(&Member::new(SkipZeros)?)?, wrapped(&dense)?);
    let nested = Model::sequential();
    nested.add(masks)?;
    nested.add(uses)?;
    nested.build(Some(&Dims::from([3, 1])), 1)?;
    assert_eq!(loss(&nested)?, expected);

    let w = dense.weights()[0].value().item()?;
    let error = |x: f32| (w * x - 3.0) * (w * x - 3.0);
    let mean = (error(1.0) + error(2.0) + error(0.5)) / 3.0;
    assert!((expected - mean).abs() < 1e-5, "{expected}, by hand {mean}");
    Ok(())
}

#[test]
fn a_constraint_that_a_weight_cannot_be_held_to_is_refused_when_it_is_built() -> Result<()> {
    let model = Model::sequential();
    model.add(Dense {
        bias_constraint: Some(Constraint::UnitNorm { axis: vec![1] }),
        ..Dense::new(2)
    })?;
    let build = model.build(Some(&Dims::from([3])), 1);
    assert!(message(build).contains("layer dense: sum: axis 1 is outside [2]"));
    assert!(!model.is_built());
    Ok(())
}

#[test]
fn layers_added_after_building_begin_with_numbers_of_their_own() -> Result<()> {
    let model = Model::sequential();
    model.add(Dense::new(4))?;
    model.build(Some(&Dims::from([4])), 7)?;
    model.add(Dense::new(4))?;
    model.build(None, 7)?;
    let kernels: Vec<Tensor> = model
        .weights()
        .iter()
        .map(|weight| weight.value())
        .collect();
    assert_ne!(kernels[0].data(), kernels[2].data());
    Ok(())
}
