//! Shared layers, branches, several inputs and outputs, lengths that are not fixed, names, and graphs that are refused.
use crate::{
    Sum, Twofold, data, flat, message, moves_along_differences, one, squared_error, tanh, trainer,
    uniform,
};
use mapling::base::rng::Rng;
use mapling::learn::loss::Loss;
use mapling::learn::{Compile, Data, Trainer};
use mapling::nn::{
    Activation, Apply, Dense, Dims, Dropout, Flatten, LSTM, Member, Model, Symbol, TimeDistributed,
};
use mapling::{Result, Tensor};

#[test]
fn a_shared_layer_adds_the_gradients_of_both_calls() -> Result<()> {
    let (a, b) = (Symbol::input([3]), Symbol::input([3]));
    let shared = Member::new(tanh(4))?;
    let (first, second) = (shared.apply(one(&a))?, shared.apply(one(&b))?);
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
fn branches_meet_again_and_each_adds_its_gradient() -> Result<()> {
    let x = Symbol::input([3]);
    let h = tanh(3).of(&x)?;
    let both = Member::new(Twofold)?.apply(one(&h))?;
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
    let h = second.apply(one(&b))?;
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
    assert!(Model::new(one(&a), one(&y)).is_err());
    let model = Model::new(&[a, b], &[y])?;
    assert_eq!(model.input_names()?, ["input_layer", "input_layer_1"]);
    Ok(())
}

#[test]
fn a_result_in_the_middle_of_a_model_can_be_the_input_of_another() -> Result<()> {
    let x = Symbol::input([3]);
    let h = tanh(4).of(&x)?;
    let y = tanh(2).of(&h)?;
    let whole = Model::new(one(&x), one(&y))?;
    whole.build(None, 1)?;
    let first = Model::new(&[x], one(&h))?;
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
    let h = named()?.apply(one(&x))?;
    let y = named()?.apply(&h)?;
    assert!(message(Model::new(&[x], &y)).contains("`same` is used twice"));
    let model = Model::sequential();
    model.add_member(&named()?)?;
    assert!(message(model.add_member(&named()?)).contains("`same` is used twice"));
    assert_eq!(model.members().len(), 1);
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
    weighted.weights = [Some(Tensor::full(&[3], 1.0)?)].into();
    assert!(refused(weighted).contains("sample_weight: expected [4]"));
    let mut by_step = data(4, &[&[3], &[2]], &[&[2], &[1]]);
    by_step.weights = [Some(Tensor::full(&[4, 4], 1.0)?)].into();
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
fn each_output_can_count_samples_by_weights_of_its_own() -> Result<()> {
    let model = side_by_side()?;
    let mut data = data(4, &[&[3], &[2]], &[&[2], &[1]]);
    let own = Tensor::new(vec![1.0, 0.0, 2.5, 0.5], &[4])?;
    data.weights = [Some(own), None].into_iter().collect();
    moves_along_differences(trainer(&model)?, &data)?;
    data.weights.push(None);
    assert!(message(trainer(&model)?.train_on_batch(&data)).contains("weights for 3 were given"));
    Ok(())
}

#[test]
fn a_layer_whose_weights_would_have_two_shapes_is_refused_when_the_model_is_made() -> Result<()> {
    let refused = |layer: Member, shapes: [Dims; 2]| -> Result<String> {
        let inputs = shapes.map(Symbol::input);
        let mut outputs = Vec::new();
        for input in &inputs {
            outputs.extend(layer.apply(one(input))?);
        }
        Ok(message(Model::new(&inputs, &outputs)))
    };
    let dense = Member::new(Dense::new(2))?.with_name("shared")?;
    let told = refused(dense, [[3].into(), [4].into()])?;
    assert!(
        told.contains("layer shared: it is called on inputs of [[3]] and of [[4]]"),
        "{told}"
    );
    let lstm = Member::new(TimeDistributed::new(LSTM::new(2)))?;
    let told = refused(lstm, [[5, 6, 3].into(), [5, 6, 4].into()])?;
    assert!(
        told.contains("its weights would have other shapes"),
        "{told}"
    );
    // Sequences of two lengths have the same weights.
    let lstm = Member::new(LSTM::new(2))?;
    let (long, short) = (Symbol::input([9, 3]), Symbol::input([4, 3]));
    let (a, b) = (lstm.apply(one(&long))?, lstm.apply(one(&short))?);
    Model::new(&[long, short], &[a[0].clone(), b[0].clone()])?;
    Ok(())
}

#[test]
fn outputs_of_one_layer_have_names_of_their_own() -> Result<()> {
    let (a, b) = (Symbol::input([3]), Symbol::input([3]));
    let shared = Member::new(Dense::new(2))?.with_name("shared")?;
    let outputs = [&a, &b].map(|x| Ok(shared.apply(one(x))?[0].clone()));
    let outputs: Vec<Symbol> = outputs.into_iter().collect::<Result<_>>()?;
    let model = Model::new(&[a, b], &outputs)?;
    assert_eq!(model.output_names()?, ["shared", "shared_1"]);
    let names = |names: &[&str]| Some(names.iter().map(|&name| name.into()).collect());
    assert!(message(model.name_ends(None, names(&["same", "same"]))).contains("`same`"));
    assert!(message(model.name_ends(names(&["one"]), None)).contains("2 inputs or outputs"));
    model.name_ends(names(&["left", "right"]), names(&["first", "second"]))?;
    let again = Model::from_json(&model.to_json())?;
    assert_eq!(again.input_names()?, ["left", "right"]);
    assert_eq!(again.output_names()?, ["first", "second"]);
    Ok(())
}
