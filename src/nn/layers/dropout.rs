//! The dropout layer.
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Value, settings};
use crate::nn::{Context, Layer};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

settings! {
    /// Drops a share of the values while training; see [`Tensor::dropout`].
    #[derive(Clone, Debug)]
    pub struct Dropout {
        rate: f32,
    }
}

impl Layer for Dropout {
    fn class_name(&self) -> &'static str {
        "Dropout"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        check_rate("Dropout: `rate`", self.rate)
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], context: &mut Context) -> Result<Tensor> {
        if context.training && self.rate > 0.0 {
            x.dropout(self.rate, context.rng)
        } else {
            Ok(x.clone())
        }
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
