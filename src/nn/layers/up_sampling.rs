//! Layers that make images larger by whole factors.
use crate::base::error::Result;
use crate::base::json::{Setting, Value, expected, settings};
use crate::memory::vector;
use crate::nn::layer::{expect_rank, positive};
use crate::nn::pair::{ChannelsLast, Sizes};
use crate::nn::{Context, Mapping};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::format;

/// What stands between the pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// Each pixel repeated.
    Nearest,
    /// A straight line from each pixel's middle to the next one's.
    Bilinear,
}

impl Setting for Interpolation {
    fn read(value: &Value) -> Result<Self> {
        match value.as_str() {
            Some("nearest") => Ok(Interpolation::Nearest),
            Some("bilinear") => Ok(Interpolation::Bilinear),
            _ => expected("`nearest` or `bilinear`", value),
        }
    }
}

impl From<Interpolation> for Value {
    fn from(interpolation: Interpolation) -> Value {
        match interpolation {
            Interpolation::Nearest => "nearest".into(),
            Interpolation::Bilinear => "bilinear".into(),
        }
    }
}

/// Each slice along `axis`, behind which there must be another, `factor` times.
fn repeated(x: &Tensor, axis: usize, factor: usize) -> Result<Tensor> {
    if factor == 1 {
        return Ok(x.clone());
    }
    let (outer, length, inner) = x.shape().around(axis);
    let rows = outer * length;
    let shape = x.shape().with(axis, length.saturating_mul(factor));
    let shape = Shape::new(&shape)?;
    x.reshape(&[rows, 1, inner])?
        .broadcast_to(&[rows, factor, inner])?
        .reshape(&shape)
}

/// `factor` values for each along `axis`, on straight lines between their middles, and level beyond the outermost.
fn interpolated(x: &Tensor, axis: usize, factor: usize) -> Result<Tensor> {
    if factor == 1 {
        return Ok(x.clone());
    }
    let length = x.shape()[axis];
    let count = length.saturating_mul(factor);
    Shape::new(&x.shape().with(axis, count))?;
    let mut ends = [vector("up_sampling", count)?, vector("up_sampling", count)?];
    let mut shares = vector("up_sampling", count)?;
    for at in 0..count {
        // The place among the pixels' middles, in parts of 2 · factor.
        let place = (2 * at + 1).saturating_sub(factor);
        let before = place / (2 * factor);
        ends[0].push(before as u32);
        ends[1].push((before + 1).min(length - 1) as u32);
        shares.push((place % (2 * factor)) as f32 / (2 * factor) as f32);
    }
    let mut wide = [1; 4];
    wide[axis] = count;
    let shares = Tensor::new(shares, &wide[..x.shape().len()])?;
    let [before, after] = ends.map(|ends| x.gather_along(&ends, axis as isize));
    let before = before?;
    before.add(&after?.sub(&before)?.mul(&shares)?)
}

macro_rules! up_sampling {
    ($($(#[$doc:meta])* $class:ident<$axes:literal>, $what:literal { $($(#[$more:meta])* $key:ident: $kind:ty = $default:expr,)* } $way:expr;)*) => {$(
        settings! {
            $(#[$doc])*
            #[derive(Clone, Debug)]
            pub struct $class {
                /// How many times as long each axis becomes.
                size: Sizes<$axes> = Sizes([2; $axes]),
                $($(#[$more])* $key: $kind = $default,)*
            }
        }

        impl Mapping for $class {
            fn class_name(&self) -> &str {
                stringify!($class)
            }

            fn config(&self) -> Value {
                self.to_json()
            }

            fn check(&self) -> Result<()> {
                positive(&format!("{}: `size`", self.class_name()), &self.size.0)
            }

            fn output_shape(&self, input: &[usize]) -> Result<Shape> {
                expect_rank(self.class_name(), input, $axes + 1, $what)?;
                let mut shape = Shape::new(input)?;
                for (axis, factor) in self.size.0.iter().enumerate() {
                    shape = shape.with(axis, input[axis].saturating_mul(*factor));
                }
                Shape::new(&shape)
            }

            fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
                let sample = x.shape().get(1..).unwrap_or_default();
                expect_rank(self.class_name(), sample, $axes + 1, $what)?;
                let way: fn(&Self) -> fn(&Tensor, usize, usize) -> Result<Tensor> = $way;
                let mut y = x.clone();
                // The longest steps last: what is copied before is small.
                for (axis, factor) in self.size.0.iter().enumerate().rev() {
                    y = way(self)(&y, axis + 1, *factor)?;
                }
                Ok(y)
            }
        }
    )*};
}

up_sampling! {
    /// Each step repeated: `[t, c] → [size · t, c]`.
    UpSampling1D<1>, "[time, features]" {} |_| repeated;
    /// Larger images: `[h, w, c] → [size · h, size · w, c]`.
    UpSampling2D<2>, "[height, width, channels]" {
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
        /// What stands between the pixels.
        interpolation: Interpolation = Interpolation::Nearest,
    } |own| match own.interpolation {
        Interpolation::Nearest => repeated,
        Interpolation::Bilinear => interpolated,
    };
    /// Each place repeated: `[d, h, w, c] → [size · d, size · h, size · w, c]`.
    UpSampling3D<3>, "[depth, height, width, channels]" {
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    } |_| repeated;
}
