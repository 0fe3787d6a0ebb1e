//! Models that are layers of other models.
use crate::{Sum, data, flat, message, moves_along_differences, one, tanh, trainer};
use mapling::base::json::{Value, json};
use mapling::learn::loss::Targets;
use mapling::learn::{Data, Features};
use mapling::nn::{
    Activation, Apply, Constraint, Context, Dense, Dims, LSTM, Layer, Masks, Member, Model, Symbol,
    Tensors, TimeDistributed,
};
use mapling::tensor::shape::Shape;
use mapling::{Result, Tensor};

#[test]
fn a_model_that_is_called_twice_in_a_model_has_one_set_of_weights() -> Result<()> {
    let inner = Model::sequential();
    inner.add(tanh(4))?;
    inner.add(Dense::new(2))?;
    let inner = Member::new(inner)?;
    let (a, b) = (Symbol::input([3]), Symbol::input([3]));
    let first = inner.apply(one(&a))?;
    let second = inner.apply(one(&b))?;
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
    let h = shared.apply(one(&x))?;
    let y = inner.of(&h[0])?;
    let model = Model::new(&[x], &[y])?;
    let data = data(8, &[&[3]], &[&[3]]);
    moves_along_differences(trainer(&model)?, &data)?;
    assert_eq!(model.weights().len(), 4);
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
fn layers_of_a_model_that_another_calls_stay_as_they_are() -> Result<()> {
    let inner = Model::sequential();
    inner.add(tanh(3))?;
    let wrapped = Model::sequential();
    wrapped.add(tanh(3))?;
    let model = Model::sequential();
    model.add(inner.clone())?;
    // Nobody has asked yet what the inner model gives.
    inner.add(tanh(4))?;
    model.add(TimeDistributed::new(wrapped.clone()))?;
    model.build(Some(&Dims::from([5, 3])), 1)?;
    for fixed in [&inner, &wrapped] {
        let count = fixed.members().len();
        assert!(message(fixed.add(tanh(3))).contains("another model calls this one"));
        assert!(message(fixed.pop()).contains("another model calls this one"));
        assert_eq!(fixed.members().len(), count);
    }
    model.predict(&Tensor::full(&[2, 5, 3], 0.5)?)?;
    model.pop()?;
    Ok(())
}

#[test]
fn models_that_call_the_one_inside_them_twice_are_made_in_linear_time() -> Result<()> {
    let twice = |model: Model, input: Dims| -> Result<Model> {
        let (x, inside) = (Symbol::input(input), Member::new(model)?);
        let h = inside.apply(one(&x))?;
        let y = inside.apply(&h)?;
        Model::new(&[x], &y)
    };
    for input in [Dims::from([3]), Dims::from([None, Some(3)])] {
        let mut model = Model::sequential();
        model.add(tanh(3))?;
        // In each the innermost layer is called a billion times.
        for _ in 0..30 {
            model = twice(model, input.clone())?;
        }
        model.build(None, 1)?;
        assert_eq!(model.output_dims()?, [input]);
        assert!(model.values_per_sample() > 1 << 30);
    }
    Ok(())
}

#[test]
fn a_shape_that_was_refused_leaves_a_model_free_to_take_another() -> Result<()> {
    let rows = Model::sequential();
    rows.add(LSTM::new(2))?;
    let rows = Member::new(rows)?;
    assert!(message(rows.apply(&[Symbol::input([3])])).contains("must be [time, features]"));
    let sequence = Symbol::input([5, 3]);
    let y = rows.apply(one(&sequence))?;
    Model::new(&[sequence], &y)?.build(None, 1)
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
fn a_build_that_fails_leaves_nothing_behind() -> Result<()> {
    let inner = Model::sequential();
    inner.add(Dense::new(4))?;
    inner.build(Some(&Dims::from([5])), 1)?;
    let trained = Member::new(inner)?;
    let first = Member::new(Dense::new(5))?;
    let model = Model::sequential();
    model.add_member(&first)?;
    model.add_member(&trained)?;
    model.add(Dense {
        bias_constraint: Some(Constraint::UnitNorm { axis: vec![1] }),
        ..Dense::new(2)
    })?;
    let before = trained.weights()[0].value();
    let build = model.build(Some(&Dims::from([3])), 1);
    assert!(message(build).contains("layer dense_1: sum: axis 1 is outside [2]"));
    assert!(!model.is_built() && first.weights().is_empty());
    assert_eq!(trained.weights()[0].value().data(), before.data());
    // The first layer may still be built for another shape.
    let other = Model::sequential();
    other.add_member(&first)?;
    other.build(Some(&Dims::from([7])), 1)
}

#[test]
fn how_many_values_a_build_will_make_is_known_before_it_inside_layers_too() -> Result<()> {
    let layer = |class: &str, config: Value| json!({ "class_name": class, "config": config });
    let dense = layer("Dense", json!({ "units": 3 }));
    let cells = [
        layer("LSTMCell", json!({ "units": 2 })),
        layer("GRUCell", json!({ "units": 4 })),
    ];
    let inside = layer("Sequential", json!({ "layers": [dense.clone()] }));
    let row = layer(
        "Sequential",
        json!({ "layers": [
            layer("InputLayer", json!({ "input_shape": [5, 2] })),
            layer("Bidirectional", json!({ "layer": layer("LSTM", json!({ "units": 3, "return_sequences": true })) })),
            layer("TimeDistributed", json!({ "layer": dense })),
            layer("BatchNormalization", json!({})),
            layer("RNN", json!({ "cell": layer("StackedRNNCells", json!({ "cells": cells.to_vec() })) })),
            inside
        ] }),
    );
    let model = Model::from_json(&row)?;
    let wanted = model.missing_params()?;
    model.build(None, 1)?;
    let made: usize = model
        .weights()
        .iter()
        .map(|weight| weight.value().data().len())
        .sum();
    assert_eq!((wanted, model.missing_params()?), (made as u64, 0));
    Ok(())
}
