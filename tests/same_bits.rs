//! The same seed ends with the same weights, bit for bit: native Rust here, Node and browsers in `same_bits/`.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::json::{self, Value, json};
use mapling::data::synthetic;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Optimizer;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::Sequential;
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

/// The number of threads is everyone's: one test at a time changes it.
static THREADS: Mutex<()> = Mutex::new(());

/// The run of `same_bits/recipe.mjs`.
fn trained() -> mapling::Result<Trainer> {
    let mut model = Sequential::new();
    model.add(
        "Conv2D",
        json!({ "filters": 4, "kernel_size": 3, "activation": "relu", "input_shape": [28, 28, 1] }),
    )?;
    model.add("MaxPooling2D", json!({}))?;
    model.add("Flatten", json!({}))?;
    model.add("Dropout", json!({ "rate": 0.25 }))?;
    model.add("Dense", json!({ "units": 24, "activation": "tanh" }))?;
    learned(model)
}

/// The same with the pictures' rows as sequences.
fn read_by_rows() -> mapling::Result<Trainer> {
    let mut model = Sequential::new();
    model.add(
        "Reshape",
        json!({ "target_shape": [28, 28], "input_shape": [28, 28, 1] }),
    )?;
    model.add("LSTM", json!({ "units": 21, "return_sequences": true }))?;
    model.add("LSTM", json!({ "units": 24, "go_backwards": true }))?;
    learned(model)
}

/// A dense network: the gradient of its first layer waits for the update.
fn read_by_pixels() -> mapling::Result<Trainer> {
    let mut model = Sequential::new();
    model.add("Flatten", json!({ "input_shape": [28, 28, 1] }))?;
    model.add("Dense", json!({ "units": 150, "activation": "relu" }))?;
    learned(model)
}

fn learned(mut model: Sequential) -> mapling::Result<Trainer> {
    let (mut images, mut labels) = synthetic::generate(7, 700)?;
    images.truncate(600 * 784);
    labels.truncate(600);
    model.add("Dense", json!({ "units": 10, "activation": "softmax" }))?;
    let mut trainer = Trainer::new(model, 42);
    trainer.compile(Compile {
        optimizer: Optimizer::from_json(
            &json!({ "class_name": "Adam", "config": { "learning_rate": 0.003 } }),
        )?,
        loss: Loss::named("sparse_categorical_crossentropy")?,
        metrics: vec!["accuracy".into()],
    })?;
    let data = Data {
        x: Rc::new(Features::bytes(images, &[28, 28, 1])?),
        targets: Rc::new(Targets::Classes(
            labels.into_iter().map(u32::from).collect(),
        )),
    };
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
        .weights()
        .flat_map(|weight| weight.value.data().iter().flat_map(|x| x.to_le_bytes()))
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
