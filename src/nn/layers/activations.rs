//! Activation functions that have settings, as layers.
use super::axes::{AxisList, as_last};
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Value, settings};
use crate::nn::activation::below;
use crate::nn::{Context, Mapping};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

settings! {
    /// `x` from `threshold` up, but no more than `max_value`; below the threshold `negative_slope · (x − threshold)`.
    #[derive(Clone, Debug)]
    pub struct ReLU {
        /// The greatest value, if there is one.
        max_value: Option<f32> = None,
        /// The slope below the threshold.
        negative_slope: f32 = 0.0,
        /// Where the function begins.
        threshold: f32 = 0.0,
    }
}

settings! {
    /// `x` if positive, else `negative_slope · x`.
    #[derive(Clone, Debug)]
    pub struct LeakyReLU {
        /// The slope below 0.
        negative_slope: f32 = 0.3,
    }
}

settings! {
    /// `x` if positive, else `alpha · (exp(x) − 1)` (Clevert et al. 2016).
    #[derive(Clone, Debug)]
    pub struct ELU {
        /// How far below 0 it goes.
        alpha: f32 = 1.0,
    }
}

settings! {
    /// `exp(x) / Σ exp(x)` along an axis, or along several as if they were one.
    #[derive(Clone, Debug)]
    pub struct Softmax {
        /// Which axis, or which together; they count the batch axis, and −1 is the last.
        axis: AxisList = AxisList::one(-1),
    }
}

settings! {
    /// `scale · x + offset`.
    #[derive(Clone, Debug)]
    pub struct Rescaling {
        /// The factor.
        scale: f32,
        /// What is added.
        offset: f32 = 0.0,
    }
}

settings! {
    /// `x` as it is.
    #[derive(Clone, Debug)]
    pub struct Identity {}
}

fn at_least_0(key: &str, value: f32) -> Result<()> {
    if !(0.0..f32::INFINITY).contains(&value) {
        bail!(
            Value,
            "{key} must be at least 0 and finite, but is {}",
            Decimal::from(value)
        );
    }
    Ok(())
}

impl Mapping for ReLU {
    fn class_name(&self) -> &str {
        "ReLU"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        at_least_0("ReLU: `max_value`", self.max_value.unwrap_or(0.0))?;
        at_least_0("ReLU: `negative_slope`", self.negative_slope)?;
        at_least_0("ReLU: `threshold`", self.threshold)
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let mut y = if self.threshold == 0.0 {
            x.room_for("relu")?.relu()
        } else {
            let above = x.room_for("relu")?.detach().shift(-self.threshold);
            x.mul(&above.room_for("relu")?.step())?
        };
        if let Some(most) = self.max_value {
            y = y.room_for("relu")?.clamp(0.0, most);
        }
        if self.negative_slope == 0.0 {
            return Ok(y);
        }
        let below = x.room_for("relu")?.neg();
        let below = below.room_for("relu")?.shift(self.threshold);
        let below = below.room_for("relu")?.relu();
        y.sub(&below.room_for("relu")?.scale(self.negative_slope))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Mapping for LeakyReLU {
    fn class_name(&self) -> &str {
        "LeakyReLU"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        at_least_0("LeakyReLU: `negative_slope`", self.negative_slope)
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        Ok(x.room_for("leaky_relu")?.leaky_relu(self.negative_slope))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Mapping for ELU {
    fn class_name(&self) -> &str {
        "ELU"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let below = below(x)?.room_for("elu")?.scale(self.alpha);
        x.room_for("elu")?.relu().add(&below)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Mapping for Softmax {
    fn class_name(&self) -> &str {
        "Softmax"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        let places = self.axis.places("Softmax", input.len())?;
        if places.iter().any(|&place| input[place - 1] == 0) {
            bail!(Shape, "Softmax: {input:?} has nothing along `axis`");
        }
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], context: &mut Context) -> Result<Tensor> {
        let places = self
            .axis
            .places("Softmax", x.shape().len().saturating_sub(1))?;
        let softmax = |x: &Tensor| as_last(x, &places, &Tensor::softmax);
        let Some(mask) = context.mask(0) else {
            return softmax(x);
        };
        let Ok(mask) = mask.broadcast_to(x.shape()) else {
            bail!(
                Shape,
                "Softmax: a mask must have the shape of the inputs, {:?}, not {:?}",
                x.shape(),
                mask.shape()
            );
        };
        // Keras: what is masked counts as the least number there is, and is 0 where everything is masked too.
        let y = softmax(&mask.select(x, &Tensor::scalar(-1e9))?)?;
        mask.select(&y, &Tensor::scalar(0.0))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Mapping for Rescaling {
    fn class_name(&self) -> &str {
        "Rescaling"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        for (key, value) in [("scale", self.scale), ("offset", self.offset)] {
            if !value.is_finite() {
                bail!(
                    Value,
                    "Rescaling: `{key}` must be finite, but is {}",
                    Decimal::from(value)
                );
            }
        }
        Ok(())
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let y = x.room_for("rescaling")?.scale(self.scale);
        Ok(if self.offset == 0.0 {
            y
        } else {
            y.room_for("rescaling")?.shift(self.offset)
        })
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Mapping for Identity {
    fn class_name(&self) -> &str {
        "Identity"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        Ok(x.clone())
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
