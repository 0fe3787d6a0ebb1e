//! Pictures of one size.
use super::{of_pictures, sized};
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected, settings};
use crate::nn::layer::positive;
use crate::nn::pair::ChannelsLast;
use crate::nn::{Context, Mapping};
use crate::ops::Interpolation;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

/// A setting of Keras' that has one value here: what is added to a picture is a value that is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Constant;

impl Setting for Constant {
    fn read(value: &Value) -> Result<Self> {
        match value.as_str() {
            Some("constant") => Ok(Constant),
            _ => expected("`constant`, which is all that is offered", value),
        }
    }
}

impl From<Constant> for Value {
    fn from(_: Constant) -> Value {
        "constant".into()
    }
}

settings! {
    /// Makes all pictures of one size: each pixel lies in the middle of its square, as everywhere in Keras 3.
    #[derive(Clone, Debug)]
    pub struct Resizing {
        /// How many rows the result has.
        height: usize,
        /// How many columns the result has.
        width: usize,
        /// How a picture is read between its pixels.
        interpolation: Interpolation = Interpolation::Bilinear,
        /// Whether the middle of a picture is cut out that has the result's proportions, so that nothing is distorted.
        crop_to_aspect_ratio: bool = false,
        /// Whether a picture gets margins that give it the result's proportions.
        pad_to_aspect_ratio: bool = false,
        /// What the margins hold: `fill_value`, always.
        fill_mode: Constant = Constant,
        /// The value of the margins.
        fill_value: f32 = 0.0,
        /// Must be false: pictures are not blurred before they are made smaller.
        antialias: bool = false,
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

settings! {
    /// The middle of each picture. Of a picture that is smaller, the largest part of the same proportions is made so
    /// large.
    #[derive(Clone, Debug)]
    pub struct CenterCrop {
        /// How many rows the result has.
        height: usize,
        /// How many columns the result has.
        width: usize,
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

/// `a · b / c`, rounded down, and at least 1.
pub(super) fn in_proportion(a: usize, b: usize, c: usize) -> usize {
    let product = a as u64 * b as u64 / (c as u64).max(1);
    usize::try_from(product).unwrap_or(usize::MAX).max(1)
}

/// The middle of pictures `[n, height, width, channels]`.
fn middle(x: &Tensor, height: usize, width: usize) -> Result<Tensor> {
    let shape = *x.shape();
    let (top, left) = ((shape[1] - height) / 2, (shape[2] - width) / 2);
    x.slice(&[0, top, left, 0], &shape.with(1, height).with(2, width))
}

/// The middle of pictures that has the proportions of `height` to `width`.
fn cropped(x: &Tensor, height: usize, width: usize) -> Result<Tensor> {
    let (rows, columns) = (x.shape()[1], x.shape()[2]);
    middle(
        x,
        in_proportion(columns, height, width).min(rows),
        in_proportion(rows, width, height).min(columns),
    )
}

impl Resizing {
    /// Pictures with margins that give them the proportions of the result.
    fn padded(&self, x: &Tensor) -> Result<Tensor> {
        let (rows, columns) = (x.shape()[1], x.shape()[2]);
        let missing = |length: usize, wanted: usize| {
            let before = wanted.saturating_sub(length) / 2;
            // Keras adds as much after a picture as before it.
            (before, before)
        };
        x.pad(
            &[
                (0, 0),
                missing(rows, in_proportion(columns, self.height, self.width)),
                missing(columns, in_proportion(rows, self.width, self.height)),
                (0, 0),
            ],
            self.fill_value,
        )
    }
}

impl Mapping for Resizing {
    fn class_name(&self) -> &str {
        "Resizing"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        positive("Resizing: `height` and `width`", &[self.height, self.width])?;
        if self.crop_to_aspect_ratio && self.pad_to_aspect_ratio {
            bail!(
                Value,
                "Resizing: only one of `crop_to_aspect_ratio` and `pad_to_aspect_ratio` can be true"
            );
        }
        if self.antialias {
            bail!(Value, "Resizing: `antialias` is not offered here");
        }
        Ok(())
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        sized("Resizing", input, self.height, self.width)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        of_pictures("Resizing", x, |x| {
            let x = if self.crop_to_aspect_ratio {
                cropped(x, self.height, self.width)?
            } else if self.pad_to_aspect_ratio {
                self.padded(x)?
            } else {
                x.clone()
            };
            x.resize((self.height, self.width), self.interpolation, false, true)
        })
    }
}

impl Mapping for CenterCrop {
    fn class_name(&self) -> &str {
        "CenterCrop"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        positive(
            "CenterCrop: `height` and `width`",
            &[self.height, self.width],
        )
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        sized("CenterCrop", input, self.height, self.width)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        of_pictures("CenterCrop", x, |x| {
            if x.shape()[1] >= self.height && x.shape()[2] >= self.width {
                return middle(x, self.height, self.width);
            }
            let size = (self.height, self.width);
            cropped(x, self.height, self.width)?.resize(size, Interpolation::Bilinear, false, true)
        })
    }
}
