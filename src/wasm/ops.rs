//! Ops on slots. JavaScript names an op by its number, its place in the tables here; [`op_names`] tells the names.
//!
//! To add an op: one line in a table. Each function answers with the slot of the result, or as `failure.rs` says.
use super::failure::answer;
use super::{seed, slots, whole};
use crate::base::error::{Result, bail};
use crate::base::rng::Rng;
use crate::memory::{Buffer, ask_for};
use crate::nn::Activation;
use crate::ops::{self, Beyond, Interpolation, Moves, Padding};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::*;

type Unary = fn(&Tensor) -> Result<Tensor>;
type Binary = fn(&Tensor, &Tensor) -> Result<Tensor>;
type Reduction = fn(&Tensor, &[isize], bool) -> Result<Tensor>;
type General = fn(&[Tensor], &mut Numbers) -> Result<Tensor>;

/// Functions of one tensor besides those of [`UNARY`](ops::UNARY).
const MORE_UNARY: &[(&str, Unary)] = &[
    ("elu", |x| Activation::Elu.apply(x)),
    ("selu", |x| Activation::Selu.apply(x)),
    ("relu6", |x| Activation::Relu6.apply(x)),
    ("softmax", Tensor::softmax),
    ("logSoftmax", Tensor::log_softmax),
    ("stopGradient", |x| Ok(x.detach())),
];

/// Functions of two tensors besides those of [`BINARY`](ops::BINARY).
const MORE_BINARY: &[(&str, Binary)] = &[
    // b in place of a and 0 in place of b where b is 0, so that no gradient becomes NaN.
    ("divNoNan", |a, b| {
        let zero = Tensor::scalar(0.0);
        let safe = b.select(b, &Tensor::scalar(1.0))?;
        b.select(&a.div(&safe)?, &zero)
    }),
    ("prelu", |x, alpha| {
        let below = x.room_for("prelu")?.neg();
        let below = below.room_for("prelu")?.relu().mul(alpha)?;
        x.room_for("prelu")?.relu().sub(&below)
    }),
    ("matMul", Tensor::matmul),
];

/// Over axes, all of them named.
const REDUCTIONS: &[(&str, Reduction)] = &[
    ("sum", Tensor::sum),
    ("mean", Tensor::mean),
    ("max", Tensor::max),
    ("min", Tensor::min),
    ("prod", Tensor::prod),
];

/// Any number of inputs, and numbers.
const GENERAL: &[(&str, General)] = &[
    ("reshape", |x, n| x[0].reshape(&n.rest()?)),
    ("transpose", |x, n| x[0].transpose(&n.rest()?)),
    ("broadcastTo", |x, n| x[0].broadcast_to(&n.rest()?)),
    ("slice", |x, n| {
        let (begin, size) = n.two_lists()?;
        x[0].slice(&begin, &size)
    }),
    ("padZero", |x, n| {
        let (begin, shape) = n.two_lists()?;
        x[0].pad_zero(&begin, &shape)
    }),
    ("concat", |x, n| Tensor::concat(x, n.whole()? as isize)),
    ("clip", |x, n| {
        Ok(x[0]
            .room_for("clamp")?
            .clamp(n.next()? as f32, n.next()? as f32))
    }),
    ("argMax", |x, n| x[0].argmax(n.whole()? as isize)),
    ("cumsum", |x, n| {
        x[0].cumsum(n.whole()? as isize, n.flag()?, n.flag()?)
    }),
    ("select", |x, _| x[0].select(&x[1], &x[2])),
    ("conv2d", |x, n| {
        let (strides, dilation) = (n.pair()?, n.pair()?);
        x[0].conv2d(&x[1], strides, dilation, n.padding()?)
    }),
    ("depthwiseConv2d", |x, n| {
        let (strides, dilation) = (n.pair()?, n.pair()?);
        x[0].depthwise_conv2d(&x[1], strides, dilation, n.padding()?)
    }),
    ("conv2dTranspose", |x, n| {
        let (size, strides, dilation) = (n.pair()?, n.pair()?, n.pair()?);
        x[0].conv2d_transpose(&x[1], size, strides, dilation, n.padding()?)
    }),
    ("conv3d", |x, n| {
        x[0].conv3d_fused(&x[1], None, false, n.moves()?)
    }),
    ("conv3dTranspose", |x, n| {
        let size = n.triple()?;
        x[0].conv3d_transpose(&x[1], size, n.moves()?)
    }),
    ("maxPool", |x, n| {
        let (window, strides) = (n.pair()?, n.pair()?);
        x[0].max_pool(window, strides, n.padding()?)
    }),
    ("avgPool", |x, n| {
        let (window, strides) = (n.pair()?, n.pair()?);
        x[0].average_pool(window, strides, n.padding()?)
    }),
    ("resizeBilinear", |x, n| {
        let (size, bilinear) = (n.pair()?, Interpolation::Bilinear);
        x[0].resize(size, bilinear, n.flag()?, n.flag()?)
    }),
    ("cropAndResize", |x, n| {
        let (size, how) = (n.pair()?, n.interpolation()?);
        x[0].crop_and_resize(&x[1], &x[2], size, how, n.next()? as f32)
    }),
    ("rotate", |x, n| {
        let (radians, center) = (n.next()?, (n.next()?, n.next()?));
        let fill: Vec<f32> = n.0.iter().map(|&value| value as f32).collect();
        x[0].rotate(radians, center, &fill)
    }),
    ("transform", |x, n| {
        let (size, how) = (n.pair()?, n.interpolation()?);
        let beyond = match n.whole()? {
            0 => Beyond::Constant,
            1 => Beyond::Nearest,
            2 => Beyond::Reflect,
            _ => Beyond::Wrap,
        };
        x[0].project(&x[1], size, how, beyond, n.next()? as f32)
    }),
    ("fourier", |x, n| x[0].fourier(n.flag()?)),
];

/// How many inputs a general op takes at least.
fn least_inputs(name: &str) -> usize {
    match name {
        "conv2d" | "depthwiseConv2d" | "conv2dTranspose" | "conv3d" | "conv3dTranspose"
        | "transform" => 2,
        "select" | "cropAndResize" => 3,
        _ => 1,
    }
}

/// The numbers of a call, read one after the other.
struct Numbers<'a>(&'a [f64]);

impl Numbers<'_> {
    fn next(&mut self) -> Result<f64> {
        let Some((&first, rest)) = self.0.split_first() else {
            bail!(Value, "a number is missing")
        };
        self.0 = rest;
        Ok(first)
    }

    fn whole(&mut self) -> Result<usize> {
        whole("number", self.next()?, 0)
    }

    fn flag(&mut self) -> Result<bool> {
        Ok(self.next()? != 0.0)
    }

    fn pair(&mut self) -> Result<(usize, usize)> {
        Ok((self.whole()?, self.whole()?))
    }

    fn triple(&mut self) -> Result<[usize; 3]> {
        Ok([self.whole()?, self.whole()?, self.whole()?])
    }

    fn moves(&mut self) -> Result<Moves> {
        Ok(Moves {
            strides: self.triple()?,
            dilation: self.triple()?,
            padding: self.padding()?,
        })
    }

    fn padding(&mut self) -> Result<Padding> {
        Ok(if self.flag()? {
            Padding::Same
        } else {
            Padding::Valid
        })
    }

    fn interpolation(&mut self) -> Result<Interpolation> {
        Ok(if self.flag()? {
            Interpolation::Bilinear
        } else {
            Interpolation::Nearest
        })
    }

    fn rest(&mut self) -> Result<Vec<usize>> {
        let all = core::mem::take(&mut self.0);
        all.iter().map(|&n| whole("number", n, 0)).collect()
    }

    /// Two lists of one length.
    fn two_lists(&mut self) -> Result<(Vec<usize>, Vec<usize>)> {
        let mut first = self.rest()?;
        let second = first.split_off(first.len() / 2);
        Ok((first, second))
    }
}

fn nth<T: Copy>(table: &[(&str, T)], op: usize) -> Result<T> {
    match table.get(op) {
        Some((_, action)) => Ok(*action),
        None => bail!(Value, "there is no op {op}"),
    }
}

/// The names of all ops, tables apart by `;`, names by `,`: unary, binary, reductions, general.
#[wasm_bindgen(js_name = opNames)]
pub fn op_names() -> String {
    fn names<'a, T: 'a>(table: &'a [(&'a str, T)]) -> impl Iterator<Item = String> + 'a {
        table.iter().map(|(name, _)| (*name).into())
    }
    let rows = |row: &'static str| match row {
        "modulo" => "mod".into(),
        name => camel(name),
    };
    let unary = ops::UNARY.iter().map(|row| rows(row.name));
    let binary = ops::BINARY.iter().map(|row| rows(row.name));
    let tables: [Vec<String>; 4] = [
        unary.chain(names(MORE_UNARY)).collect(),
        binary.chain(names(MORE_BINARY)).collect(),
        names(REDUCTIONS).collect(),
        names(GENERAL).collect(),
    ];
    tables.map(|names| names.join(",")).join(";")
}

/// `squared_difference` as JavaScript spells it.
fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let mut camel = String::from(parts.next().unwrap_or_default());
    for part in parts {
        let (first, rest) = part.split_at(part.len().min(1));
        camel.push_str(&first.to_ascii_uppercase());
        camel.push_str(rest);
    }
    camel
}

fn run_unary(op: u32, x: &Tensor) -> Result<Tensor> {
    let op = op as usize;
    match ops::UNARY.get(op) {
        Some(row) => Ok(x.room_for(row.name)?.unary(row)),
        None => nth(MORE_UNARY, op - ops::UNARY.len())?(x),
    }
}

fn run_binary(op: u32, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let op = op as usize;
    match ops::BINARY.get(op) {
        Some(row) => a.binary(row, b),
        None => nth(MORE_BINARY, op - ops::BINARY.len())?(a, b),
    }
}

/// A function of one tensor.
#[wasm_bindgen]
pub fn unary(op: u32, x: u32) -> u32 {
    answer(|| run_unary(op, &slots::get(x)?))
}

/// A function of two tensors.
#[wasm_bindgen]
pub fn binary(op: u32, a: u32, b: u32) -> u32 {
    answer(|| run_binary(op, &slots::get(a)?, &slots::get(b)?))
}

/// A function of a tensor and a number, which is the first of the two if `swapped`.
#[wasm_bindgen(js_name = withNumber)]
pub fn with_number(op: u32, x: u32, number: f32, swapped: bool) -> u32 {
    answer(|| {
        let (x, number) = (slots::get(x)?, Tensor::scalar(number));
        if swapped {
            run_binary(op, &number, &x)
        } else {
            run_binary(op, &x, &number)
        }
    })
}

/// A reduction over the axes whose bits are set.
#[wasm_bindgen]
pub fn reduce(op: u32, x: u32, axes: u32, keep: bool) -> u32 {
    answer(|| {
        let x = slots::get(x)?;
        let mut chosen = [0; 32];
        let mut count = 0;
        for axis in (0..32).filter(|axis| axes >> axis & 1 == 1) {
            chosen[count] = axis as isize;
            count += 1;
        }
        // No axes would mean all.
        if count == 0 {
            return Ok(x);
        }
        nth(REDUCTIONS, op as usize)?(&x, &chosen[..count], keep)
    })
}

/// Any other op.
#[wasm_bindgen]
pub fn operate(op: u32, inputs: &[u32], numbers: &[f64]) -> u32 {
    answer(|| {
        let (action, inputs) = (nth(GENERAL, op as usize)?, slots::gather(inputs)?);
        let least = least_inputs(GENERAL[op as usize].0);
        if inputs.len() < least {
            bail!(Value, "{} inputs instead of {least}", inputs.len());
        }
        action(&inputs, &mut Numbers(numbers))
    })
}

/// Slices along the first axis, picked by index; or, unless `rows` is `u32::MAX`, so many slices of zeros to which those
/// of `x` are added at their indices.
#[wasm_bindgen(js_name = moveRows)]
pub fn move_rows(x: u32, indices: &[u32], rows: u32) -> u32 {
    answer(|| {
        let x = slots::get(x)?;
        match rows {
            u32::MAX => x.gather(indices),
            rows => x.scatter_add(indices, rows as usize),
        }
    })
}

/// Random values of the shape `lengths`, by the number of the distribution: even from `a` to `b`, normal with mean `a`
/// and deviation `b`, the same without what is more than two deviations away, or gamma of shape `a` and rate `b`.
#[wasm_bindgen]
pub fn random(distribution: u32, lengths: &[u32], a: f32, b: f32, from: f64) -> u32 {
    answer(|| {
        let shape = Shape::new(&super::shape(lengths))?;
        let mut rng = Rng::new(seed(from)?);
        ask_for("random", &[shape.size()])?;
        let mut values = Buffer::dirty(shape.size());
        for value in values.iter_mut() {
            *value = match distribution {
                0 => rng.uniform(a, b),
                1 => a + b * rng.normal(),
                2 => a + b * rng.truncated_normal(),
                _ => rng.gamma(a) / b,
            };
        }
        Ok(Tensor::leaf(values, shape))
    })
}
