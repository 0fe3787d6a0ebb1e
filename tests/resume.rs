//! A run of training that goes on from any of its steps, in another trainer: the same events, the same bits.
#![cfg(not(target_arch = "wasm32"))]
use mapling::data::augment::Augment;
use mapling::data::synthetic;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Adam;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Position, Stream, Trainer};
use mapling::nn::{Activation, BatchNormalization, Dense, Dropout, Flatten, Model};
use mapling::{Result, Tensor};

fn trainer() -> Result<Trainer> {
    let model = Model::sequential();
    model.add(Flatten::new())?;
    model.add(Dense::new(8))?;
    model.add(BatchNormalization::new())?;
    model.add(Dropout::new(0.3))?;
    model.add(Dense {
        activation: Activation::Softmax,
        ..Dense::new(10)
    })?;
    let mut trainer = Trainer::new(model, 11);
    let loss = Loss::named("sparse_categorical_crossentropy")?;
    trainer.compile(Compile::new(Adam::new(), loss).metrics(["accuracy"]))?;
    Ok(trainer)
}

fn data() -> Result<Data> {
    let (mut images, mut labels) = synthetic::generate(3, 700)?;
    images.truncate(50 * 784);
    labels.truncate(50);
    let labels = labels.into_iter().map(u32::from).collect();
    Ok(Data::new(
        Features::bytes(images, &[28, 28])?,
        Targets::classes(labels),
    ))
}

fn options() -> FitOptions {
    FitOptions {
        epochs: 3,
        batch_size: 8,
        validation_split: 0.3,
        augment: Some(Augment {
            rotation: 0.1,
            ..Augment::default()
        }),
        final_rate: 0.5,
        steps_per_epoch: Some(3),
        ..FitOptions::default()
    }
}

/// What a trainer is at a moment: the weights, what its optimizer remembers of each, and where its generator is.
struct Kept {
    weights: Vec<Tensor>,
    optimizer: Vec<Vec<(&'static str, Vec<f32>)>>,
    steps: u64,
    runs: u64,
    drawn: u64,
    position: Position,
}

const ROW: usize = 1;

fn keep(trainer: &Trainer, position: Position) -> Result<Kept> {
    let optimizer = trainer.optimizer()?.borrow();
    let weights = trainer.model.weights();
    let states = weights.iter();
    Ok(Kept {
        weights: trainer.model.values(),
        optimizer: states
            .map(|weight| optimizer.named_state(weight.key(), ROW))
            .collect::<Result<_>>()?,
        steps: optimizer.steps(),
        runs: trainer.runs(),
        drawn: trainer.drawn(),
        position,
    })
}

/// Another trainer that is at the same moment.
fn restored(kept: &Kept) -> Result<Trainer> {
    let mut trainer = trainer()?;
    trainer.prepare(&[&[28, 28]])?;
    trainer.model.set_weights(&kept.weights)?;
    trainer.go_on(kept.runs, kept.drawn);
    let mut optimizer = trainer.optimizer()?.borrow_mut();
    optimizer.set_steps(kept.steps);
    for (weight, named) in trainer.model.weights().iter().zip(&kept.optimizer) {
        let named: Vec<(&str, &[f32])> =
            named.iter().map(|(name, own)| (*name, &own[..])).collect();
        if !named.is_empty() {
            optimizer.set_named_state(weight.key(), weight.shape().size(), ROW, &named)?;
        }
    }
    drop(optimizer);
    Ok(trainer)
}

fn bits(trainer: &Trainer) -> Vec<u32> {
    let values = trainer.model.values();
    let bits = values.iter().flat_map(|value| value.data().iter());
    bits.map(|value| value.to_bits()).collect()
}

/// The events up to the end, which includes the validation between epochs.
fn rest(fit: &mut Fit, trainer: &mut Trainer) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    while events.last() != Some(&Event::Done) {
        events.push(fit.step(trainer)?);
    }
    Ok(events)
}

#[test]
fn a_run_goes_on_from_any_step_to_the_same_bits_and_the_run_after_it_too() -> Result<()> {
    let mut first = trainer()?;
    let mut fit = Fit::new(&mut first, data()?, options())?;
    let (mut events, mut moments) = (Vec::new(), Vec::new());
    while events.last() != Some(&Event::Done) {
        moments.push(keep(&first, fit.position())?);
        events.push(fit.step(&mut first)?);
    }
    drop(fit);
    let end = bits(&first);
    let mut next = Fit::new(&mut first, data()?, options())?;
    let after = rest(&mut next, &mut first)?;

    assert!(events.contains(&Event::Validating));
    for (step, kept) in moments.iter().enumerate() {
        let mut later = restored(kept)?;
        let mut fit = Fit::new(&mut later, data()?, options())?;
        let numbers = kept.position.numbers();
        fit.go_on(&mut later, &Position::from_numbers(&numbers)?)?;
        assert_eq!(fit.position(), kept.position, "step {step}");
        assert_eq!(rest(&mut fit, &mut later)?, events[step..], "step {step}");
        assert_eq!(bits(&later), end, "step {step}");
        let mut next = Fit::new(&mut later, data()?, options())?;
        assert_eq!(rest(&mut next, &mut later)?, after, "step {step}");
    }
    Ok(())
}

#[test]
fn a_position_that_a_run_cannot_have_is_refused() -> Result<()> {
    let mut trainer = trainer()?;
    let mut fit = Fit::new(&mut trainer, data()?, options())?;
    fit.step(&mut trainer)?;
    let position = fit.position();
    drop(fit);
    let wrong: [fn(&mut Position); 6] = [
        |position| position.epoch = 4,
        |position| position.shuffles = u64::MAX,
        |position| position.sample = 36,
        |position| position.batch = usize::MAX,
        |position| position.sums.push(0.0),
        |position| position.sums.clear(),
    ];
    for (case, spoil) in wrong.iter().enumerate() {
        let mut position = position.clone();
        spoil(&mut position);
        let mut fit = Fit::new(&mut trainer, data()?, options())?;
        let refused = fit.go_on(&mut trainer, &position);
        assert!(refused.is_err(), "case {case}");
    }
    let mut options = options();
    options.validation_split = 0.0;
    let mut fit = Fit::new(&mut trainer, data()?, options)?;
    let validating = Position {
        validated: 8,
        ..position
    };
    assert!(fit.go_on(&mut trainer, &validating).is_err());
    assert!(Position::from_numbers(&[0.0; 6]).is_err());
    Ok(())
}

#[test]
fn batches_that_come_one_by_one_go_on_too() -> Result<()> {
    let mut first = trainer()?;
    let mut stream = Stream::training(&mut first)?;
    let mut logs = Vec::new();
    let mut kept = None;
    for step in 0..4 {
        if step == 2 {
            let sums = stream.sums(&first)?;
            kept = Some((keep(&first, Position::default())?, sums));
        }
        logs.push(stream.train(&mut first, &data()?)?);
    }
    let Some((kept, sums)) = kept else {
        unreachable!("there are more than two steps");
    };
    let mut later = restored(&kept)?;
    let mut resumed = Stream::training(&mut later)?;
    resumed.go_on(&mut later, &sums)?;
    for wanted in &logs[2..] {
        assert_eq!(&resumed.train(&mut later, &data()?)?, wanted);
    }
    assert_eq!(resumed.logs(), stream.logs());
    assert_eq!(bits(&later), bits(&first));
    assert_eq!(later.runs(), first.runs());
    assert!(resumed.go_on(&mut later, &sums[1..]).is_err());
    Ok(())
}
