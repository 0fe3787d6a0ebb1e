//! Memory stays flat. Alone in its file: the count of live bytes is the whole process's.
#![cfg(not(target_arch = "wasm32"))]
use mapling::loss::{Loss, Targets};
use mapling::nn::Sequential;
use mapling::optim::Optimizer;
use mapling::rng::Rng;
use mapling::tensor::live_bytes;
use mapling::train::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::{Result, Tensor};
use serde_json::json;
use std::rc::Rc;

#[test]
fn live_bytes_after_epoch_1_equal_those_after_epoch_20() -> Result<()> {
    let mut model = Sequential::new();
    model.add(
        "Conv2D",
        json!({ "filters": 3, "kernel_size": 3, "activation": "relu", "input_shape": [6, 6, 1] }),
    )?;
    model.add("MaxPooling2D", json!({}))?;
    model.add("Flatten", json!({}))?;
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
    assert_eq!(counts.len(), 20);
    assert!(
        counts.windows(2).all(|pair| pair[0] == pair[1]),
        "{counts:?}"
    );
    Ok(())
}
