//! Ops on slots. JavaScript names an op by its number, its place in the tables here; [`op_names`] tells the names.
//!
//! To add an op: one line in a table. Each function answers with the slot of the result, or as `failure.rs` says.
use super::failure::answer;
use super::{seed, slots, whole};
use crate::base::error::{Result, bail};
use crate::base::rng::Rng;
use crate::memory::Buffer;
use crate::nn::Activation;
use crate::ops::Padding;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::*;

type Unary = fn(&Tensor) -> Result<Tensor>;
type Binary = fn(&Tensor, &Tensor) -> Result<Tensor>;
type Reduction = fn(&Tensor, &[isize], bool) -> Result<Tensor>;
type General = fn(&[Tensor], &mut Numbers) -> Result<Tensor>;

/// A table of names with what they stand for, and the names in one text, apart by commas.
macro_rules! table {
    ($table:ident, $names:ident: $kind:ty = [($first:literal, $begin:expr), $(($name:literal, $action:expr)),* $(,)?]) => {
        const $table: &[(&str, $kind)] = &[($first, $begin), $(($name, $action)),*];
        const $names: &str = concat!($first, $(",", $name),*);
    };
}

// Functions of each element, and softmax, along the last axis.
table! { UNARY, UNARY_NAMES: Unary = [
    ("abs", |x| Ok(x.abs())),
    ("neg", |x| Ok(x.neg())),
    ("sign", |x| Ok(x.stepped(sign))),
    ("square", |x| x.mul(x)),
    ("sqrt", |x| Ok(x.sqrt())),
    ("rsqrt", |x| Tensor::scalar(1.0).div(&x.sqrt())),
    ("reciprocal", |x| Tensor::scalar(1.0).div(x)),
    ("exp", |x| Ok(x.exp())),
    ("expm1", |x| Ok(x.expm1())),
    ("log", |x| Ok(x.log())),
    ("log1p", |x| Ok(x.log1p())),
    ("sin", |x| Ok(x.sin())),
    ("cos", |x| Ok(x.cos())),
    ("tan", |x| Ok(x.tan())),
    ("asin", |x| Ok(x.asin())),
    ("acos", |x| Ok(x.acos())),
    ("atan", |x| Ok(x.atan())),
    ("sinh", |x| Ok(x.sinh())),
    ("cosh", |x| Ok(x.cosh())),
    ("asinh", |x| Ok(x.asinh())),
    ("acosh", |x| Ok(x.acosh())),
    ("atanh", |x| Ok(x.atanh())),
    ("relu", |x| Ok(x.relu())),
    ("sigmoid", |x| Ok(x.sigmoid())),
    ("tanh", |x| Ok(x.tanh())),
    ("erf", |x| Ok(x.erf())),
    ("floor", |x| Ok(x.floor())),
    ("ceil", |x| Ok(x.ceil())),
    ("round", |x| Ok(x.round())),
    ("elu", |x| Activation::Elu.apply(x)),
    ("selu", |x| Activation::Selu.apply(x)),
    ("relu6", |x| Activation::Relu6.apply(x)),
    ("softplus", |x| Activation::Softplus.apply(x)),
    ("softmax", Tensor::softmax),
    ("logSoftmax", Tensor::log_softmax),
    ("stopGradient", |x| Ok(x.detach())),
] }

// Functions of two elements, with broadcasting, and the matrix product.
table! { BINARY, BINARY_NAMES: Binary = [
    ("add", Tensor::add),
    ("sub", Tensor::sub),
    ("mul", Tensor::mul),
    ("div", Tensor::div),
    ("pow", Tensor::pow),
    ("maximum", Tensor::maximum),
    ("minimum", Tensor::minimum),
    ("squaredDifference", |a, b| {
        let difference = a.sub(b)?;
        difference.mul(&difference)
    }),
    // b in place of a and 0 in place of b where b is 0, so that no gradient becomes NaN.
    ("divNoNan", |a, b| {
        let zero = Tensor::scalar(0.0);
        let safe = b.select(b, &Tensor::scalar(1.0))?;
        b.select(&a.div(&safe)?, &zero)
    }),
    ("mod", remainder),
    ("atan2", Tensor::atan2),
    ("prelu", |x, alpha| {
        x.relu().sub(&x.neg().relu().mul(alpha)?)
    }),
    ("matMul", Tensor::matmul),
] }

// Over axes, all of them named.
table! { REDUCTIONS, REDUCTIONS_NAMES: Reduction = [
    ("sum", Tensor::sum),
    ("mean", Tensor::mean),
    ("max", Tensor::max),
    ("min", |x, axes, keep| Ok(x.neg().max(axes, keep)?.neg())),
    ("prod", product),
] }

// Any number of inputs, and numbers.
table! { GENERAL, GENERAL_NAMES: General = [
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
        Ok(x[0].clamp(n.next()? as f32, n.next()? as f32))
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
    ("maxPool", |x, n| {
        let (window, strides) = (n.pair()?, n.pair()?);
        x[0].max_pool(window, strides, n.padding()?)
    }),
    ("avgPool", |x, n| {
        let (window, strides) = (n.pair()?, n.pair()?);
        x[0].average_pool(window, strides, n.padding()?)
    }),
] }

/// How many inputs a general op takes at least.
fn least_inputs(name: &str) -> usize {
    match name {
        "conv2d" => 2,
        "select" => 3,
        _ => 1,
    }
}

/// −1, 0 or 1; NaN stays NaN, and 0 keeps its sign.
fn sign(x: f32) -> f32 {
    if x == 0.0 || x.is_nan() {
        x
    } else {
        x.signum()
    }
}

/// `a − b · ⌊a / b⌋`, which has the sign of `b`, as precisely as one division with remainder gives it.
fn remainder(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let shape = Shape::broadcast("mod", a.shape(), b.shape())?;
    let (x, y) = (
        a.detach().broadcast_to(&shape)?,
        b.detach().broadcast_to(&shape)?,
    );
    let exact = x.data().iter().zip(y.data()).map(|(&a, &b)| {
        let rest = libm::fmodf(a, b);
        if rest != 0.0 && (rest < 0.0) != (b < 0.0) {
            rest + b
        } else {
            rest
        }
    });
    let exact = Tensor::leaf(exact.collect::<Buffer>(), shape);
    if !a.needs_gradient() && !b.needs_gradient() {
        return Ok(exact);
    }
    // The formula carries the gradient, and what it lost by rounding is added.
    let formula = a.sub(&b.mul(&a.div(b)?.floor().detach())?)?;
    let lost = exact.sub(&formula.detach())?;
    formula.add(&lost)
}

/// The product over axes: halves are multiplied with each other until one is left.
fn product(x: &Tensor, axes: &[isize], keep: bool) -> Result<Tensor> {
    let mut product = x.clone();
    let mut shape = *x.shape();
    for &axis in axes {
        let axis = axis as usize;
        if shape[axis] == 0 {
            product = Tensor::full(&shape.with(axis, 1), 1.0)?;
        }
        shape = *product.shape();
        while shape[axis] > 1 {
            let half = shape[axis] / 2;
            let part = |from: usize, length: usize| {
                let begin = Shape::known(&[0; 6][..shape.len()]).with(axis, from);
                product.slice(&begin, &shape.with(axis, length))
            };
            let mut next = part(0, half)?.mul(&part(half, half)?)?;
            if shape[axis] % 2 == 1 {
                next = Tensor::concat(&[next, part(2 * half, 1)?], axis as isize)?;
            }
            product = next;
            shape = *product.shape();
        }
    }
    if !keep {
        let kept = (0..shape.len()).filter(|axis| !axes.contains(&(*axis as isize)));
        let lengths: Vec<usize> = kept.map(|axis| shape[axis]).collect();
        product = product.reshape(&lengths)?;
    }
    Ok(product)
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

    fn padding(&mut self) -> Result<Padding> {
        Ok(if self.flag()? {
            Padding::Same
        } else {
            Padding::Valid
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

fn nth<T: Copy>(table: &[(&str, T)], op: u32) -> Result<T> {
    match table.get(op as usize) {
        Some((_, action)) => Ok(*action),
        None => bail!(Value, "there is no op {op}"),
    }
}

/// The names of all ops, tables apart by `;`, names by `,`: unary, binary, reductions, general.
#[wasm_bindgen(js_name = opNames)]
pub fn op_names() -> String {
    [UNARY_NAMES, BINARY_NAMES, REDUCTIONS_NAMES, GENERAL_NAMES].join(";")
}

/// A function of one tensor.
#[wasm_bindgen]
pub fn unary(op: u32, x: u32) -> u32 {
    answer(|| nth(UNARY, op)?(&slots::get(x)?))
}

/// A function of two tensors.
#[wasm_bindgen]
pub fn binary(op: u32, a: u32, b: u32) -> u32 {
    answer(|| nth(BINARY, op)?(&slots::get(a)?, &slots::get(b)?))
}

/// A function of a tensor and a number, which is the first of the two if `swapped`.
#[wasm_bindgen(js_name = withNumber)]
pub fn with_number(op: u32, x: u32, number: f32, swapped: bool) -> u32 {
    answer(|| {
        let (x, number) = (slots::get(x)?, Tensor::scalar(number));
        let op = nth(BINARY, op)?;
        if swapped {
            op(&number, &x)
        } else {
            op(&x, &number)
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
        nth(REDUCTIONS, op)?(&x, &chosen[..count], keep)
    })
}

/// Any other op.
#[wasm_bindgen]
pub fn operate(op: u32, inputs: &[u32], numbers: &[f64]) -> u32 {
    answer(|| {
        let (action, inputs) = (nth(GENERAL, op)?, slots::gather(inputs)?);
        let least = least_inputs(GENERAL[op as usize].0);
        if inputs.len() < least {
            bail!(Value, "{} inputs instead of {least}", inputs.len());
        }
        action(&inputs, &mut Numbers(numbers))
    })
}

/// Slices along the first axis, picked by index.
#[wasm_bindgen(js_name = gatherRows)]
pub fn gather_rows(x: u32, indices: &[u32]) -> u32 {
    answer(|| slots::get(x)?.gather(indices))
}

/// Random values of the shape `lengths`: normal with mean `a` and deviation `b`, or else even from `a` to `b`.
#[wasm_bindgen]
pub fn random(normal: bool, lengths: &[u32], a: f32, b: f32, from: f64) -> u32 {
    answer(|| {
        let shape = Shape::new(&super::shape(lengths))?;
        let mut rng = Rng::new(seed(from)?);
        let bytes = 4.0 * shape.size() as f64;
        if bytes > 16e6 && !super::can_reserve(bytes) {
            bail!(Memory, "{bytes} bytes do not fit into WebAssembly's memory");
        }
        let mut values = Buffer::dirty(shape.size());
        for value in values.iter_mut() {
            *value = if normal {
                a + b * rng.normal()
            } else {
                rng.uniform(a, b)
            };
        }
        Ok(Tensor::leaf(values, shape))
    })
}
