//! Products of the samples of two tensors.
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected, settings};
use crate::nn::layer::{Tensors, sample_axis};
use crate::nn::{Context, Layer};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};
use smallvec::smallvec;

/// One axis of each of two inputs; in JSON a number, or a list of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axes(pub isize, pub isize);

impl Setting for Axes {
    fn read(value: &Value) -> Result<Self> {
        let axes = match value.as_array() {
            Some([a, b]) => isize::read(a).and_then(|a| Ok(Axes(a, isize::read(b)?))),
            _ => isize::read(value).map(|both| Axes(both, both)),
        };
        axes.or_else(|_| expected("a whole number or two of them", value))
    }
}

impl From<isize> for Axes {
    fn from(both: isize) -> Self {
        Axes(both, both)
    }
}

impl From<Axes> for Value {
    fn from(Axes(a, b): Axes) -> Value {
        if a == b { a.into() } else { [a, b].into() }
    }
}

/// Keras divides by no smaller square of a norm.
const LEAST_SQUARE: f32 = 1e-14;

settings! {
    /// For each pair of samples the sums of products along one axis of each: what is left of the first sample's axes,
    /// then what is left of the second's; `[1]` where nothing is left.
    #[derive(Clone, Debug)]
    pub struct Dot {
        /// The axes that are summed over; they count the batch axis, and −1 is the last.
        axes: Axes,
        /// Whether both are divided by their norms along the axes first, so that the products are cosines.
        normalize: bool = false,
    }
}

impl Dot {
    /// The axes of two samples with these shapes.
    fn axes_of(&self, a: &[usize], b: &[usize]) -> Result<(usize, usize)> {
        let first = sample_axis("Dot", self.axes.0, a.len())?;
        let second = sample_axis("Dot", self.axes.1, b.len())?;
        if a[first] != b[second] {
            bail!(
                Shape,
                "Dot: samples of shapes {a:?} and {b:?} have the lengths {} and {} along the axes {} and {}",
                a[first],
                b[second],
                self.axes.0,
                self.axes.1
            );
        }
        Ok((first, second))
    }
}

fn two<T>(inputs: &[T]) -> Result<(&T, &T)> {
    match inputs {
        [a, b] => Ok((a, b)),
        _ => bail!(
            Shape,
            "Dot: two inputs are expected, but there are {}",
            inputs.len()
        ),
    }
}

/// The lengths without that of `axis`.
fn without(shape: &[usize], axis: usize) -> Result<Shape> {
    Shape::join(&shape[..axis], &shape[axis + 1..])
}

/// `x` as `[batch, others, axis]`.
fn axis_last(x: &Tensor, axis: usize) -> Result<Tensor> {
    let rank = x.shape().len();
    let order: Vec<usize> = (0..rank)
        .filter(|&other| other != axis)
        .chain([axis])
        .collect();
    let (batch, length) = (x.shape()[0], x.shape()[axis]);
    let others: usize = without(&x.shape()[1..], axis - 1)?.iter().product();
    x.transpose(&order)?.reshape(&[batch, others, length])
}

impl Layer for Dot {
    fn class_name(&self) -> &str {
        "Dot"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let (a, b) = two(inputs)?;
        let (first, second) = self.axes_of(a, b)?;
        let left = Shape::join(&without(a, first)?, &without(b, second)?)?;
        Ok(vec![if left.is_empty() {
            Shape::new(&[1])?
        } else {
            left
        }])
    }

    fn call(&self, inputs: &[Tensor], _: &[Tensor], _: &mut Context) -> Result<Tensors> {
        let (a, b) = two(inputs)?;
        let [own, other] = [a, b].map(|x| x.shape().get(1..).unwrap_or_default());
        let (first, second) = self.axes_of(own, other)?;
        let left = self.output_shapes(&[Shape::new(own)?, Shape::new(other)?])?[0];
        let (mut a, mut b) = (axis_last(a, first + 1)?, axis_last(b, second + 1)?);
        if self.normalize {
            for x in [&mut a, &mut b] {
                let squares = x.mul(x)?.sum(&[-1], true)?;
                *x = x.div(&squares.maximum(&Tensor::scalar(LEAST_SQUARE))?.sqrt())?;
            }
        }
        let y = a.matmul(&b.transpose(&[0, 2, 1])?)?;
        Ok(smallvec![y.reshape(&Shape::join(&[y.shape()[0]], &left)?)?])
    }
}
