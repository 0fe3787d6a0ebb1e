//! The trainer as a whole: it learns, repeats itself, keeps its memory, and comes back from a file.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::rng::Rng;
use mapling::data::augment::Augment;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::{Adam, Sgd};
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Logs, Stream, Trainer};
use mapling::nn::{Activation, Dense, Dropout, Flatten, Member, Model};
use mapling::{Result, Tensor};
use std::rc::Rc;

/// Points of the plane, labelled by the quadrant pair they lie in: no line separates them.
fn quadrants(samples: usize) -> Data {
    let mut rng = Rng::new(5);
    let points: Vec<f32> = (0..samples * 2).map(|_| rng.uniform(-1.0, 1.0)).collect();
    labelled(Tensor::new(points, &[samples, 2]).unwrap())
}

/// Points of the plane with their labels.
fn labelled(points: Tensor) -> Data {
    let labels = points
        .data()
        .chunks(2)
        .map(|point| u32::from(point[0] * point[1] > 0.0))
        .collect();
    Data::new(Features::values(points).unwrap(), Targets::classes(labels))
}

/// These samples of the data.
fn part(data: &Data, indices: &[u32]) -> Data {
    labelled(data.x[0].batch(indices).unwrap())
}

/// A last layer that says how likely each class is.
fn classes(count: usize) -> Dense {
    Dense {
        activation: Activation::Softmax,
        ..Dense::new(count)
    }
}

fn sparse_loss() -> Result<Loss> {
    Loss::named("sparse_categorical_crossentropy")
}

fn trainer(seed: u64) -> Result<Trainer> {
    let model = Model::sequential();
    model.add(Dense {
        activation: Activation::Tanh,
        ..Dense::new(16)
    })?;
    model.add(Dropout::new(0.1))?;
    model.add(classes(2))?;
    let mut trainer = Trainer::new(model, seed);
    let adam = Adam {
        learning_rate: 0.01,
        ..Adam::new()
    };
    trainer.compile(Compile::new(adam, sparse_loss()?).metrics(["accuracy"]))?;
    Ok(trainer)
}

fn run(trainer: &mut Trainer, epochs: usize) -> Result<Vec<Event>> {
    let options = FitOptions {
        epochs,
        validation_split: 0.2,
        ..FitOptions::default()
    };
    let mut fit = Fit::new(trainer, quadrants(500), options)?;
    let mut ends = Vec::new();
    loop {
        match fit.step(trainer)? {
            Event::Done => return Ok(ends),
            event @ Event::Epoch { .. } => ends.push(event),
            Event::Batch { .. } | Event::Validating => {}
        }
    }
}

fn bits(trainer: &Trainer) -> Vec<u32> {
    let values = trainer.model.values();
    values
        .iter()
        .flat_map(|w| w.data().iter().map(|w| w.to_bits()).collect::<Vec<_>>())
        .collect()
}

#[test]
fn a_small_network_learns_what_no_line_can_separate() -> Result<()> {
    let mut trainer = trainer(1)?;
    let ends = run(&mut trainer, 40)?;
    let Some(Event::Epoch {
        validation: Some(validation),
        epoch: 39,
        ..
    }) = ends.last()
    else {
        panic!("{ends:?}")
    };
    assert!(validation.metrics[0] > 0.93, "{validation:?}");
    Ok(())
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_seed_does_not() -> Result<()> {
    let train = |seed| -> Result<Vec<u32>> {
        let mut trainer = trainer(seed)?;
        run(&mut trainer, 2)?;
        Ok(bits(&trainer))
    };
    assert_eq!(train(7)?, train(7)?);
    assert_ne!(train(7)?, train(8)?);
    Ok(())
}

#[test]
fn architecture_and_weights_come_back_from_files() -> Result<()> {
    let mut trained = trainer(3)?;
    run(&mut trained, 2)?;
    let (json, weights) = (trained.model.to_json(), trained.model.save_weights()?);
    let restored = Model::from_json(&json)?;
    restored.load_weights(&weights)?;
    assert_eq!(restored.to_json(), json);
    let x = Tensor::new(vec![0.3, -0.4, 0.9, 0.1], &[2, 2])?;
    assert_eq!(
        restored.predict(&x)?.data(),
        trained.model.predict(&x)?.data()
    );
    Ok(())
}

#[test]
fn frozen_layers_do_not_move() -> Result<()> {
    let model = Model::sequential();
    let frozen = Member::new(Dense::new(4))?;
    frozen.set_trainable(false);
    model.add_member(&frozen)?;
    model.add(classes(2))?;
    let mut trainer = Trainer::new(model, 1);
    trainer.compile(Compile::new(Sgd::new(), sparse_loss()?))?;
    trainer.prepare(&[&[2]])?;
    let before = trainer.model.values();
    let x = Features::values(Tensor::new(vec![1.0, 2.0], &[1, 2])?)?;
    trainer.train_on_batch(&Data::new(x, Targets::classes(vec![1])))?;
    let after = trainer.model.values();
    assert_eq!(before[0].data(), after[0].data());
    assert_ne!(before[2].data(), after[2].data());
    Ok(())
}

#[test]
fn a_final_rate_of_0_ends_in_steps_of_nothing_and_leaves_the_optimizer_as_it_was() -> Result<()> {
    let mut trainer = trainer(3)?;
    let options = FitOptions {
        epochs: 2,
        batch_size: 50,
        final_rate: 0.0,
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut trainer, quadrants(100), options)?;
    let mut moved = Vec::new();
    loop {
        let before = trainer.model.values();
        match fit.step(&mut trainer)? {
            Event::Done => break,
            Event::Batch { .. } => {
                let now = trainer.model.values();
                let change = |(a, b): (&Tensor, &Tensor)| {
                    let apart = a.data().iter().zip(b.data()).map(|(a, b)| (a - b).abs());
                    apart.fold(0.0, f32::max)
                };
                moved.push(before.iter().zip(&now).map(change).fold(0.0, f32::max));
            }
            Event::Epoch { .. } | Event::Validating => {}
        }
    }
    // Adam's first step is the rate itself; the four steps take 1, ¾, ½ and ¼ of it.
    assert!((moved[0] - 0.01).abs() < 1e-5, "{moved:?}");
    assert!(moved[3] < 0.006, "{moved:?}");
    let mut optimizer = trainer.optimizer()?.borrow_mut();
    assert_eq!(*optimizer.rule().learning_rate(), 0.01);
    Ok(())
}

#[test]
fn changed_pictures_leave_the_order_of_the_samples_alone_and_follow_the_seed() -> Result<()> {
    let first_step = |augment| -> Result<(Vec<u32>, f32)> {
        let model = Model::sequential();
        model.add(Flatten::new())?;
        model.add(classes(2))?;
        let mut trainer = Trainer::new(model, 4);
        trainer.compile(Compile::new(Adam::new(), sparse_loss()?))?;
        let pictures: Vec<u8> = (0..20 * 25).map(|at| (at * 37 % 256) as u8).collect();
        let labels = (0..20).map(|at| at % 2).collect();
        let data = Data::new(
            Features::bytes(pictures, &[5, 5])?,
            Targets::classes(labels),
        );
        let options = FitOptions {
            augment,
            ..FitOptions::default()
        };
        let mut fit = Fit::new(&mut trainer, data, options)?;
        let Event::Batch { logs, .. } = fit.step(&mut trainer)? else {
            panic!("the first step is a batch")
        };
        Ok((bits(&trainer), logs.loss))
    };
    let turned = Some(Augment {
        rotation: 0.1,
        ..Augment::default()
    });
    assert_eq!(first_step(turned)?, first_step(turned)?);
    assert_ne!(first_step(turned)?.0, first_step(None)?.0);
    assert_eq!(first_step(Some(Augment::default()))?, first_step(None)?);
    Ok(())
}

#[test]
fn an_infinity_that_comes_into_a_weight_shows_in_the_next_prediction() -> Result<()> {
    let model = Model::sequential();
    model.add(Dense::new(40))?;
    let mut trainer = Trainer::new(model, 1);
    trainer.prepare(&[&[50]])?;
    for samples in [1, 8] {
        // All but one pixel of each sample are 0.
        let pixel = |i| if i % 50 == 7 { 1.0 } else { 0.0 };
        let x = Tensor::new((0..samples * 50).map(pixel).collect(), &[samples, 50])?;
        let x = [Rc::new(Features::values(x)?)];
        let finite = |trainer: &Trainer| -> Result<bool> {
            let answers = trainer.predict(&x, 32)?;
            Ok(answers[0].data().iter().all(|y| y.is_finite()))
        };
        let good = trainer.model.values();
        let mut kernel = good[0].data().to_vec();
        kernel[3 * 40 + 5] = f32::INFINITY;
        let bad = [Tensor::new(kernel, &[50, 40])?, good[1].clone()];
        assert!(finite(&trainer)?);
        trainer.model.set_weights(&bad)?;
        assert!(!finite(&trainer)?, "0 · ∞ is not a number");
        trainer.model.set_weights(&good)?;
        assert!(finite(&trainer)?);
    }
    Ok(())
}

#[test]
fn batches_that_come_one_by_one_train_to_the_bits_and_means_of_fit() -> Result<()> {
    let (mut whole, mut parts) = (trainer(3)?, trainer(3)?);
    let options = FitOptions {
        batch_size: 50,
        shuffle: false,
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut whole, quadrants(120), options)?;
    let means = loop {
        if let Event::Epoch { logs, .. } = fit.step(&mut whole)? {
            break logs;
        }
    };
    let all = quadrants(120);
    let part = |from: usize, to: usize| -> Result<Data> {
        let rows: Vec<u32> = (from as u32..to as u32).collect();
        let x = all.x[0].batch(&rows)?;
        let Targets::Classes { labels, .. } = &*all.targets[0] else {
            unreachable!("labels are classes")
        };
        let targets = Targets::classes(labels[from..to].to_vec());
        Ok(Data::new(Features::values(x)?, targets))
    };
    let mut stream = Stream::training(&mut parts)?;
    assert_eq!(stream.logs(), Logs::default());
    for (from, to) in [(0, 50), (50, 100), (100, 120)] {
        stream.train(&mut parts, &part(from, to)?)?;
    }
    assert_eq!(stream.logs(), means);
    assert_eq!(bits(&parts), bits(&whole));
    assert!(
        parts
            .compile(Compile::new(Sgd::new(), sparse_loss()?))
            .is_err()
    );
    drop(stream);

    let judged = whole.evaluate(&all, 50)?;
    let mut stream = Stream::default();
    for (from, to) in [(0, 50), (50, 100), (100, 120)] {
        stream.test(&mut parts, &part(from, to)?)?;
    }
    assert_eq!(stream.logs(), judged);
    stream.reset();
    stream.test(&mut parts, &all)?;
    assert_eq!(bits(&parts), bits(&whole));
    parts.compile(Compile::new(Sgd::new(), sparse_loss()?))
}

#[test]
fn an_epoch_of_so_many_steps_goes_on_where_the_last_ended() -> Result<()> {
    let batches = |steps: Option<usize>, epochs: usize| -> Result<(Vec<usize>, Vec<u32>)> {
        let mut trainer = trainer(3)?;
        let options = FitOptions {
            epochs,
            batch_size: 50,
            steps_per_epoch: steps,
            shuffle: false,
            ..FitOptions::default()
        };
        let mut fit = Fit::new(&mut trainer, quadrants(200), options)?;
        let mut each = vec![0];
        loop {
            match fit.step(&mut trainer)? {
                Event::Done => break,
                Event::Epoch { .. } => each.push(0),
                Event::Batch { .. } => *each.last_mut().expect("an epoch") += 1,
                Event::Validating => {}
            }
        }
        each.pop();
        Ok((each, bits(&trainer)))
    };
    let (each, whole) = batches(None, 1)?;
    assert_eq!(each, [4]);
    let (each, halves) = batches(Some(2), 2)?;
    assert_eq!((each, &halves), (vec![2, 2], &whole));
    // What meets the end of the data ends there.
    let (each, thirds) = batches(Some(3), 2)?;
    assert_eq!((each, &thirds), (vec![3, 1], &whole));
    assert!(batches(Some(0), 1).is_err());
    Ok(())
}

#[test]
fn batches_change_their_size_between_two_of_them_and_leave_no_sample_out() -> Result<()> {
    let data = quadrants(100);
    let mut fitted = trainer(4)?;
    let options = FitOptions {
        batch_size: 16,
        shuffle: false,
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut fitted, data.clone(), options)?;
    assert_eq!(fit.batches(), 7);
    fit.step(&mut fitted)?;
    fit.step(&mut fitted)?;
    assert!(fit.set_batch_size(&fitted, 0).is_err());
    fit.set_batch_size(&fitted, 30)?;
    // Two are done, and 68 samples are left.
    assert_eq!(fit.batches(), 5);
    let mut sizes = Vec::new();
    while let Event::Batch { size, .. } = fit.step(&mut fitted)? {
        sizes.push(size);
    }
    assert_eq!(sizes, [30, 30, 8]);

    let mut by_hand = trainer(4)?;
    let mut from = 0;
    for size in [16, 16, 30, 30, 8] {
        let indices: Vec<u32> = (from..from + size).collect();
        by_hand.train_on_batch(&part(&data, &indices))?;
        from += size;
    }
    assert_eq!(bits(&fitted), bits(&by_hand));
    Ok(())
}

#[test]
fn the_next_batch_is_told_as_training_will_see_it() -> Result<()> {
    let data = quadrants(50);
    let (mut watched, mut alone) = (trainer(6)?, trainer(6)?);
    let options = || FitOptions {
        batch_size: 20,
        epochs: 2,
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut watched, data.clone(), options())?;
    let mut unwatched = Fit::new(&mut alone, data.clone(), options())?;
    let mut seen = Vec::new();
    let step = |fit: &mut Fit, trainer: &mut Trainer| -> Result<Logs> {
        loop {
            if let Event::Batch { logs, .. } = fit.step(trainer)? {
                return Ok(logs);
            }
        }
    };
    while let Some((indices, x)) = fit.next_batch()? {
        assert_eq!(x[0].data(), data.x[0].batch(&indices)?.data());
        let (loss, _) = watched.gradients(&part(&data, &indices))?;
        seen.extend(indices);
        assert_eq!(step(&mut fit, &mut watched)?.loss.to_bits(), loss.to_bits());
        step(&mut unwatched, &mut alone)?;
    }
    for epoch in seen.chunks_mut(50) {
        epoch.sort_unstable();
        assert_eq!(epoch, (0..50).collect::<Vec<u32>>());
    }
    assert_eq!(seen.len(), 100);
    assert_eq!(bits(&watched), bits(&alone));
    Ok(())
}

#[test]
fn a_momentum_changes_between_two_steps_and_is_remembered_from_then_on() -> Result<()> {
    let steps = |momenta: [f32; 4]| -> Result<Vec<u32>> {
        let model = Model::sequential();
        model.add(classes(2))?;
        let mut trainer = Trainer::new(model, 1);
        let sgd = Sgd {
            momentum: momenta[0],
            ..Sgd::new()
        };
        trainer.compile(Compile::new(sgd, sparse_loss()?))?;
        for momentum in momenta {
            trainer.optimizer()?.borrow_mut().set_momentum(momentum)?;
            trainer.train_on_batch(&quadrants(40))?;
        }
        Ok(bits(&trainer))
    };
    let (never, always, late) = (
        steps([0.0; 4])?,
        steps([0.9; 4])?,
        steps([0.0, 0.0, 0.9, 0.9])?,
    );
    assert_ne!(never, late);
    assert_ne!(always, late);
    // A step with nothing to remember yet is one without momentum.
    assert_eq!(steps([0.0, 0.0, 0.0, 0.9])?, never);
    let mut adam = trainer(1)?;
    let refused = adam
        .optimizer()?
        .borrow_mut()
        .set_momentum(0.5)
        .unwrap_err();
    assert!(
        format!("{refused}").contains("Adam has none to change"),
        "{refused}"
    );
    adam.train_on_batch(&quadrants(40))?;
    Ok(())
}
