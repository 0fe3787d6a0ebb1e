//! Pictures with more or less contrast and light by chance while training; as they are at any other time. Each picture
//! is changed in its own way.
use super::{Span, expect_picture, of_pictures};
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Setting, Value, expected, settings};
use crate::base::rng::Rng;
use crate::nn::pair::ChannelsLast;
use crate::nn::{Context, Mapping, Seed};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::vec::Vec;

/// The least and the greatest value of a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueRange(pub f32, pub f32);

impl Setting for ValueRange {
    fn read(value: &Value) -> Result<Self> {
        match value.as_array() {
            Some([low, high]) => Ok(ValueRange(f32::read(low)?, f32::read(high)?)),
            _ => expected("two numbers", value),
        }
    }
}

impl From<ValueRange> for Value {
    fn from(range: ValueRange) -> Value {
        [range.0, range.1].into()
    }
}

impl ValueRange {
    fn check(self, class_name: &str) -> Result<()> {
        if self.0 >= self.1 {
            bail!(
                Value,
                "{class_name}: `value_range` must rise, but is {} to {}",
                Decimal::from(self.0),
                Decimal::from(self.1)
            );
        }
        Ok(())
    }
}

settings! {
    /// Moves the values of each picture away from their mean, channel by channel.
    #[derive(Clone, Debug)]
    pub struct RandomContrast {
        /// Differences grow by up to the greater of the two; the lesser, if both are given, is how much they shrink at most.
        factor: Span,
        /// The least and the greatest value of a pixel.
        value_range: ValueRange = ValueRange(0.0, 255.0),
        /// With a seed the layer draws from a generator of its own.
        seed: Seed = Seed::default(),
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

settings! {
    /// Makes each picture lighter or darker.
    #[derive(Clone, Debug)]
    pub struct RandomBrightness {
        /// How much, as a share of the range of values.
        factor: Span,
        /// The least and the greatest value of a pixel.
        value_range: ValueRange = ValueRange(0.0, 255.0),
        /// With a seed the layer draws from a generator of its own.
        seed: Seed = Seed::default(),
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

/// A number for each of `count` pictures.
fn drawn(count: usize, rng: &mut Rng, draw: impl Fn(&mut Rng) -> f64) -> Result<Tensor> {
    let values: Vec<f32> = (0..count).map(|_| draw(rng) as f32).collect();
    Tensor::new(values, &[count, 1, 1, 1])
}

impl RandomContrast {
    fn changed(&self, x: &Tensor, rng: &mut Rng) -> Result<Tensor> {
        // Keras counts from 1 minus the lesser, which is 0 where one number is given, to 1 plus the greater.
        let low = self.factor.0.max(0.0);
        let span = Span(1.0 - low, 1.0 + self.factor.1);
        let factors = drawn(x.shape()[0], rng, |rng| span.draw(rng))?;
        let mean = x.mean(&[1, 2], true)?;
        x.sub(&mean)?.mul(&factors)?.add(&mean)
    }

    fn check(&self) -> Result<()> {
        let given = Span(self.factor.0.max(0.0), self.factor.1);
        given.check("RandomContrast: `factor`", 0.0, 1.0)
    }
}

impl RandomBrightness {
    fn changed(&self, x: &Tensor, rng: &mut Rng) -> Result<Tensor> {
        let range = f64::from(self.value_range.1 - self.value_range.0);
        x.add(&drawn(x.shape()[0], rng, |rng| {
            self.factor.draw(rng) * range
        })?)
    }

    fn check(&self) -> Result<()> {
        self.factor.check("RandomBrightness: `factor`", -1.0, 1.0)
    }
}

macro_rules! changes_colours {
    ($($layer:ident)*) => {$(
        impl Mapping for $layer {
            fn class_name(&self) -> &str {
                stringify!($layer)
            }

            fn config(&self) -> Value {
                self.to_json()
            }

            fn check(&self) -> Result<()> {
                self.value_range.check(stringify!($layer))?;
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
                of_pictures(stringify!($layer), x, |x| {
                    if !context.training || x.data().is_empty() {
                        return Ok(x.clone());
                    }
                    let changed = self.seed.draws(context, |rng| self.changed(x, rng))?;
                    let ValueRange(low, high) = self.value_range;
                    Ok(changed.room_for("clamp")?.clamp(low, high))
                })
            }
        }
    )*};
}

changes_colours!(RandomContrast RandomBrightness);
