//! Recurrent layers as Keras computes them (`tests/oracle/recurrent.json`, which `recurrent.py` beside it made): states
//! given, given back and carried on; both directions; cells and stacks; within 1e-5 of their scale. And what stateful
//! models refuse.
#![cfg(not(target_arch = "wasm32"))]
mod oracle;

use mapling::base::json::{self, Value};
use mapling::base::rng::Rng;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Sgd;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::{
    Apply, Context, Dense, Dims, Effects, GRUCell, LSTM, LSTMCell, Member, Model, RNN,
    StackedRNNCells, Symbol,
};
use mapling::{Result, Tensor};
use oracle::{floats, tensor, within};
use std::rc::Rc;

fn oracle() -> Value {
    json::parse(include_str!("oracle/recurrent.json")).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_default()
}

#[track_caller]
fn close(what: &str, ours: &Tensor, keras: &Value) {
    let keras = tensor(keras);
    assert_eq!(ours.shape(), keras.shape(), "{what}");
    within(1e-5, what, ours.data(), keras.data());
}

fn check_layer(case: &Value) -> Result<()> {
    let member = Member::from_json(&case["layer"])?;
    let weights: Vec<Tensor> = list(&case["weights"])
        .iter()
        .map(|weight| tensor(weight).tracked())
        .collect();
    let mut rng = Rng::new(0);
    let mut last = None;
    for call in list(&case["calls"]) {
        let mut inputs = vec![tensor(&call["x"]).tracked()];
        inputs.extend(list(&call["initial"]).iter().map(|s| tensor(s).tracked()));
        let dims: Vec<Dims> = inputs
            .iter()
            .map(|x| Dims::fixed(&x.shape()[1..]))
            .collect();
        let promised = member.output_dims(&dims)?;
        member.build(&dims, &mut rng)?;
        let shapes = |all: Vec<Tensor>| all.iter().map(|w| *w.shape()).collect::<Vec<_>>();
        let own = member.weights().iter().map(|w| w.value()).collect();
        assert_eq!(shapes(own), shapes(weights.clone()));
        let masks = match &call["mask"] {
            Value::Null => vec![],
            mask => vec![Some(tensor(mask))],
        };
        let mut effects = Effects::default();
        let mut context = Context::new(false, &mut rng, &mut effects);
        context.masks = &masks;
        let outputs = member.call(&inputs, &weights, &mut context, false)?;
        assert_eq!(outputs.len(), list(&call["outputs"]).len());
        for (place, (ours, keras)) in outputs.iter().zip(list(&call["outputs"])).enumerate() {
            close(&format!("output {place}"), ours, keras);
            assert!(promised[place].takes(&ours.shape()[1..]));
        }
        effects.settle();
        last = Some((inputs, outputs));
    }
    let (inputs, outputs) = last.unwrap();
    let mut loss = Tensor::scalar(0.0);
    for (y, dy) in outputs.iter().zip(list(&case["dy"])) {
        loss = loss.add(&y.mul(&tensor(dy))?.sum(&[], false)?)?;
    }
    let gradients = loss.backward()?;
    close("dx", &gradients.get(&inputs[0]).unwrap(), &case["dx"]);
    for (input, keras) in inputs[1..].iter().zip(list(&case["dinitial"])) {
        close("dinitial", &gradients.get(input).unwrap(), keras);
    }
    for (place, (weight, keras)) in weights.iter().zip(list(&case["dweights"])).enumerate() {
        let found = gradients.get(weight).unwrap();
        close(&format!("dweights {place}"), &found, keras);
    }
    Ok(())
}

#[test]
fn states_directions_and_cells_have_keras_values_and_gradients() {
    for case in list(&oracle()["layers"]) {
        println!("{}", case["name"]);
        check_layer(case).unwrap();
        // What is written down is the same layer.
        let written = Member::from_json(&case["layer"]).unwrap().to_json();
        let again = Value::Object(vec![("layer".into(), written)]);
        let Value::Object(mut fields) = case.clone() else {
            panic!("a case is an object");
        };
        fields.retain(|(key, _)| key != "layer");
        fields.push(("layer".into(), again["layer"].clone()));
        check_layer(&Value::Object(fields)).unwrap();
    }
}

/// A stateful model whose batches have two samples.
fn stateful() -> Result<Model> {
    let model = Model::sequential();
    model.set_input(Dims::fixed(&[2, 2]).of_batch(Some(2)))?;
    model.add(LSTM {
        stateful: true.into(),
        ..LSTM::new(3)
    })?;
    model.add(Dense::new(1))?;
    Ok(model)
}

fn compiled(model: Model, rate: f32) -> Result<Trainer> {
    let mut trainer = Trainer::new(model, 1);
    let loss = Loss::named("mse")?;
    let optimizer = Sgd {
        learning_rate: rate,
        ..Sgd::new()
    };
    trainer.compile(Compile::new(optimizer, loss))?;
    Ok(trainer)
}

fn features(x: &Tensor) -> Features {
    Features::values(x.clone()).unwrap()
}

fn data(x: &Tensor, y: &Tensor) -> Data {
    Data::new(features(x), Targets::Values(y.clone()))
}

#[test]
fn a_stateful_model_trains_and_answers_as_keras_does() -> Result<()> {
    let oracle = oracle();
    let training = &oracle["training"];
    let [x, y, more] = ["x", "y", "more"].map(|key| tensor(&training[key]));
    let start: Vec<Tensor> = list(&training["start"]).iter().map(tensor).collect();
    let mut trainer = compiled(stateful()?, 0.1)?;
    trainer.model.build(None, 1)?;
    assert_eq!(trainer.model.weights().len(), 5);
    trainer.model.set_weights(&start)?;
    let options = FitOptions {
        batch_size: 2,
        shuffle: false,
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut trainer, data(&x, &y), options)?;
    let mut losses = Vec::new();
    while let Event::Batch { logs, .. } = fit.step(&mut trainer)? {
        losses.push(logs.loss);
    }
    oracle::close("losses", &losses, &floats(&training["losses"]));
    for (weight, keras) in trainer
        .model
        .weights()
        .iter()
        .zip(list(&training["weights"]))
    {
        close(weight.name(), &weight.value(), keras);
    }
    let answers = trainer.predict(&[Rc::new(features(&more))], 2)?;
    close("outputs", &answers[0], &training["outputs"]);
    // An evaluation goes on with the state too, and from zeros it is as at the start.
    let evaluate = |trainer: &mut Trainer| trainer.evaluate(&data(&x, &y), 2);
    let (late, again) = (evaluate(&mut trainer)?.loss, evaluate(&mut trainer)?.loss);
    assert_ne!(late, again);
    trainer.model.reset_states();
    let first = evaluate(&mut trainer)?.loss;
    trainer.model.reset_states();
    assert_eq!(first, evaluate(&mut trainer)?.loss);
    Ok(())
}

#[track_caller]
fn refused<T>(result: Result<T>, text: &str) {
    let error = result.err().expect("it is refused").to_string();
    assert!(error.contains(text), "{error}");
}

#[test]
fn batches_of_another_size_are_refused_before_anything_changes() -> Result<()> {
    let (x, y) = (Tensor::full(&[5, 2, 2], 0.5)?, Tensor::zeros(&[5, 1])?);
    let mut trainer = compiled(stateful()?, 0.1)?;
    trainer.model.build(None, 1)?;
    let (two, rows) = (x.slice(&[0, 0, 0], &[2, 2, 2])?, Rc::new(features(&x)));
    trainer.model.predict(&two)?;
    let next = {
        let model = stateful()?;
        model.build(None, 1)?;
        model.predict(&two)?;
        model.predict(&two)?
    };
    let takes = "takes batches of 2 samples";
    refused(trainer.predict(std::slice::from_ref(&rows), 2), takes);
    refused(trainer.predict(std::slice::from_ref(&rows), 32), takes);
    refused(trainer.evaluate(&data(&x, &y), 2), takes);
    refused(trainer.train_on_batch(&data(&x, &y)), takes);
    refused(trainer.model.forward(std::slice::from_ref(&x)), takes);
    let options = FitOptions {
        batch_size: 2,
        ..FitOptions::default()
    };
    refused(Fit::new(&mut trainer, data(&x, &y), options), takes);
    assert_eq!(trainer.model.predict(&two)?.data(), next.data());
    // Without a batch size nothing is built.
    let model = Model::sequential();
    model.add(LSTM {
        stateful: true.into(),
        ..LSTM::new(3)
    })?;
    refused(
        model.build(Some(&[2, 2].into()), 1),
        "the batch size must be fixed",
    );
    assert!(!model.is_built() && model.weights().is_empty());
    Ok(())
}

#[test]
fn states_are_set_whole_or_not_at_all() -> Result<()> {
    let model = stateful()?;
    model.build(None, 1)?;
    let member = &model.members()[0];
    let (good, wide) = (Tensor::full(&[2, 3], 0.5)?, Tensor::zeros(&[2, 4])?);
    member.set_states(&[good.clone(), good.clone()])?;
    for (states, text) in [
        (
            vec![good.clone()],
            "2 states are expected, but 1 were given",
        ),
        (
            vec![good.clone(), wide],
            "state 1 must be [2,3], but is [2, 4]",
        ),
        (vec![Tensor::zeros(&[3, 3])?; 2], "state 0 must be [2,3]"),
    ] {
        refused(member.set_states(&states), text);
        assert_eq!(member.states()[1].data(), good.data());
    }
    refused(model.members()[1].set_states(&[good]), "not stateful");
    member.forget_states();
    assert!(member.states().is_empty());
    Ok(())
}

#[test]
fn a_layer_around_a_library_cell_has_the_bits_of_the_layer() -> Result<()> {
    let x = Symbol::input([4, 2]);
    let model = Model::new(std::slice::from_ref(&x), &[LSTM::new(3).of(&x)?])?;
    let around = Model::new(
        std::slice::from_ref(&x),
        &[RNN::new(LSTMCell::new(3)).of(&x)?],
    )?;
    model.build(None, 3)?;
    around.build(None, 4)?;
    around.set_weights(&model.values())?;
    let mut rng = Rng::new(5);
    let values = (0..24).map(|_| rng.uniform(-1.0, 1.0)).collect();
    let batch = Tensor::new(values, &[3, 4, 2])?;
    assert_eq!(
        model.predict(&batch)?.data(),
        around.predict(&batch)?.data()
    );
    let names: Vec<String> = around.weights().iter().map(|w| w.name().into()).collect();
    assert_eq!(names[0], "rnn/lstm_cell/kernel");
    Ok(())
}

#[test]
fn what_is_no_cell_is_refused() {
    let no_cell = Member::new(RNN::new(Dense::new(2)));
    refused(no_cell, "RNN: `cell`: Dense is no cell");
    refused(Member::new(RNN::new(LSTM::new(2))), "LSTM is no cell");
    refused(
        Member::new(StackedRNNCells::new(vec![])),
        "at least one cell",
    );
    let stack = StackedRNNCells::new(vec![Rc::new(GRUCell::new(2)), Rc::new(Dense::new(2))]);
    refused(Member::new(RNN::new(stack)), "Dense is no cell");
}
