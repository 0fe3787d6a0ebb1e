//! Models as graphs, and training them. This file has what the tests share.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::json::{Value, json};
use mapling::base::rng::Rng;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Sgd;
use mapling::learn::{Compile, Data, Features, SampleWeights, Trainer};
use mapling::nn::{Activation, Context, Dense, Layer, Model, Symbol, Tensors};
use mapling::tensor::shape::Shape;
use mapling::{Result, Tensor};
use std::rc::Rc;

mod graph;
mod inside;
mod json;
mod runs;

/// The sum of its inputs.
struct Sum;

impl Layer for Sum {
    fn class_name(&self) -> &str {
        "Sum"
    }

    fn config(&self) -> Value {
        json!({})
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        Ok(vec![inputs[0]])
    }

    fn call(&self, inputs: &[Tensor], _: &[Tensor], _: &mut Context) -> Result<Tensors> {
        let mut sum = inputs[0].clone();
        for input in &inputs[1..] {
            sum = sum.add(input)?;
        }
        Ok([sum].into_iter().collect())
    }
}

/// Two results: the input, and its double.
struct Twofold;

impl Layer for Twofold {
    fn class_name(&self) -> &str {
        "Twofold"
    }

    fn config(&self) -> Value {
        json!({})
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        Ok(vec![inputs[0]; 2])
    }

    fn call(&self, inputs: &[Tensor], _: &[Tensor], _: &mut Context) -> Result<Tensors> {
        let x = &inputs[0];
        Ok([x.clone(), x.scale(2.0)].into_iter().collect())
    }
}

fn tanh(units: usize) -> Dense {
    Dense {
        activation: Activation::Tanh,
        ..Dense::new(units)
    }
}

/// A call's only input.
fn one(symbol: &Symbol) -> &[Symbol] {
    std::slice::from_ref(symbol)
}

fn uniform(rng: &mut Rng, shape: &[usize]) -> Tensor {
    let size = shape.iter().product();
    Tensor::new((0..size).map(|_| rng.uniform(-1.0, 1.0)).collect(), shape).unwrap()
}

/// Random samples of these shapes, with random targets of those.
fn data(samples: usize, inputs: &[&[usize]], outputs: &[&[usize]]) -> Data {
    let mut rng = Rng::new(3);
    let mut draw = |sample: &&[usize]| uniform(&mut rng, &[&[samples], *sample].concat());
    let x = inputs.iter().map(&mut draw).map(Features::values);
    let x = x.map(|x| Rc::new(x.unwrap())).collect();
    let targets = outputs.iter().map(&mut draw).map(Targets::Values);
    Data {
        x,
        targets: targets.map(Rc::new).collect(),
        weights: SampleWeights::new(),
    }
}

fn squared_error(learning_rate: f32) -> Compile {
    let sgd = Sgd {
        learning_rate,
        ..Sgd::new()
    };
    Compile::new(sgd, Loss::named("mse").unwrap())
}

/// A trainer of this model that goes as far as the gradient of the squared error.
fn trainer(model: &Model) -> Result<Trainer> {
    let mut trainer = Trainer::new(model.clone(), 1);
    trainer.compile(squared_error(1.0))?;
    Ok(trainer)
}

fn message<T>(result: Result<T>) -> String {
    result.err().expect("an error").to_string()
}

/// All values of all weights.
fn flat(model: &Model) -> Vec<Vec<f32>> {
    let values = model.values();
    values.iter().map(|value| value.data().to_vec()).collect()
}

/// Fails unless a step moves every weight along the gradient that differences of the loss give.
fn moves_along_differences(mut trainer: Trainer, data: &Data) -> Result<()> {
    const H: f32 = 0.01;
    trainer.evaluate(data, 8)?;
    let start = trainer.model.values();
    trainer.train_on_batch(data)?;
    let moved = trainer.model.values();
    trainer.model.set_weights(&start)?;
    for (index, weight) in trainer.model.weights().iter().enumerate() {
        for at in 0..weight.shape().size() {
            let mut loss_beside = |by: f32| -> Result<f32> {
                let mut values = start[index].data().to_vec();
                values[at] += by;
                weight.set(&Tensor::new(values, &weight.shape())?)?;
                let loss = trainer.evaluate(data, 8)?.loss;
                weight.set(&start[index])?;
                Ok(loss)
            };
            let expected = (loss_beside(H)? - loss_beside(-H)?) / (2.0 * H);
            let gradient = start[index].data()[at] - moved[index].data()[at];
            assert!(
                (gradient - expected).abs() < 1e-3,
                "{} {at}: {gradient}, differences give {expected}",
                weight.name()
            );
        }
    }
    Ok(())
}
