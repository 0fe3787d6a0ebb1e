//! Every op's gradient against central differences, over awkward shapes; second derivatives the same way,
//! through the gradient's own graph. One line per op, in the file of its family.
#![cfg(not(target_arch = "wasm32"))]
mod attention;
mod convolution;
mod elementwise;
mod graph;
mod moving;
mod pictures;
mod products;
mod recurrence;

use mapling::base::rng::Rng;
use mapling::{Result, Tensor};

type Function<'a> = dyn Fn(&[Tensor]) -> Result<Tensor> + 'a;

/// Step of the differences: in f32 a smaller one drowns in rounding.
const H: f32 = 1e-2;

fn random(shape: &[usize], rng: &mut Rng, low: f32, high: f32) -> Tensor {
    let size = shape.iter().product();
    Tensor::new((0..size).map(|_| rng.uniform(low, high)).collect(), shape).unwrap()
}

/// A smooth scalar of `f`'s result whose every element has another slope.
fn weigh(y: &Tensor) -> Tensor {
    let slopes = (0..y.data().len())
        .map(|i| (i as f32 * 0.7 + 0.3).sin())
        .collect();
    y.mul(&Tensor::new(slopes, y.shape()).unwrap())
        .unwrap()
        .sum(&[], false)
        .unwrap()
}

fn value(f: &Function<'_>, inputs: &[Tensor]) -> f64 {
    let y = f(inputs).unwrap();
    y.data()
        .iter()
        .enumerate()
        .map(|(i, &y)| f64::from(y) * f64::from((i as f32 * 0.7 + 0.3).sin()))
        .sum()
}

#[track_caller]
fn compare(what: &str, inputs: &[Tensor], gradients: &[Tensor], value: &dyn Fn(&[Tensor]) -> f64) {
    for (index, gradient) in gradients.iter().enumerate() {
        let scale = gradient
            .data()
            .iter()
            .fold(0.1f32, |scale, g| scale.max(g.abs()));
        for element in 0..inputs[index].data().len() {
            let moved = |by: f32| {
                let mut data = inputs[index].data().to_vec();
                data[element] += by;
                let mut inputs = inputs.to_vec();
                inputs[index] = Tensor::new(data, inputs[index].shape()).unwrap();
                value(&inputs)
            };
            let numeric = ((moved(H) - moved(-H)) / f64::from(2.0 * H)) as f32;
            let exact = gradient.data()[element];
            assert!(
                (numeric - exact).abs() <= 0.02 * scale,
                "{what}: input {index}[{element}]: {exact}, differences say {numeric}"
            );
        }
    }
}

trait Squared {
    fn squared(&self) -> Result<Tensor>;
}

impl Squared for Tensor {
    /// The squares, so that a linear op has a second derivative to be looked at.
    fn squared(&self) -> Result<Tensor> {
        self.mul(self)
    }
}

/// The gradients of `weigh(f)` and, through them, of `weigh(f)`'s gradients.
#[track_caller]
fn check_on(what: &str, inputs: &[Tensor], f: &Function<'_>) {
    let first = |inputs: &[Tensor], graph: bool| -> (Vec<Tensor>, Vec<Tensor>) {
        let leaves: Vec<Tensor> = inputs.iter().map(Tensor::tracked).collect();
        let loss = weigh(&f(&leaves).unwrap());
        let gradients = if graph {
            loss.backward_graph()
        } else {
            loss.backward()
        }
        .unwrap();
        let zero = |leaf: &Tensor| Tensor::zeros(leaf.shape()).unwrap();
        let of = |leaf: &Tensor| gradients.get(leaf).unwrap_or_else(|| zero(leaf));
        (leaves.iter().map(of).collect(), leaves.clone())
    };
    let (gradients, _) = first(inputs, false);
    compare(what, inputs, &gradients, &|inputs| value(f, inputs));

    let (gradients, leaves) = first(inputs, true);
    let total = gradients
        .iter()
        .map(weigh)
        .reduce(|a, b| a.add(&b).unwrap())
        .unwrap();
    let second = total.backward().unwrap();
    let second: Vec<Tensor> = leaves
        .iter()
        .map(|leaf| {
            second
                .get(leaf)
                .unwrap_or_else(|| Tensor::zeros(leaf.shape()).unwrap())
        })
        .collect();
    compare(
        &format!("{what}, second derivative"),
        inputs,
        &second,
        &|inputs| {
            let identity = |x: &[Tensor]| Ok(x[0].clone());
            first(inputs, false)
                .0
                .into_iter()
                .map(|gradient| value(&identity, &[gradient]))
                .sum()
        },
    );
}

#[track_caller]
fn check(what: &str, shapes: &[&[usize]], low: f32, high: f32, f: &Function<'_>) {
    let mut rng = Rng::new(what.bytes().map(u64::from).sum());
    let inputs: Vec<Tensor> = shapes
        .iter()
        .map(|shape| random(shape, &mut rng, low, high))
        .collect();
    check_on(what, &inputs, f);
}
