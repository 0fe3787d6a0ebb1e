//! The same seed ends with the same weights, bit for bit: native Rust here, Node and browsers in `same_bits/`.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::json::{self, Value};
use mapling::data::synthetic;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Adam;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::{
    Activation, Conv2D, Dense, Dropout, Flatten, LSTM, MaxPooling2D, Model, Pair, Reshape,
};
use std::sync::{Mutex, PoisonError};

/// The number of threads is everyone's: one test at a time changes it.
static THREADS: Mutex<()> = Mutex::new(());

/// The run of `same_bits/recipe.mjs`.
fn trained() -> mapling::Result<Trainer> {
    let model = Model::sequential();
    model.add(Conv2D {
        activation: Activation::Relu,
        ..Conv2D::new(4, Pair(3, 3))
    })?;
    model.add(MaxPooling2D::new())?;
    model.add(Flatten::new())?;
    model.add(Dropout::new(0.25))?;
    model.add(Dense {
        activation: Activation::Tanh,
        ..Dense::new(24)
    })?;
    learned(model)
}

/// The same with the pictures' rows as sequences.
fn read_by_rows() -> mapling::Result<Trainer> {
    let model = Model::sequential();
    model.add(Reshape::new(vec![28, 28]))?;
    model.add(LSTM {
        return_sequences: true,
        ..LSTM::new(21)
    })?;
    model.add(LSTM {
        go_backwards: true,
        ..LSTM::new(24)
    })?;
    learned(model)
}

/// A dense network: the gradient of its first layer waits for the update.
fn read_by_pixels() -> mapling::Result<Trainer> {
    let model = Model::sequential();
    model.add(Flatten::new())?;
    model.add(Dense {
        activation: Activation::Relu,
        ..Dense::new(150)
    })?;
    learned(model)
}

fn learned(model: Model) -> mapling::Result<Trainer> {
    let (mut images, mut labels) = synthetic::generate(7, 700)?;
    images.truncate(600 * 784);
    labels.truncate(600);
    model.add(Dense {
        activation: Activation::Softmax,
        ..Dense::new(10)
    })?;
    let mut trainer = Trainer::new(model, 42);
    let adam = Adam {
        learning_rate: 0.003,
        ..Adam::new()
    };
    let loss = Loss::named("sparse_categorical_crossentropy")?;
    trainer.compile(Compile::new(adam, loss).metrics(["accuracy"]))?;
    let labels = labels.into_iter().map(u32::from).collect();
    let data = Data::new(
        Features::bytes(images, &[28, 28, 1])?,
        Targets::classes(labels),
    );
    let options = FitOptions {
        epochs: 2,
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut trainer, data, options)?;
    while fit.step(&mut trainer)? != Event::Done {}
    Ok(trainer)
}

/// FNV-1a over the bits of all weights.
fn hash(trainer: &Trainer) -> u64 {
    trainer
        .model
        .values()
        .iter()
        .flat_map(|value| value.data().iter().flat_map(|x| x.to_le_bytes()))
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        })
}

#[test]
fn sequences_and_dense_networks_end_with_the_same_bits_on_1_2_and_8_threads() {
    let _alone = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
    for train in [read_by_rows, read_by_pixels] {
        let hashes = [1, 2, 8].map(|threads| {
            assert_eq!(mapling::parallel::set_threads(threads), threads);
            hash(&train().unwrap())
        });
        assert_eq!(hashes, [hashes[0]; 3]);
    }
}

#[test]
fn native_rust_ends_with_the_golden_bits_on_1_2_and_8_threads() {
    let _alone = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
    let golden: Value = json::parse(include_str!("same_bits/golden.json")).unwrap();
    let hashes = [1, 2, 8].map(|threads| {
        assert_eq!(mapling::parallel::set_threads(threads), threads);
        format!("{:016x}", hash(&trained().unwrap()))
    });
    assert_eq!(
        hashes
            .each_ref()
            .map(|hash| golden["hash"].as_str() == Some(hash)),
        [true; 3],
        "{hashes:?}"
    );
}
