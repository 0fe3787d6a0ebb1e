//! One step of training a very small network: what it costs to make a graph and to free it again shows here,
//! since there is little arithmetic.
use crate::Case;
use mapling::Tensor;
use mapling::base::rng::Rng;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Sgd;
use mapling::learn::{Compile, Data, Features, Trainer};
use mapling::nn::{Activation, Dense, Model};

const BATCH: usize = 16;
const SIZES: [usize; 4] = [8, 16, 16, 4];

/// Dense layers of [`SIZES`] with tanh between them, cross-entropy, and SGD.
pub fn case() -> Case {
    let weights: usize = SIZES.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let name = format!("step {BATCH}x{SIZES:?}").replace(", ", "->");
    Case::new(name, (6 * BATCH * weights) as f64, || {
        let mut trainer = trainer().expect("the network is well-formed");
        let mut rng = Rng::new(1);
        let x = (0..BATCH * SIZES[0]).map(|_| rng.normal()).collect();
        let x = Tensor::new(x, &[BATCH, SIZES[0]]).expect("a value for each feature");
        let classes = SIZES[3] as u32;
        let targets = Targets::classes((0..BATCH as u32).map(|i| i % classes).collect());
        let data = Data::new(Features::values(x).expect("two axes"), targets);
        move || {
            let logs = trainer.train_on_batch(&data);
            logs.expect("the data fit");
        }
    })
}

fn trainer() -> mapling::Result<Trainer> {
    let model = Model::sequential();
    for &units in &SIZES[1..3] {
        model.add(Dense {
            activation: Activation::Tanh,
            ..Dense::new(units)
        })?;
    }
    model.add(Dense {
        activation: Activation::Softmax,
        ..Dense::new(SIZES[3])
    })?;
    let mut trainer = Trainer::new(model, 1);
    let loss = Loss::named("sparseCategoricalCrossentropy")?;
    trainer.compile(Compile::new(Sgd::new(), loss))?;
    Ok(trainer)
}
