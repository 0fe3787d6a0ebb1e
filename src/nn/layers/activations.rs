//! Activation functions that have settings, as layers.
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Value, settings};
use crate::nn::activation::below;
use crate::nn::layer::sample_axis;
use crate::nn::{Context, Mapping};
use crate::tensor::Tensor;
use crate::tensor::shape::{MAX_RANK, Shape};

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
    /// `exp(x) / Σ exp(x)` along an axis.
    #[derive(Clone, Debug)]
    pub struct Softmax {
        /// Which axis; it counts the batch axis, and −1 is the last.
        axis: isize = -1,
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
        let axis = sample_axis("Softmax", self.axis, input.len())?;
        if input[axis] == 0 {
            bail!(Shape, "Softmax: axis {} of {input:?} is empty", self.axis);
        }
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], context: &mut Context) -> Result<Tensor> {
        let rank = x.shape().len();
        let axis = 1 + sample_axis("Softmax", self.axis, rank.saturating_sub(1))?;
        let mut x = x.clone();
        // Keras: what is masked counts as the least number there is.
        if let Some(mask) = context.mask(0) {
            if mask.shape() != x.shape() {
                bail!(
                    Shape,
                    "Softmax: a mask must have the shape of the inputs, {:?}, not {:?}",
                    x.shape(),
                    mask.shape()
                );
            }
            let masked = mask.room_for("softmax")?.neg();
            let masked = masked.room_for("softmax")?.shift(1.0);
            x = x.add(&masked.room_for("softmax")?.scale(-1e9))?;
        }
        let mut order = [0, 1, 2, 3, 4, 5];
        order[..rank].swap(axis, rank - 1);
        let order = &order[..rank.min(MAX_RANK)];
        if axis + 1 == rank {
            return x.softmax();
        }
        x.transpose(order)?.softmax()?.transpose(order)
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
