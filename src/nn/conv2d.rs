//! The convolutional layer.
use super::dense::{yes, zeros};
use super::{Activation, Context, Initializer, Layer, Pair, WeightSpec, positive, to_json};
use crate::error::{Result, bail};
use crate::kernels::conv;
use crate::ops::Padding;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `y = activation(conv2d(x, kernel) + bias)`: `[h, w, c] → [oh, ow, filters]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Conv2D {
    /// How many outputs per place.
    pub filters: usize,
    kernel_size: Pair,
    #[serde(default = "one")]
    strides: Pair,
    #[serde(default)]
    padding: PaddingName,
    #[serde(default = "one")]
    dilation_rate: Pair,
    #[serde(default)]
    activation: Activation,
    #[serde(default = "yes")]
    use_bias: bool,
    #[serde(default = "Initializer::glorot_uniform")]
    kernel_initializer: Initializer,
    #[serde(default = "zeros")]
    bias_initializer: Initializer,
}

/// Padding as configurations name it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum PaddingName {
    #[default]
    Valid,
    Same,
}

impl From<PaddingName> for Padding {
    fn from(name: PaddingName) -> Self {
        match name {
            PaddingName::Valid => Padding::Valid,
            PaddingName::Same => Padding::Same,
        }
    }
}

fn one() -> Pair {
    Pair(1, 1)
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
            self.padding.into(),
        )
    }
}

impl Layer for Conv2D {
    fn class_name(&self) -> &'static str {
        "Conv2D"
    }

    fn config(&self) -> Value {
        to_json(self)
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

    fn output_shape(&self, input: &[usize]) -> Result<Vec<usize>> {
        let &[h, w, c] = input else {
            bail!(
                Shape,
                "Conv2D: each sample must be [height, width, channels], but has the shape {input:?}"
            );
        };
        let Pair(kh, kw) = self.kernel_size;
        let kernel = [kh, kw, c, self.filters];
        let (strides, dilation) = (self.strides.into(), self.dilation_rate.into());
        let geometry = conv::Conv2d::new(
            &[1, h, w, c],
            &kernel,
            strides,
            dilation,
            self.padding.into(),
        )?;
        Ok(geometry.out_shape()[1..].to_vec())
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
