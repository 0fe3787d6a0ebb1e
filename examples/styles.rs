//! How well networks read people's digits when generated ones in many styles stand beside MNIST's:
//! `cargo run --release --example styles [dense|convnet] [generated digits] [epochs] [seed]`, with strokes that people
//! drew as JSON (`[{ label, strokes: [[[x, y], …], …] }]`) in the file that DRAWN names.
#[path = "../tests/mnist/mod.rs"]
mod mnist;

use mapling::Result;
use mapling::base::json::{self, Value};
use mapling::data::augment::Augment;
use mapling::data::{digit, synthetic};
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Adam;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::{
    Activation, Conv2D, Dense, Dropout, Flatten, MaxPooling2D, Model, Pair, Reshape,
};
use mapling::tensor::Tensor;
use std::rc::Rc;

fn model(preset: &str) -> Result<Model> {
    let relu = |filters| Conv2D {
        activation: Activation::Relu,
        ..Conv2D::new(filters, Pair(3, 3))
    };
    let model = Model::sequential();
    if preset == "convnet" {
        model.add(Reshape::new(vec![28, 28, 1]))?;
        model.add(relu(32))?;
        model.add(MaxPooling2D::new())?;
        model.add(relu(64))?;
        model.add(MaxPooling2D::new())?;
        model.add(Flatten::new())?;
        model.add(Dropout::new(0.25))?;
    } else {
        model.add(Flatten::new())?;
        model.add(Dense {
            activation: Activation::Relu,
            ..Dense::new(128)
        })?;
    }
    model.add(Dense {
        activation: Activation::Softmax,
        ..Dense::new(10)
    })?;
    Ok(model)
}

fn data(images: Vec<u8>, labels: Vec<u8>) -> Result<Data> {
    let images = Features::bytes(images, &[28, 28])?;
    let digits = labels.into_iter().map(u32::from).collect();
    Ok(Data::new(images, Targets::classes(digits)))
}

/// What people drew: pictures, one after the other, and of each its digit and who drew it.
#[derive(Default)]
struct Drawn {
    pictures: Vec<f32>,
    labels: Vec<(usize, u64)>,
}

impl Drawn {
    fn load() -> Result<Self> {
        let path = std::env::var("DRAWN").unwrap_or("../shared/drawn/pen-digits.json".into());
        let all = json::parse(&std::fs::read_to_string(path).unwrap_or("[]".into()))?;
        let mut drawn = Drawn::default();
        for one in all.as_array().unwrap_or_default() {
            let strokes: Vec<Vec<[f32; 2]>> = list(&one["strokes"])
                .map(|stroke| list(stroke).map(point).collect())
                .collect();
            drawn.pictures.extend(digit::rasterize(&strokes)?);
            let number = |key: &str| one[key].as_u64().unwrap_or(0);
            drawn
                .labels
                .push((number("label") as usize, number("writer")));
        }
        Ok(drawn)
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap_or_default().iter()
}

fn point(value: &Value) -> [f32; 2] {
    let mut axes = list(value).map(|axis| axis.as_f64().unwrap_or(0.0) as f32);
    [axes.next().unwrap_or(0.0), axes.next().unwrap_or(0.0)]
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: usize| {
        let given = arguments.get(at).and_then(|text| text.parse().ok());
        given.unwrap_or(default)
    };
    let preset = arguments.first().map_or("convnet", |name| name);
    let (generated, seed) = (number(1, 30_000), number(3, 1) as u64);
    let is_convnet = preset == "convnet";
    let epochs = number(2, if is_convnet { 4 } else { 5 });

    let Some(mnist) = mnist::Mnist::load() else {
        return Ok(());
    };
    let (mut images, mut labels) = (mnist.train_images, mnist.train_labels);
    let (more, their) = synthetic::generate(7, generated)?;
    images.extend(more);
    labels.extend(their);
    let test = data(mnist.test_images, mnist.test_labels)?;

    let mut trainer = Trainer::new(model(preset)?, seed);
    let loss = Loss::named("sparse_categorical_crossentropy")?;
    let mut adam = Adam::new();
    adam.learning_rate = if is_convnet { 0.002 } else { 0.001 };
    trainer.compile(Compile::new(adam, loss).metrics(["accuracy"]))?;
    let augment = is_convnet || std::env::var("AUGMENT").is_ok();
    let options = FitOptions {
        epochs,
        batch_size: 32,
        validation: Some(test),
        augment: augment.then_some(Augment {
            rotation: 0.02,
            zoom: 0.08,
            shear: 0.1,
            shift: 0.035,
        }),
        final_rate: if is_convnet { 0.02 } else { 0.1 },
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut trainer, data(images, labels)?, options)?;
    let mut last = 0.0;
    loop {
        match fit.step(&mut trainer)? {
            Event::Epoch { validation, .. } => {
                last = validation.map_or(0.0, |logs| logs.metrics[0]);
            }
            Event::Done => break,
            _ => {}
        }
    }

    let Drawn { pictures, labels } = Drawn::load()?;
    if labels.is_empty() {
        println!(
            "{preset}, {generated} generated: MNIST {:.2} %",
            100.0 * last
        );
        return Ok(());
    }
    let x = Features::values(Tensor::new(pictures, &[labels.len(), 28, 28])?)?;
    let answers = trainer.predict(&[Rc::new(x)], 32)?;
    let (mut right, mut wrong) = (0, std::collections::BTreeMap::<String, usize>::new());
    for (row, (label, writer)) in answers[0].data().chunks(10).zip(&labels) {
        let best = (0..10).max_by(|&a, &b| row[a].total_cmp(&row[b]));
        let best = best.unwrap_or(0);
        if best == *label {
            right += 1;
        } else {
            *wrong
                .entry(format!("{label}→{best} by {writer}"))
                .or_default() += 1;
        }
    }
    let share = 100.0 * f64::from(right) / labels.len() as f64;
    println!(
        "{preset}, {generated} generated, seed {seed}: MNIST {:.2} %, drawn {share:.1} %; misread {wrong:?}",
        100.0 * last
    );
    Ok(())
}
