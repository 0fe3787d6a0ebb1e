//! The dropout layer.
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Value, settings};
use crate::nn::{Context, Dims, Mapping, Seed};
use crate::tensor::Tensor;
use crate::tensor::shape::{MAX_RANK, Shape};
use smallvec::SmallVec;

settings! {
    /// Drops a share of the values while training; see [`Tensor::dropout`].
    #[derive(Clone, Debug)]
    pub struct Dropout {
        /// The share of values that are dropped.
        rate: f32,
        /// The shape of what is drawn, batch axis included: along an axis of 1 all values are dropped together.
        noise_shape: Option<Dims> = None,
        /// With a seed the layer draws what is dropped from a generator of its own.
        seed: Seed = Seed::default(),
    }
}

impl Mapping for Dropout {
    fn class_name(&self) -> &str {
        "Dropout"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        check_rate("Dropout: `rate`", self.rate)
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
        if self.noise_shape.is_none() {
            return self.seed.draws(context, |rng| x.dropout(self.rate, rng));
        }
        let shape = noise_shape("Dropout", &self.noise_shape, x.shape())?;
        let all = Tensor::full(&shape, 1.0)?;
        x.mul(
            &self
                .seed
                .draws(context, |rng| all.dropout(self.rate, rng))?,
        )
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

/// Refuses a share that is not one; `what` names the layer and key.
pub(super) fn check_rate(what: &str, rate: f32) -> Result<()> {
    if !(0.0..1.0).contains(&rate) {
        bail!(
            Value,
            "{what} must be at least 0 and less than 1, but is {}",
            Decimal::from(rate)
        );
    }
    Ok(())
}

/// The shape of what is drawn for values of shape `x`.
///
/// # Errors
/// Another number of axes.
pub(super) fn noise_shape(class_name: &str, noise: &Option<Dims>, x: &Shape) -> Result<Shape> {
    let Some(noise) = noise else {
        return Ok(*x);
    };
    if noise.len() != x.len() {
        bail!(
            Shape,
            "{class_name}: `noise_shape` {noise:?} has another number of axes than {x:?}"
        );
    }
    let lengths = noise.iter().zip(x.iter());
    let lengths: SmallVec<[usize; MAX_RANK]> = lengths
        .map(|(dim, &length)| dim.unwrap_or(length))
        .collect();
    Shape::new(&lengths)
}
