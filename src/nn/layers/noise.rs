//! Layers that disturb values while training, and one that only adds to the loss. The model's generator draws.
use super::dropout::{check_rate, noise_shape};
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Value, settings};
use crate::base::rng::Rng;
use crate::memory::{Buffer, ask_for};
use crate::nn::layer::expect_rank;
use crate::nn::pair::ChannelsLast;
use crate::nn::{Context, Dims, Mapping, Regularizer, Seed};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

settings! {
    /// Adds a normal number with the mean 0 to each value.
    #[derive(Clone, Debug)]
    pub struct GaussianNoise {
        /// The deviation of what is added.
        stddev: f32,
        /// With a seed the layer draws from a generator of its own.
        seed: Seed = Seed::default(),
    }
}

settings! {
    /// Multiplies each value by a normal number with the mean 1 and the variance `rate / (1 − rate)`, which is that of
    /// dropout (Srivastava et al. 2014).
    #[derive(Clone, Debug)]
    pub struct GaussianDropout {
        /// The share of values that a dropout of the same strength would drop.
        rate: f32,
        /// With a seed the layer draws from a generator of its own.
        seed: Seed = Seed::default(),
    }
}

settings! {
    /// Sets a share of the values to where `selu` is least, then scales and shifts all, so that mean and variance stay
    /// (Klambauer et al. 2017).
    #[derive(Clone, Debug)]
    pub struct AlphaDropout {
        /// The share of values that are set.
        rate: f32,
        /// The shape of what is drawn, batch axis included: along an axis of 1 all values are set together.
        noise_shape: Option<Dims> = None,
        /// With a seed the layer draws from a generator of its own.
        seed: Seed = Seed::default(),
    }
}

macro_rules! spatial_dropout {
    ($($class:ident $rank:literal $sample:literal: $doc:literal { $($own:tt)* })*) => {$(
        settings! {
            #[doc = $doc]
            #[derive(Clone, Debug)]
            pub struct $class {
                /// The share of channels that are dropped.
                rate: f32,
                /// With a seed the layer draws what is dropped from a generator of its own.
                seed: Seed = Seed::default(),
                $($own)*
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
                check_rate(concat!(stringify!($class), ": `rate`"), self.rate)
            }

            fn seed(&self) -> Option<&Seed> {
                Some(&self.seed)
            }

            fn output_shape(&self, input: &[usize]) -> Result<Shape> {
                expect_rank(stringify!($class), input, $rank, $sample)?;
                Shape::new(input)
            }

            fn transform(&self, x: &Tensor, _: &[Tensor], context: &mut Context) -> Result<Tensor> {
                if !context.training || self.rate == 0.0 {
                    return Ok(x.clone());
                }
                let axes = 1..x.shape().len() - 1;
                let shape = axes.fold(*x.shape(), |shape, axis| shape.with(axis, 1));
                let all = Tensor::full(&shape, 1.0)?;
                x.mul(&self.seed.draws(context, |rng| all.dropout(self.rate, rng))?)
            }

            fn passes_mask(&self) -> bool {
                true
            }
        }
    )*};
}

spatial_dropout! {
    SpatialDropout1D 2 "[time, channels]": "Drops whole channels of sequences (Tompson et al. 2015)." {}
    SpatialDropout2D 3 "[height, width, channels]": "Drops whole channels of pictures (Tompson et al. 2015)." {
        /// Channels are the last axis.
        data_format: ChannelsLast = ChannelsLast,
    }
    SpatialDropout3D 4 "[depth, height, width, channels]": "Drops whole channels of volumes (Tompson et al. 2015)." {
        /// Channels are the last axis.
        data_format: ChannelsLast = ChannelsLast,
    }
}

settings! {
    /// Changes nothing, and adds `l1 · Σ |x| + l2 · Σ x²` to the loss, its mean over the samples.
    #[derive(Clone, Debug)]
    pub struct ActivityRegularization {
        /// The share of the sum of absolute values.
        l1: f32 = 0.0,
        /// The share of the sum of squares.
        l2: f32 = 0.0,
    }
}

/// As many draws as `shape` has values.
fn drawn(shape: &Shape, rng: &mut Rng, draw: impl Fn(&mut Rng) -> f32) -> Result<Tensor> {
    ask_for("noise", &[shape.size()])?;
    let values: Buffer = (0..shape.size()).map(|_| draw(rng)).collect();
    Ok(Tensor::leaf(values, *shape))
}

impl Mapping for GaussianNoise {
    fn class_name(&self) -> &str {
        "GaussianNoise"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        if !(0.0..f32::INFINITY).contains(&self.stddev) {
            bail!(
                Value,
                "GaussianNoise: `stddev` must be at least 0 and finite, but is {}",
                Decimal::from(self.stddev)
            );
        }
        Ok(())
    }

    fn seed(&self) -> Option<&Seed> {
        Some(&self.seed)
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], context: &mut Context) -> Result<Tensor> {
        if !context.training || self.stddev == 0.0 {
            return Ok(x.clone());
        }
        let deviation = self.stddev;
        let noise = self.seed.draws(context, |rng| {
            drawn(x.shape(), rng, |rng| deviation * rng.normal())
        });
        x.add(&noise?)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Mapping for GaussianDropout {
    fn class_name(&self) -> &str {
        "GaussianDropout"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        check_rate("GaussianDropout: `rate`", self.rate)
    }

    fn seed(&self) -> Option<&Seed> {
        Some(&self.seed)
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], context: &mut Context) -> Result<Tensor> {
        if !context.training || self.rate == 0.0 {
            return Ok(x.clone());
        }
        let deviation = libm::sqrtf(self.rate / (1.0 - self.rate));
        let noise = self.seed.draws(context, |rng| {
            drawn(x.shape(), rng, |rng| 1.0 + deviation * rng.normal())
        });
        x.mul(&noise?)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Mapping for AlphaDropout {
    fn class_name(&self) -> &str {
        "AlphaDropout"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        check_rate("AlphaDropout: `rate`", self.rate)
    }

    fn seed(&self) -> Option<&Seed> {
        Some(&self.seed)
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], context: &mut Context) -> Result<Tensor> {
        /// Where `selu` is least: −alpha · scale.
        const LEAST: f32 = -1.673_263_2 * 1.050_701;
        let rate = self.rate;
        if !context.training || rate == 0.0 {
            return Ok(x.clone());
        }
        let shape = noise_shape("AlphaDropout", &self.noise_shape, x.shape())?;
        let kept = self.seed.draws(context, |rng| {
            drawn(&shape, rng, |rng| f32::from(rng.unit() >= rate))
        })?;
        // What is kept and what is set, scaled by a and shifted by b.
        let a = 1.0 / libm::sqrtf((1.0 - rate) * (1.0 + rate * LEAST * LEAST));
        let b = -a * LEAST * rate;
        let factor = kept.room_for("noise")?.scale(a);
        let set = kept.room_for("noise")?.scale(-a * LEAST);
        x.mul(&factor)?
            .add(&set.room_for("noise")?.shift(a * LEAST + b))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Mapping for ActivityRegularization {
    fn class_name(&self) -> &str {
        "ActivityRegularization"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        for (key, share) in [("l1", self.l1), ("l2", self.l2)] {
            if !(0.0..f32::INFINITY).contains(&share) {
                bail!(
                    Value,
                    "ActivityRegularization: `{key}` must be at least 0 and finite, but is {}",
                    Decimal::from(share)
                );
            }
        }
        Ok(())
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        Ok(x.clone())
    }

    fn activity_regularizer(&self) -> Option<Regularizer> {
        Some(Regularizer {
            l1: self.l1,
            l2: self.l2,
            orthogonal: None,
        })
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
