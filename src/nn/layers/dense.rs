//! The fully connected layer.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::nn::{Activation, Context, Initializer, Layer, WeightSpec, positive};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

settings! {
    /// `y = activation(x · kernel + bias)` along the last axis: `[…, c] → […, units]`.
    #[derive(Clone, Debug)]
    pub struct Dense {
        /// How many outputs.
        pub units: usize,
        activation: Activation = Activation::Linear,
        use_bias: bool = true,
        kernel_initializer: Initializer = Initializer::glorot_uniform(),
        bias_initializer: Initializer = Initializer::Zeros,
    }
}

impl Dense {
    fn map(&self, x: &Tensor, weights: &[Tensor], relu: bool) -> Result<Tensor> {
        if self.use_bias && x.shape().len() == 2 {
            return x.dense(&weights[0], &weights[1], relu);
        }
        let mut y = x.matmul(&weights[0])?;
        if self.use_bias {
            y = y.add(&weights[1])?;
        }
        Ok(if relu { y.relu() } else { y })
    }
}

impl Layer for Dense {
    fn class_name(&self) -> &'static str {
        "Dense"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        positive("Dense: `units`", &[self.units])
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        let [rest @ .., _] = input else {
            bail!(
                Shape,
                "Dense: each sample must have at least one axis, but has the shape {input:?}"
            );
        };
        Shape::join(rest, &[self.units])
    }

    fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
        let fan_in = input.last().copied().unwrap_or(1);
        let kernel = WeightSpec::new("kernel", vec![fan_in, self.units], self.kernel_initializer);
        let bias = WeightSpec::new("bias", vec![self.units], self.bias_initializer);
        if self.use_bias {
            vec![kernel, bias]
        } else {
            vec![kernel]
        }
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        self.map(x, weights, false)
    }

    fn forward(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        match self.activation {
            Activation::Relu => self.map(x, weights, true),
            other => other.apply(&self.map(x, weights, false)?),
        }
    }

    fn activation(&self) -> Activation {
        self.activation
    }
}
