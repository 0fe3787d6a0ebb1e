//! Ops on values that come from JavaScript and go back there.
use super::{pair, seed, shape, whole};
use crate::base::error::{Result, bail};
use crate::base::json::{self, Settings};
use crate::base::rng::Rng;
use crate::nn::Pair;
use crate::tensor::Tensor;
use alloc::vec::Vec;
use js_sys::{Array, Float32Array, Uint32Array};
use wasm_bindgen::prelude::*;

/// Settings of ops; each reads its own.
const OPTIONS: [&str; 14] = [
    "axis", "axes", "keepDims", "shape", "begin", "size", "order", "indices", "window", "strides",
    "dilation", "padding", "low", "high",
];

/// Runs the op `name` on `inputs`.
fn run(name: &str, inputs: &[Tensor], o: &Settings) -> Result<Tensor> {
    let pair = |key| o.required::<Pair>(key).map(<(usize, usize)>::from);
    match (name, inputs) {
        ("abs", [x]) => Ok(x.abs()),
        ("neg", [x]) => Ok(x.neg()),
        ("sign", [x]) => Ok(x.sign()),
        ("sqrt", [x]) => Ok(x.sqrt()),
        ("exp", [x]) => Ok(x.exp()),
        ("log", [x]) => Ok(x.log()),
        ("relu", [x]) => Ok(x.relu()),
        ("sigmoid", [x]) => Ok(x.sigmoid()),
        ("tanh", [x]) => Ok(x.tanh()),
        ("erf", [x]) => Ok(x.erf()),
        ("clamp", [x]) => Ok(x.clamp(
            o.or("low", f32::NEG_INFINITY)?,
            o.or("high", f32::INFINITY)?,
        )),
        ("softmax", [x]) => x.softmax(),
        ("logSoftmax", [x]) => x.log_softmax(),
        ("add", [a, b]) => a.add(b),
        ("sub", [a, b]) => a.sub(b),
        ("mul", [a, b]) => a.mul(b),
        ("div", [a, b]) => a.div(b),
        ("pow", [a, b]) => a.pow(b),
        ("matmul", [a, b]) => a.matmul(b),
        ("sum", [x]) => x.sum(&o.or("axes", Vec::new())?, o.or("keepDims", false)?),
        ("mean", [x]) => x.mean(&o.or("axes", Vec::new())?, o.or("keepDims", false)?),
        ("max", [x]) => x.max(&o.or("axes", Vec::new())?, o.or("keepDims", false)?),
        ("argmax", [x]) => x.argmax(o.required("axis")?),
        ("slice", [x]) => x.slice(
            &o.required::<Vec<_>>("begin")?,
            &o.required::<Vec<_>>("size")?,
        ),
        ("gather", [x]) => x.gather(&o.required::<Vec<_>>("indices")?),
        ("transpose", [x]) => x.transpose(&o.required::<Vec<_>>("order")?),
        ("broadcastTo", [x]) => x.broadcast_to(&o.required::<Vec<_>>("shape")?),
        ("concat", [_, ..]) => Tensor::concat(inputs, o.required("axis")?),
        ("conv2d", [x, kernel]) => x.conv2d(
            kernel,
            pair("strides")?,
            pair("dilation")?,
            o.required("padding")?,
        ),
        ("maxPool", [x]) => x.max_pool(pair("window")?, pair("strides")?, o.required("padding")?),
        ("averagePool", [x]) => {
            x.average_pool(pair("window")?, pair("strides")?, o.required("padding")?)
        }
        _ => bail!(Value, "op `{name}` with {} inputs is unknown", inputs.len()),
    }
}

/// Runs the op `name` on tensors given as values and shapes; `options` is JSON. Gives `[values, shape]`.
///
/// # Errors
/// An unknown op, or what the op refuses.
#[wasm_bindgen(unchecked_return_type = "[Float32Array, Uint32Array]")]
pub fn compute(
    name: &str,
    values: Vec<Float32Array>,
    shapes: Vec<Uint32Array>,
    options: &str,
) -> Result<Array> {
    let tensor = |(values, lengths): (&Float32Array, &Uint32Array)| {
        Tensor::new(values.to_vec(), &shape(&lengths.to_vec()))
    };
    let inputs: Result<Vec<Tensor>> = values.iter().zip(&shapes).map(tensor).collect();
    let options = json::parse(options)?;
    let options = Settings::new(name, &options, &OPTIONS)?;
    let result = run(name, &inputs?, &options)?;
    Ok(pair(result.data(), result.shape()))
}

/// `count` random values: `normal` with mean `a` and deviation `b`, or `uniform` from `a` to `b`.
///
/// # Errors
/// An unknown kind, or numbers that are not whole where they must be.
#[wasm_bindgen]
pub fn random(kind: &str, count: f64, a: f32, b: f32, from: f64) -> Result<Vec<f32>> {
    let (count, mut rng) = (whole("count", count, 0)?, Rng::new(seed(from)?));
    match kind {
        "normal" => Ok((0..count).map(|_| a + b * rng.normal()).collect()),
        "uniform" => Ok((0..count).map(|_| rng.uniform(a, b)).collect()),
        _ => bail!(Value, "random: expected normal or uniform, got `{kind}`"),
    }
}
