//! Memory stays flat. Alone in its file: the count of live bytes is the whole process's.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::rng::Rng;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Adam;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::{Activation, Conv2D, Dense, Flatten, LSTM, MaxPooling2D, Model, Pair, Reshape};
use mapling::tensor::live_bytes;
use mapling::{Result, Tensor};

/// Live bytes after each of 20 epochs of this model with a last layer of two classes.
fn after_epochs(model: Model) -> Result<Vec<usize>> {
    model.add(Dense {
        activation: Activation::Softmax,
        ..Dense::new(2)
    })?;
    let mut trainer = Trainer::new(model, 1);
    let loss = Loss::named("sparseCategoricalCrossentropy")?;
    trainer.compile(Compile::new(Adam::new(), loss).metrics(["accuracy"]))?;
    let mut rng = Rng::new(2);
    let x = Tensor::new((0..320 * 36).map(|_| rng.unit()).collect(), &[320, 6, 6, 1])?;
    let labels = (0..320).map(|i| i % 2).collect();
    let data = Data::new(Features::values(x)?, Targets::classes(labels));
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
    let convnet = Model::sequential();
    convnet.add(Conv2D {
        activation: Activation::Relu,
        ..Conv2D::new(3, Pair(3, 3))
    })?;
    convnet.add(MaxPooling2D::new())?;
    convnet.add(Flatten::new())?;
    let recurrent = Model::sequential();
    recurrent.add(Reshape::new(vec![6, 6]))?;
    recurrent.add(LSTM {
        dropout: 0.1,
        ..LSTM::new(5)
    })?;
    for model in [convnet, recurrent] {
        let counts = after_epochs(model)?;
        assert_eq!(counts.len(), 20);
        assert!(
            counts.windows(2).all(|pair| pair[0] == pair[1]),
            "{counts:?}"
        );
    }
    Ok(())
}
