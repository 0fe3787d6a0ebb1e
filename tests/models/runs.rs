//! Training over epochs: which samples, in which order, and what may not change meanwhile.
use crate::{data, flat, message, moves_along_differences, squared_error, tanh, trainer};
use mapling::learn::loss::Targets;
use mapling::learn::{Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::{Constraint, Dense, Dims, Member, Model};
use mapling::{Result, Tensor};

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
fn a_sample_counts_as_much_as_its_weight_says() -> Result<()> {
    let model = Model::sequential();
    model.add(tanh(2))?;
    let mut data = data(4, &[&[3]], &[&[2]]);
    data.weights = [Some(Tensor::new(vec![1.0, 0.0, 2.5, 0.5], &[4])?)].into();
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
