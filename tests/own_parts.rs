//! Parts that are functions of the user's, what penalties do in evaluation, layers inside layers, and names where models
//! are joined.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::json::json;
use mapling::base::rng::Rng;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Sgd;
use mapling::learn::{Compile, Data, Features, Trainer};
use mapling::nn::{
    Action, Dense, Dims, Initializer, Member, Model, OwnPart, Regularizer, Symbol, TimeDistributed,
    name_members,
};
use mapling::{Result, Tensor};
use std::rc::Rc;

/// y = x · w without a bias, w = 1, 2.
fn line(parts: Vec<OwnPart>) -> Result<Trainer> {
    let dense = Member::new(Dense {
        use_bias: false,
        kernel_regularizer: Some(Regularizer {
            l1: 1.0,
            ..Regularizer::default()
        }),
        ..Dense::new(1)
    })?;
    dense.add_part(part(
        "kernel_initializer",
        Action::Start(Rc::new(|shape, _| Tensor::new(vec![1.0, 2.0], shape))),
    ))?;
    for part in parts {
        dense.add_part(part)?;
    }
    let model = Model::sequential();
    model.set_input(Dims::from([2]))?;
    model.add_member(&dense)?;
    let mut trainer = Trainer::new(model, 1);
    let sgd = Sgd {
        learning_rate: 0.1,
        ..Sgd::new()
    };
    trainer.compile(Compile::new(sgd, Loss::named("mse")?))?;
    Ok(trainer)
}

fn part(key: &str, action: Action) -> OwnPart {
    OwnPart {
        key: key.into(),
        written: json!({ "class_name": "Mine", "config": {} }),
        action,
    }
}

/// One sample, 1, 1, that should be 3: the loss is 0 but for what is added.
fn sample() -> Result<Data> {
    let x = Features::values(Tensor::new(vec![1.0, 1.0], &[1, 2])?)?;
    Ok(Data::new(
        x,
        Targets::Values(Tensor::new(vec![3.0], &[1, 1])?),
    ))
}

fn kernel(trainer: &Trainer) -> Vec<f32> {
    trainer.model.values()[0].data().to_vec()
}

#[test]
fn penalties_count_in_evaluation_as_in_training_and_not_for_frozen_weights() -> Result<()> {
    let mut trainer = line(Vec::new())?;
    let data = sample()?;
    assert_eq!(trainer.evaluate(&data, 1)?.loss, 3.0);
    assert_eq!(trainer.train_on_batch(&data)?.loss, 3.0);
    assert_eq!(kernel(&trainer), [0.9, 1.9]);
    trainer.model.members()[0].set_trainable(false);
    assert!(trainer.evaluate(&data, 1)?.loss < 0.05);
    Ok(())
}

#[test]
fn functions_take_the_place_of_what_the_configuration_names() -> Result<()> {
    let squares = Action::Regularize(Rc::new(|w| w.mul(w)?.sum(&[], false)));
    let outputs = Action::RegularizeOutput(Rc::new(|y| y.sum(&[], false)));
    let below = Action::Constrain(Rc::new(|w| Ok(w.clamp(-10.0, 1.5))));
    let mut trainer = line(vec![
        part("kernel_regularizer", squares),
        part("activity_regularizer", outputs),
        part("kernel_constraint", below),
    ])?;
    let data = sample()?;
    // 1 + 4 of the weights, 3 of the output.
    assert_eq!(trainer.evaluate(&data, 1)?.loss, 8.0);
    assert_eq!(trainer.train_on_batch(&data)?.loss, 8.0);
    // Gradients 2 · w + 1: 0.7 and 1.5.
    let [a, b] = kernel(&trainer)[..] else {
        panic!("two weights")
    };
    assert!((a - 0.7).abs() < 1e-6 && b == 1.5, "{a} {b}");
    let written = trainer.model.members()[0].to_json();
    assert_eq!(
        written["config"]["kernel_constraint"]["class_name"].as_str(),
        Some("Mine")
    );
    Ok(())
}

#[test]
fn a_step_whose_constraint_fails_changes_no_weight() -> Result<()> {
    let failing = Action::Constrain(Rc::new(|_| Tensor::zeros(&[7])));
    let mut trainer = line(vec![part("kernel_constraint", failing)])?;
    assert!(trainer.train_on_batch(&sample()?).is_err());
    assert_eq!(kernel(&trainer), [1.0, 2.0]);
    Ok(())
}

#[test]
fn weights_drawn_again_follow_from_the_seed_inside_other_layers_too() -> Result<()> {
    let inner = Member::new(Dense {
        kernel_initializer: Initializer::RandomNormal(0.0, 1.0),
        ..Dense::new(3)
    })?;
    let outer = Member::new(TimeDistributed::of(&inner))?;
    outer.build(&[Dims::from([4, 2])], &mut Rng::new(1))?;
    let value = || inner.weights()[0].value().data().to_vec();
    let (first, key) = (value(), inner.weights()[0].key());
    outer.draw_again(&mut Rng::new(2))?;
    assert_ne!(value(), first);
    outer.draw_again(&mut Rng::new(1))?;
    assert_eq!((value(), inner.weights()[0].key()), (first, key));
    Ok(())
}

#[test]
fn names_that_models_found_change_where_they_meet_and_given_ones_are_refused() -> Result<()> {
    let half = || -> Result<(Symbol, Symbol, Member)> {
        let (x, dense) = (Symbol::input([2]), Member::new(Dense::new(1))?);
        let y = dense.apply(std::slice::from_ref(&x))?.remove(0);
        Model::new(std::slice::from_ref(&x), std::slice::from_ref(&y))?;
        Ok((x, y, dense))
    };
    let ((a, left, first), (b, right, second)) = (half()?, half()?);
    assert_eq!(first.name(), second.name());
    Model::new(&[a, b], &[left, right])?;
    assert_eq!(first.name().as_deref(), Some("dense"));
    assert_eq!(second.name().as_deref(), Some("dense_1"));
    let named = || Member::new(Dense::new(1))?.with_name("same");
    assert!(name_members(&[named()?, named()?]).is_err());
    Ok(())
}
