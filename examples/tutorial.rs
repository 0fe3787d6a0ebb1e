//! The tutorial's network on MNIST, natively: `cargo run --release --example tutorial [preset] [epochs]`.
#[path = "../tests/mnist/mod.rs"]
mod mnist;

use mapling::base::json::json;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Optimizer;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::Sequential;
use std::{rc::Rc, time::Instant};

fn main() -> mapling::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let preset = args.get(1).map_or("dense", String::as_str);
    let epochs = args
        .get(2)
        .and_then(|epochs| epochs.parse().ok())
        .unwrap_or(5);
    let Some(mnist) = mnist::Mnist::load() else {
        return Ok(());
    };
    let mut model = Sequential::new();
    let image = json!({ "target_shape": [28, 28, 1] });
    let layers = match preset {
        "convnet" => vec![
            ("Reshape", image),
            (
                "Conv2D",
                json!({ "filters": 32, "kernel_size": 3, "activation": "relu" }),
            ),
            ("MaxPooling2D", json!({})),
            (
                "Conv2D",
                json!({ "filters": 64, "kernel_size": 3, "activation": "relu" }),
            ),
            ("MaxPooling2D", json!({})),
            ("Flatten", json!({})),
            ("Dropout", json!({ "rate": 0.5 })),
        ],
        "lenet" => vec![
            ("Reshape", image),
            (
                "Conv2D",
                json!({ "filters": 8, "kernel_size": 5, "padding": "same", "activation": "relu" }),
            ),
            ("MaxPooling2D", json!({})),
            (
                "Conv2D",
                json!({ "filters": 16, "kernel_size": 5, "padding": "same", "activation": "relu" }),
            ),
            ("MaxPooling2D", json!({ "pool_size": 3 })),
            ("Flatten", json!({})),
        ],
        _ => vec![
            ("Flatten", json!({})),
            ("Dense", json!({ "units": 128, "activation": "relu" })),
        ],
    };
    for (class_name, config) in layers {
        model.add(class_name, config)?;
    }
    model.add("Dense", json!({ "units": 10, "activation": "softmax" }))?;
    let mut trainer = Trainer::new(model, 1);
    trainer.compile(Compile {
        optimizer: Optimizer::from_json(&json!("adam"))?,
        loss: Loss::named("sparse_categorical_crossentropy")?,
        metrics: vec!["accuracy".into()],
    })?;
    let classes =
        |labels: &[u8]| Targets::Classes(labels.iter().map(|&label| u32::from(label)).collect());
    let data = |images: &[u8], labels: &[u8]| -> mapling::Result<Data> {
        Ok(Data {
            x: Rc::new(Features::bytes(images.to_vec(), &[28, 28])?),
            targets: Rc::new(classes(labels)),
        })
    };
    let train = data(&mnist.train_images, &mnist.train_labels)?;
    let test = data(&mnist.test_images, &mnist.test_labels)?;
    let batch_size = if preset == "convnet" { 128 } else { 32 };
    let options = FitOptions {
        epochs,
        batch_size,
        validation: Some(test),
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut trainer, train, options)?;
    let mut start = Instant::now();
    loop {
        match fit.step(&mut trainer)? {
            Event::Epoch {
                epoch,
                logs,
                validation,
            } => {
                println!(
                    "epoch {}: {logs:?}, test {validation:?}, {:.2} s",
                    epoch + 1,
                    start.elapsed().as_secs_f32()
                );
                start = Instant::now();
            }
            Event::Done => return Ok(()),
            Event::Batch { .. } | Event::Validating => {}
        }
    }
}
