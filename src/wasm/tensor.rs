//! Ops on values that come from JavaScript and go back there.
use super::{pair, parsed, seed, shape, whole};
use crate::error::{Result, bail};
use crate::ops::Padding;
use crate::rng::Rng;
use crate::tensor::Tensor;
use alloc::{string::String, vec::Vec};
use js_sys::{Array, Float32Array, Uint32Array};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

/// Settings of ops; each reads its own.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Options {
    axis: isize,
    axes: Vec<isize>,
    keep_dims: bool,
    shape: Vec<usize>,
    begin: Vec<usize>,
    size: Vec<usize>,
    order: Vec<usize>,
    indices: Vec<u32>,
    window: (usize, usize),
    strides: (usize, usize),
    dilation: (usize, usize),
    padding: String,
    low: Option<f32>,
    high: Option<f32>,
}

impl Options {
    fn padding(&self) -> Result<Padding> {
        match &*self.padding {
            "same" => Ok(Padding::Same),
            "valid" => Ok(Padding::Valid),
            other => bail!(Value, "padding: expected same or valid, got `{other}`"),
        }
    }
}

/// Runs the op `name` on `inputs`.
fn run(name: &str, inputs: &[Tensor], o: &Options) -> Result<Tensor> {
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
            o.low.unwrap_or(f32::NEG_INFINITY),
            o.high.unwrap_or(f32::INFINITY),
        )),
        ("softmax", [x]) => x.softmax(),
        ("logSoftmax", [x]) => x.log_softmax(),
        ("add", [a, b]) => a.add(b),
        ("sub", [a, b]) => a.sub(b),
        ("mul", [a, b]) => a.mul(b),
        ("div", [a, b]) => a.div(b),
        ("pow", [a, b]) => a.pow(b),
        ("matmul", [a, b]) => a.matmul(b),
        ("sum", [x]) => x.sum(&o.axes, o.keep_dims),
        ("mean", [x]) => x.mean(&o.axes, o.keep_dims),
        ("max", [x]) => x.max(&o.axes, o.keep_dims),
        ("argmax", [x]) => x.argmax(o.axis),
        ("slice", [x]) => x.slice(&o.begin, &o.size),
        ("gather", [x]) => x.gather(&o.indices),
        ("transpose", [x]) => x.transpose(&o.order),
        ("broadcastTo", [x]) => x.broadcast_to(&o.shape),
        ("concat", [_, ..]) => Tensor::concat(inputs, o.axis),
        ("conv2d", [x, kernel]) => x.conv2d(kernel, o.strides, o.dilation, o.padding()?),
        ("maxPool", [x]) => x.max_pool(o.window, o.strides, o.padding()?),
        ("averagePool", [x]) => x.average_pool(o.window, o.strides, o.padding()?),
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
    let result = run(name, &inputs?, &parsed(options)?)?;
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
