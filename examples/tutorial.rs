//! The tutorial's networks on MNIST, natively: `cargo run --release --example tutorial [preset] [epochs]`, where the
//! preset is `dense`, `convnet` or `lenet`.
#[path = "../tests/mnist/mod.rs"]
mod mnist;

use mapling::Result;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Adam;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::{
    Activation, Apply, Conv2D, Dense, Dropout, Flatten, MaxPooling2D, Model, Pair, Reshape, Symbol,
};
use mapling::ops::Padding;
use std::time::Instant;

/// Pixels, a hidden layer, ten digits. Written as a graph: each layer is called on the result of the one before, which
/// is how networks with branches, shared layers or several inputs are written too.
fn dense() -> Result<Model> {
    let image = Symbol::input([28, 28]);
    let pixels = Flatten::new().of(&image)?;
    let hidden = Dense {
        activation: Activation::Relu,
        ..Dense::new(128)
    };
    let digits = ten_digits().of(&hidden.of(&pixels)?)?;
    Model::new(&[image], &[digits])
}

/// Two convolutions, each of which looks for patterns in what the one before has found. Layers in a row are added one
/// after the other.
fn convnet() -> Result<Model> {
    let model = Model::sequential();
    model.add(Reshape::new(vec![28, 28, 1]))?;
    model.add(convolution(32, 3, Padding::Valid))?;
    model.add(MaxPooling2D::new())?;
    model.add(convolution(64, 3, Padding::Valid))?;
    model.add(MaxPooling2D::new())?;
    model.add(Flatten::new())?;
    model.add(Dropout::new(0.5))?;
    model.add(ten_digits())?;
    Ok(model)
}

/// A smaller network with larger windows, after LeCun et al. 1998.
fn lenet() -> Result<Model> {
    let model = Model::sequential();
    model.add(Reshape::new(vec![28, 28, 1]))?;
    model.add(convolution(8, 5, Padding::Same))?;
    model.add(MaxPooling2D::new())?;
    model.add(convolution(16, 5, Padding::Same))?;
    model.add(MaxPooling2D {
        pool_size: Pair(3, 3),
        ..MaxPooling2D::new()
    })?;
    model.add(Flatten::new())?;
    model.add(ten_digits())?;
    Ok(model)
}

fn convolution(filters: usize, size: usize, padding: Padding) -> Conv2D {
    Conv2D {
        activation: Activation::Relu,
        padding,
        ..Conv2D::new(filters, Pair(size, size))
    }
}

/// How likely each digit is.
fn ten_digits() -> Dense {
    Dense {
        activation: Activation::Softmax,
        ..Dense::new(10)
    }
}

/// Pictures of 28 × 28 bytes, and which digit each shows.
fn data(images: Vec<u8>, labels: Vec<u8>) -> Result<Data> {
    let images = Features::bytes(images, &[28, 28])?;
    let digits = labels.into_iter().map(u32::from).collect();
    Ok(Data::new(images, Targets::classes(digits)))
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let preset = arguments.next().unwrap_or("dense".into());
    let epochs = arguments.next().and_then(|epochs| epochs.parse().ok());
    let (model, batch_size) = match &*preset {
        "dense" => (dense()?, 32),
        "convnet" => (convnet()?, 128),
        "lenet" => (lenet()?, 32),
        _ => panic!("there is no preset {preset}; there are dense, convnet and lenet"),
    };

    let mut trainer = Trainer::new(model, 1);
    let loss = Loss::named("sparse_categorical_crossentropy")?;
    trainer.compile(Compile::new(Adam::new(), loss).metrics(["accuracy"]))?;

    let Some(mnist) = mnist::Mnist::load() else {
        return Ok(());
    };
    let train = data(mnist.train_images, mnist.train_labels)?;
    let test = data(mnist.test_images, mnist.test_labels)?;
    let options = FitOptions {
        epochs: epochs.unwrap_or(5),
        batch_size,
        validation: Some(test),
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut trainer, train, options)?;
    println!("{}", trainer.model.summary());
    let mut start = Instant::now();
    loop {
        match fit.step(&mut trainer)? {
            Event::Batch { .. } | Event::Validating => {}
            Event::Epoch {
                epoch,
                logs,
                validation,
            } => {
                let seconds = start.elapsed().as_secs_f32();
                println!(
                    "epoch {}: {logs:?}, test {validation:?}, {seconds:.2} s",
                    epoch + 1
                );
                start = Instant::now();
            }
            Event::Done => return Ok(()),
        }
    }
}
