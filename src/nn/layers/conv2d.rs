//! The convolutional layer.
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected};
use crate::kernels::conv;
use crate::nn::layer::positive;
use crate::nn::layers::kernel_and_bias::{self, kernel_settings};
use crate::nn::pair::{ChannelsLast, One};
use crate::nn::{Activation, Context, Mapping, Pair, Regularizer, WeightSpec};
use crate::ops::Padding;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

kernel_settings! {
    /// `y = activation(conv2d(x, kernel) + bias)`: `[h, w, c] → [oh, ow, filters]`.
    #[derive(Clone, Debug)]
    pub struct Conv2D {
        /// How many outputs per place.
        filters: usize,
        /// The window, down and across.
        kernel_size: Pair,
        /// How far the window moves.
        strides: Pair = Pair(1, 1),
        /// Whether the window may reach over the edge.
        padding: Padding = Padding::Valid,
        /// How far apart the window's places are.
        dilation_rate: Pair = Pair(1, 1),
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
        /// Keras' number of groups: 1, always.
        groups: One = One,
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
            Padding::Causal => "causal".into(),
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

impl Mapping for Conv2D {
    fn class_name(&self) -> &str {
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
        self.kernel_and_bias(shape)
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        self.convolve(x, weights, false)
    }

    fn fused(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Option<Result<Tensor>> {
        Some(kernel_and_bias::activated(self.activation, &|relu| {
            self.convolve(x, weights, relu)
        }))
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn activity_regularizer(&self) -> Option<Regularizer> {
        self.activity_regularizer
    }
}
