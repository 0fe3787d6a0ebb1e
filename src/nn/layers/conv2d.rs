//! The convolutional layer.
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected, settings};
use crate::kernels::conv;
use crate::nn::{Activation, Context, Initializer, Layer, Pair, WeightSpec, positive};
use crate::ops::Padding;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

settings! {
    /// `y = activation(conv2d(x, kernel) + bias)`: `[h, w, c] → [oh, ow, filters]`.
    #[derive(Clone, Debug)]
    pub struct Conv2D {
        /// How many outputs per place.
        pub filters: usize,
        kernel_size: Pair,
        strides: Pair = Pair(1, 1),
        padding: Padding = Padding::Valid,
        dilation_rate: Pair = Pair(1, 1),
        activation: Activation = Activation::Linear,
        use_bias: bool = true,
        kernel_initializer: Initializer = Initializer::glorot_uniform(),
        bias_initializer: Initializer = Initializer::Zeros,
    }
}

impl Setting for Padding {
    fn read(value: &Value) -> Result<Self> {
        match value.as_str() {
            Some("valid") => Ok(Padding::Valid),
            Some("same") => Ok(Padding::Same),
            _ => expected("`valid` or `same`", value),
        }
    }
}

impl From<Padding> for Value {
    fn from(padding: Padding) -> Value {
        match padding {
            Padding::Valid => "valid".into(),
            Padding::Same => "same".into(),
        }
    }
}

impl Conv2D {
    fn convolve(&self, x: &Tensor, weights: &[Tensor], relu: bool) -> Result<Tensor> {
        let bias = self.use_bias.then(|| &weights[1]);
        x.conv2d_fused(
            &weights[0],
            bias,
            relu,
            self.strides.into(),
            self.dilation_rate.into(),
            self.padding,
        )
    }
}

impl Layer for Conv2D {
    fn class_name(&self) -> &'static str {
        "Conv2D"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        positive("Conv2D: `filters`", &[self.filters])?;
        for (key, Pair(down, across)) in [
            ("kernel_size", self.kernel_size),
            ("strides", self.strides),
            ("dilation_rate", self.dilation_rate),
        ] {
            positive(&alloc::format!("Conv2D: `{key}`"), &[down, across])?;
        }
        Ok(())
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        let &[h, w, c] = input else {
            bail!(
                Shape,
                "Conv2D: each sample must be [height, width, channels], but has the shape {input:?}"
            );
        };
        let Pair(kh, kw) = self.kernel_size;
        let kernel = [kh, kw, c, self.filters];
        let (strides, dilation) = (self.strides.into(), self.dilation_rate.into());
        let geometry = conv::Conv2d::new(&[1, h, w, c], &kernel, strides, dilation, self.padding)?;
        Shape::new(&geometry.out_shape()[1..])
    }

    fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
        let Pair(kh, kw) = self.kernel_size;
        let shape = vec![kh, kw, input.last().copied().unwrap_or(1), self.filters];
        let kernel = WeightSpec::new("kernel", shape, self.kernel_initializer);
        let bias = WeightSpec::new("bias", vec![self.filters], self.bias_initializer);
        if self.use_bias {
            vec![kernel, bias]
        } else {
            vec![kernel]
        }
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        self.convolve(x, weights, false)
    }

    fn forward(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        match self.activation {
            Activation::Relu => self.convolve(x, weights, true),
            other => other.apply(&self.convolve(x, weights, false)?),
        }
    }

    fn activation(&self) -> Activation {
        self.activation
    }
}
