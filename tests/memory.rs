//! Memory stays flat. Alone in its file: the count of live bytes is the whole process's.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::json::{Value, json};
use mapling::base::rng::Rng;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Optimizer;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::Sequential;
use mapling::tensor::live_bytes;
use mapling::{Result, Tensor};
use std::rc::Rc;

/// Live bytes after each of 20 epochs of a model with these first layers.
fn after_epochs(layers: &[(&str, Value)]) -> Result<Vec<usize>> {
    let mut model = Sequential::new();
    for (class, config) in layers {
        model.add(class, config.clone())?;
    }
    model.add("Dense", json!({ "units": 2, "activation": "softmax" }))?;
    let mut trainer = Trainer::new(model, 1);
    let (optimizer, loss) = (
        Optimizer::from_json(&json!("adam"))?,
        Loss::named("sparseCategoricalCrossentropy")?,
    );
    trainer.compile(Compile {
        optimizer,
        loss,
        metrics: vec!["accuracy".into()],
    })?;
    let mut rng = Rng::new(2);
    let x = Tensor::new((0..320 * 36).map(|_| rng.unit()).collect(), &[320, 6, 6, 1])?;
    let labels = (0..320).map(|i| i % 2).collect();
    let data = Data {
        x: Rc::new(Features::values(x)?),
        targets: Rc::new(Targets::Classes(labels)),
    };
    let mut fit = Fit::new(
        &mut trainer,
        data,
        FitOptions {
            epochs: 20,
            ..FitOptions::default()
        },
    )?;
    let mut counts = Vec::new();
    while let event @ (Event::Batch { .. } | Event::Validating | Event::Epoch { .. }) =
        fit.step(&mut trainer)?
    {
        if matches!(event, Event::Epoch { .. }) {
            counts.push(live_bytes());
        }
    }
    Ok(counts)
}

#[test]
fn live_bytes_after_epoch_1_equal_those_after_epoch_20() -> Result<()> {
    let convolution =
        json!({ "filters": 3, "kernel_size": 3, "activation": "relu", "input_shape": [6, 6, 1] });
    let rows = json!({ "target_shape": [6, 6], "input_shape": [6, 6, 1] });
    for layers in [
        &[
            ("Conv2D", convolution),
            ("MaxPooling2D", json!({})),
            ("Flatten", json!({})),
        ][..],
        &[
            ("Reshape", rows),
            ("LSTM", json!({ "units": 5, "dropout": 0.1 })),
        ],
    ] {
        let counts = after_epochs(layers)?;
        assert_eq!(counts.len(), 20);
        assert!(
            counts.windows(2).all(|pair| pair[0] == pair[1]),
            "{counts:?}"
        );
    }
    Ok(())
}
