//! Pictures mirrored, turned, made larger and moved by chance while training; as they are at any other time. Each picture
//! is changed in its own way.
use super::{Span, expect_picture, of_pictures};
use crate::base::error::Result;
use crate::base::json::{Setting, Value, expected, settings};
use crate::base::rng::Rng;
use crate::nn::pair::ChannelsLast;
use crate::nn::{Context, Mapping, Seed};
use crate::ops::{Beyond, Interpolation};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::vec::Vec;
use core::f64::consts::TAU;

/// Which ways pictures are mirrored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flips {
    /// Left and right.
    Horizontal,
    /// Top and bottom.
    Vertical,
    /// Both at once, or neither.
    HorizontalAndVertical,
}

impl Setting for Flips {
    fn read(value: &Value) -> Result<Self> {
        match value.as_str() {
            Some("horizontal") => Ok(Flips::Horizontal),
            Some("vertical") => Ok(Flips::Vertical),
            Some("horizontal_and_vertical" | "horizontalAndVertical") => {
                Ok(Flips::HorizontalAndVertical)
            }
            _ => expected(
                "`horizontal`, `vertical` or `horizontal_and_vertical`",
                value,
            ),
        }
    }
}

impl From<Flips> for Value {
    fn from(flips: Flips) -> Value {
        match flips {
            Flips::Horizontal => "horizontal".into(),
            Flips::Vertical => "vertical".into(),
            Flips::HorizontalAndVertical => "horizontal_and_vertical".into(),
        }
    }
}

settings! {
    /// Mirrors half of the pictures.
    #[derive(Clone, Debug)]
    pub struct RandomFlip {
        /// Which way.
        mode: Flips = Flips::HorizontalAndVertical,
        /// With a seed the layer draws from a generator of its own.
        seed: Seed = Seed::default(),
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

settings! {
    /// Turns each picture about its middle.
    #[derive(Clone, Debug)]
    pub struct RandomRotation {
        /// How far, in whole turns; against the clock where it is positive.
        factor: Span,
        /// What is seen beyond the edges.
        fill_mode: Beyond = Beyond::Reflect,
        /// How a picture is read between its pixels.
        interpolation: Interpolation = Interpolation::Bilinear,
        /// With a seed the layer draws from a generator of its own.
        seed: Seed = Seed::default(),
        /// The value beyond the edges if `fill_mode` is `constant`.
        fill_value: f32 = 0.0,
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

settings! {
    /// Shows more of each picture (a factor above 0), or less of it.
    #[derive(Clone, Debug)]
    pub struct RandomZoom {
        /// How much more of the height.
        height_factor: Span,
        /// How much more of the width; as much as of the height where it is not given.
        width_factor: Option<Span> = None,
        /// What is seen beyond the edges.
        fill_mode: Beyond = Beyond::Reflect,
        /// How a picture is read between its pixels.
        interpolation: Interpolation = Interpolation::Bilinear,
        /// With a seed the layer draws from a generator of its own.
        seed: Seed = Seed::default(),
        /// The value beyond the edges if `fill_mode` is `constant`.
        fill_value: f32 = 0.0,
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

settings! {
    /// Moves each picture down and to the right.
    #[derive(Clone, Debug)]
    pub struct RandomTranslation {
        /// How far down, as a share of the height.
        height_factor: Span,
        /// How far to the right, as a share of the width.
        width_factor: Span,
        /// What is seen beyond the edges.
        fill_mode: Beyond = Beyond::Reflect,
        /// How a picture is read between its pixels.
        interpolation: Interpolation = Interpolation::Bilinear,
        /// With a seed the layer draws from a generator of its own.
        seed: Seed = Seed::default(),
        /// The value beyond the edges if `fill_mode` is `constant`.
        fill_value: f32 = 0.0,
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

/// `a₀x + a₁y + a₂` and `a₃x + a₄y + a₅`: where the new pixel `(x, y)` lies in the old picture.
type Map = [f64; 6];

impl RandomFlip {
    fn draw(&self, height: usize, width: usize, rng: &mut Rng) -> Map {
        let flips = rng.unit() <= 0.5;
        let axis = |is_meant: bool, length: usize| {
            if flips && is_meant {
                (-1.0, length as f64 - 1.0)
            } else {
                (1.0, 0.0)
            }
        };
        let (across, right) = axis(self.mode != Flips::Vertical, width);
        let (down, bottom) = axis(self.mode != Flips::Horizontal, height);
        [across, 0.0, right, 0.0, down, bottom]
    }

    fn check(&self) -> Result<()> {
        Ok(())
    }

    fn reading(&self) -> (Interpolation, Beyond, f32) {
        (Interpolation::Nearest, Beyond::Nearest, 0.0)
    }
}

impl RandomRotation {
    fn draw(&self, height: usize, width: usize, rng: &mut Rng) -> Map {
        let (sin, cos) = libm::sincos(self.factor.draw(rng) * TAU);
        let (x, y) = (0.5 * (width as f64 - 1.0), 0.5 * (height as f64 - 1.0));
        [
            cos,
            -sin,
            x - x * cos + y * sin,
            sin,
            cos,
            y - x * sin - y * cos,
        ]
    }

    fn check(&self) -> Result<()> {
        self.factor.check("RandomRotation: `factor`", -1.0, 1.0)
    }

    fn reading(&self) -> (Interpolation, Beyond, f32) {
        (self.interpolation, self.fill_mode, self.fill_value)
    }
}

impl RandomZoom {
    fn draw(&self, height: usize, width: usize, rng: &mut Rng) -> Map {
        let tall = 1.0 + self.height_factor.draw(rng);
        let wide = match self.width_factor {
            Some(factor) => 1.0 + factor.draw(rng),
            None => tall,
        };
        let offset = |length: usize, zoom: f64| 0.5 * (length as f64 - 1.0) * (1.0 - zoom);
        [
            wide,
            0.0,
            offset(width, wide),
            0.0,
            tall,
            offset(height, tall),
        ]
    }

    fn check(&self) -> Result<()> {
        let height = ("RandomZoom: `height_factor`", Some(self.height_factor));
        let width = ("RandomZoom: `width_factor`", self.width_factor);
        for (what, factor) in [height, width] {
            if let Some(factor) = factor {
                // Nothing is left of a picture at −1.
                factor.check(what, -0.999_999, 1.0)?;
            }
        }
        Ok(())
    }

    fn reading(&self) -> (Interpolation, Beyond, f32) {
        (self.interpolation, self.fill_mode, self.fill_value)
    }
}

impl RandomTranslation {
    fn draw(&self, height: usize, width: usize, rng: &mut Rng) -> Map {
        let down = self.height_factor.draw(rng) * height as f64;
        let right = self.width_factor.draw(rng) * width as f64;
        [1.0, 0.0, -right, 0.0, 1.0, -down]
    }

    fn check(&self) -> Result<()> {
        self.height_factor
            .check("RandomTranslation: `height_factor`", -1.0, 1.0)?;
        self.width_factor
            .check("RandomTranslation: `width_factor`", -1.0, 1.0)
    }

    fn reading(&self) -> (Interpolation, Beyond, f32) {
        (self.interpolation, self.fill_mode, self.fill_value)
    }
}

/// A picture for each map, while training.
fn mapped(
    class_name: &str,
    x: &Tensor,
    context: &mut Context,
    seed: &Seed,
    (how, beyond, fill): (Interpolation, Beyond, f32),
    draw: &dyn Fn(usize, usize, &mut Rng) -> Map,
) -> Result<Tensor> {
    of_pictures(class_name, x, |x| {
        if !context.training {
            return Ok(x.clone());
        }
        let shape = *x.shape();
        let maps: Vec<Map> = seed.draws(context, |rng| {
            let map = |_| draw(shape[1], shape[2], rng);
            (0..shape[0]).map(map).collect()
        });
        x.affine(&maps, how, beyond, fill)
    })
}

macro_rules! changes_places {
    ($($layer:ident)*) => {$(
        impl Mapping for $layer {
            fn class_name(&self) -> &str {
                stringify!($layer)
            }

            fn config(&self) -> Value {
                self.to_json()
            }

            fn check(&self) -> Result<()> {
                $layer::check(self)
            }

            fn seed(&self) -> Option<&Seed> {
                Some(&self.seed)
            }

            fn output_shape(&self, input: &[usize]) -> Result<Shape> {
                expect_picture(stringify!($layer), input)?;
                Shape::new(input)
            }

            fn transform(&self, x: &Tensor, _: &[Tensor], context: &mut Context) -> Result<Tensor> {
                let draw = |height: usize, width: usize, rng: &mut Rng| self.draw(height, width, rng);
                mapped(stringify!($layer), x, context, &self.seed, self.reading(), &draw)
            }
        }
    )*};
}

changes_places!(RandomFlip RandomRotation RandomZoom RandomTranslation);
