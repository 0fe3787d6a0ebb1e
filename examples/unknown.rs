//! How well a small network tells digits from what is none, as the page's worker trains it (js/worker/inside/detector.ts),
//! and how well it recognises things of kinds that it never saw: it learns from every second letter, sign, shape and
//! scribble, and is tried on all: `cargo run --release --example unknown [epochs] [seed]`. Strokes that people drew, digits
//! or not, are read from the JSON files (`[{ label, strokes: [[[x, y], …], …] }]`) that DRAWN names, separated by colons.
#[path = "../tests/mnist/mod.rs"]
mod mnist;

use mapling::Result;
use mapling::base::json::{self, Value};
use mapling::base::rng::Rng;
use mapling::data::digit;
use mapling::data::synthetic::{self, other::Family};
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Adam;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::{Activation, Conv2D, Dense, Flatten, MaxPooling2D, Model, Pair, Reshape};
use mapling::tensor::Tensor;
use std::rc::Rc;

/// The class that is no digit.
const OTHER: u8 = 10;
const BYTES: usize = synthetic::BYTES;
/// Digits of MNIST's training set, from its end, that only the limit is found on, and the share of them that may be refused.
const KEPT: usize = 3000;
const REFUSED: f64 = 0.0065;

fn model() -> Result<Model> {
    let convolution = |filters, stride| Conv2D {
        activation: Activation::Relu,
        strides: Pair(stride, stride),
        ..Conv2D::new(filters, Pair(3, 3))
    };
    let dense = |units, activation| Dense {
        activation,
        ..Dense::new(units)
    };
    let model = Model::sequential();
    model.add(Reshape::new(vec![28, 28, 1]))?;
    model.add(convolution(16, 1))?;
    model.add(MaxPooling2D::new())?;
    model.add(convolution(32, 2))?;
    model.add(Flatten::new())?;
    model.add(dense(64, Activation::Relu))?;
    model.add(dense(usize::from(OTHER) + 1, Activation::Softmax))?;
    Ok(model)
}

/// How unlike digits pictures are, and which share is beyond a limit.
fn unlike(trainer: &Trainer, bytes: &[u8]) -> Result<Vec<f32>> {
    let values: Vec<f32> = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
    let pictures = Tensor::new(values, &[bytes.len() / BYTES, 28, 28])?;
    let answers = trainer.predict(&[Rc::new(Features::values(pictures)?)], 64)?;
    let rows = answers[0].data().chunks(usize::from(OTHER) + 1);
    Ok(rows.map(|row| row[usize::from(OTHER)]).collect())
}

fn beyond(limit: f32, unlike: &[f32]) -> f64 {
    let count = unlike.iter().filter(|&&one| one > limit).count();
    100.0 * count as f64 / unlike.len().max(1) as f64
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_default()
}

/// The drawings of a file as pictures, one after the other.
fn drawn(path: &str) -> Result<Vec<u8>> {
    let all = json::parse(&std::fs::read_to_string(path).unwrap_or("[]".into()))?;
    let mut pictures = Vec::new();
    for drawing in list(&all) {
        let point = |point: &Value| {
            let axis = |at: usize| list(point).get(at).and_then(Value::as_f64).unwrap_or(0.0);
            [axis(0) as f32, axis(1) as f32]
        };
        let strokes: Vec<Vec<[f32; 2]>> = list(&drawing["strokes"])
            .iter()
            .map(|stroke| list(stroke).iter().map(point).collect())
            .collect();
        let picture = digit::rasterize(&strokes)?;
        pictures.extend(picture.map(|ink| (255.0 * ink).round() as u8));
    }
    Ok(pictures)
}

fn main() -> Result<()> {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|text| text.parse().unwrap_or(1));
    let (epochs, seed) = (numbers.next().unwrap_or(3), numbers.next().unwrap_or(1));
    let Some(mnist) = mnist::Mnist::load() else {
        return Ok(());
    };
    let mut images = mnist.train_images[..17_000 * BYTES].to_vec();
    let mut labels = mnist.train_labels[..17_000].to_vec();
    let (styled, their) = synthetic::generate(7, 8000)?;
    images.extend(styled);
    labels.extend(their);
    let mut rng = Rng::new(seed as u64);
    for _ in 0..25_000 {
        let family = Family::any(&mut rng);
        let kind = rng.below(family.kinds() as u32) as usize;
        images.extend(family.draw(kind & !1, &mut rng));
    }
    labels.extend([OTHER; 25_000]);

    let mut trainer = Trainer::new(model()?, seed as u64);
    let mut adam = Adam::new();
    adam.learning_rate = 0.003;
    let loss = Loss::named("sparse_categorical_crossentropy")?;
    trainer.compile(Compile::new(adam, loss).metrics(["accuracy"]))?;
    let classes = labels.into_iter().map(u32::from).collect();
    let data = Data::new(
        Features::bytes(images, &[28, 28])?,
        Targets::classes(classes),
    );
    let options = FitOptions {
        epochs,
        batch_size: 64,
        final_rate: 0.03,
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut trainer, data, options)?;
    while !matches!(fit.step(&mut trainer)?, Event::Done) {}

    let mut kept = unlike(&trainer, &mnist.train_images[(60_000 - KEPT) * BYTES..])?;
    kept.sort_by(f32::total_cmp);
    let limit = kept[((1.0 - REFUSED) * KEPT as f64) as usize];
    let test = unlike(&trainer, &mnist.test_images)?;
    let ones: Vec<f32> = test
        .iter()
        .zip(&mnist.test_labels)
        .filter_map(|(&score, &label)| (label == 1).then_some(score))
        .collect();
    println!(
        "MNIST's test set: {:.2} % refused, of its ones {:.2} %",
        beyond(limit, &test),
        beyond(limit, &ones)
    );
    for family in Family::ALL {
        let mut means = [(0.0, 0.0); 2];
        for kind in 0..family.kinds() {
            let count = if family.kinds() == 1 { 1000 } else { 100 };
            let pictures: Vec<u8> = (0..count)
                .flat_map(|_| family.draw(kind, &mut rng))
                .collect();
            let (sum, kinds) = &mut means[kind & 1];
            *sum += beyond(limit, &unlike(&trainer, &pictures)?);
            *kinds += 1.0;
        }
        let [seen, unseen] = means.map(|(sum, kinds)| sum / kinds);
        if unseen.is_nan() {
            println!("{family:?}: {seen:.1} % recognised");
        } else {
            println!(
                "{family:?}: {seen:.1} % recognised, of kinds that it never saw {unseen:.1} %"
            );
        }
    }
    for path in std::env::var("DRAWN").unwrap_or_default().split(':') {
        let pictures = drawn(path)?;
        if !pictures.is_empty() {
            let share = beyond(limit, &unlike(&trainer, &pictures)?);
            println!(
                "{path}: {share:.1} % of {} called no digit",
                pictures.len() / BYTES
            );
        }
    }
    Ok(())
}
