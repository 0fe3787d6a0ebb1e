//! Layers that convolve each channel by itself.
use crate::base::error::Result;
use crate::base::json::{Value, settings};
use crate::kernels::conv::Conv2d;
use crate::nn::layer::{all_positive, expect_rank};
use crate::nn::layers::kernel_and_bias::{self, kernel_settings};
use crate::nn::pair::{ChannelsLast, Sizes};
use crate::nn::{
    Activation, Constraint, Context, Initializer, Mapping, Pair, Regularizer, WeightSpec,
};
use crate::ops::Padding;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

kernel_settings! {
    (depthwise_initializer, depthwise_regularizer, depthwise_constraint)
    /// `y = activation(depthwise_conv2d(x, kernel) + bias)`: `[h, w, c] → [oh, ow, c · depth_multiplier]`.
    #[derive(Clone, Debug)]
    pub struct DepthwiseConv2D {
        /// The window, down and across.
        kernel_size: Pair,
        /// How far the window moves.
        strides: Pair = Pair(1, 1),
        /// Whether the window may reach over the edge.
        padding: Padding = Padding::Valid,
        /// How many kernels each channel has.
        depth_multiplier: usize = 1,
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
        /// How far apart the window's places are.
        dilation_rate: Pair = Pair(1, 1),
    }
}

/// The shape of a sample after depthwise convolution with `kernel` (kh, kw).
fn convolved(
    &[h, w, c]: &[usize; 3],
    multiplier: usize,
    kernel: Pair,
    strides: Pair,
    dilation: Pair,
    padding: Padding,
) -> Result<[usize; 3]> {
    let kernel = [kernel.0, kernel.1, c, 1];
    let g = Conv2d::new(
        &[1, h, w, c],
        &kernel,
        strides.into(),
        dilation.into(),
        padding,
    )?;
    Ok([g.oh, g.ow, c.saturating_mul(multiplier)])
}

/// A sample's shape, which must be that of an image.
fn image(class_name: &str, input: &[usize]) -> Result<[usize; 3]> {
    expect_rank(class_name, input, 3, "[height, width, channels]")?;
    Ok([input[0], input[1], input[2]])
}

impl Mapping for DepthwiseConv2D {
    fn class_name(&self) -> &str {
        "DepthwiseConv2D"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        let pairs = [self.kernel_size, self.strides, self.dilation_rate];
        let [kernel, strides, dilation] = pairs.map(|Pair(down, across)| [down, across]);
        let sizes: [(&str, &[usize]); 4] = [
            ("depth_multiplier", &[self.depth_multiplier]),
            ("kernel_size", &kernel),
            ("strides", &strides),
            ("dilation_rate", &dilation),
        ];
        all_positive("DepthwiseConv2D", &sizes)
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(&convolved(
            &image("DepthwiseConv2D", input)?,
            self.depth_multiplier,
            self.kernel_size,
            self.strides,
            self.dilation_rate,
            self.padding,
        )?)
    }

    fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
        let (Pair(kh, kw), c) = (self.kernel_size, input.last().copied().unwrap_or(1));
        let mut specs = self.kernel_and_bias(vec![kh, kw, c, self.depth_multiplier]);
        if let Some(bias) = specs.get_mut(1) {
            bias.shape = vec![c.saturating_mul(self.depth_multiplier)];
        }
        specs
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let (strides, dilation) = (self.strides.into(), self.dilation_rate.into());
        let y = x.depthwise_conv2d(&weights[0], strides, dilation, self.padding)?;
        if self.use_bias {
            y.add(&weights[1])
        } else {
            Ok(y)
        }
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn activity_regularizer(&self) -> Option<Regularizer> {
        self.activity_regularizer
    }
}

/// A layer over `N` axes that convolves each channel by itself and then mixes the channels of each place.
macro_rules! separable {
    ($(#[$doc:meta])* $class:ident<$axes:literal>, $what:literal) => {
        settings! {
            $(#[$doc])*
            #[derive(Clone, Debug)]
            pub struct $class {
                /// How many outputs per place.
                filters: usize,
                /// The window.
                kernel_size: Sizes<$axes>,
                /// How far the window moves.
                strides: Sizes<$axes> = Sizes([1; $axes]),
                /// Whether the window may reach over the edge.
                padding: Padding = Padding::Valid,
                /// Where the channels are: last, always.
                data_format: ChannelsLast = ChannelsLast,
                /// How far apart the window's places are.
                dilation_rate: Sizes<$axes> = Sizes([1; $axes]),
                /// How many kernels each channel has.
                depth_multiplier: usize = 1,
                /// Applied to the result.
                activation: Activation = Activation::Linear,
                /// Whether a bias is added.
                use_bias: bool = true,
                /// What the channels' kernels start as.
                depthwise_initializer: Initializer = Initializer::glorot_uniform(),
                /// What the mixing kernel starts as.
                pointwise_initializer: Initializer = Initializer::glorot_uniform(),
                /// What the bias starts as.
                bias_initializer: Initializer = Initializer::Zeros,
                /// What the channels' kernels add to the loss.
                depthwise_regularizer: Option<Regularizer> = None,
                /// What the mixing kernel adds to the loss.
                pointwise_regularizer: Option<Regularizer> = None,
                /// What the bias adds to the loss.
                bias_regularizer: Option<Regularizer> = None,
                /// What the outputs add to the loss.
                activity_regularizer: Option<Regularizer> = None,
                /// What the channels' kernels are held to.
                depthwise_constraint: Option<Constraint> = None,
                /// What the mixing kernel is held to.
                pointwise_constraint: Option<Constraint> = None,
                /// What the bias is held to.
                bias_constraint: Option<Constraint> = None,
            }
        }

        impl $class {
            fn convolve(&self, x: &Tensor, weights: &[Tensor], relu: bool) -> Result<Tensor> {
                let sample = x.shape().get(1..).unwrap_or_default();
                expect_rank(self.class_name(), sample, $axes + 1, $what)?;
                let (image, depthwise) = (raised(x, 1)?, raised(&weights[0], 0)?);
                let Pair(down, across) = pair(&self.strides.0);
                let dilation = pair(&self.dilation_rate.0).into();
                let padding = self.padding;
                let own = image.depthwise_conv2d(&depthwise, (down, across), dilation, padding)?;
                let bias = self.use_bias.then(|| &weights[2]);
                let (mixing, one) = (raised(&weights[1], 0)?, (1, 1));
                let y = own.conv2d_fused(&mixing, bias, relu, one, one, Padding::Valid)?;
                match **y.shape() {
                    [n, _, length, f] if $axes == 1 => y.reshape(&[n, length, f]),
                    _ => Ok(y),
                }
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
                let sizes: [(&str, &[usize]); 5] = [
                    ("filters", &[self.filters]),
                    ("depth_multiplier", &[self.depth_multiplier]),
                    ("kernel_size", &self.kernel_size.0),
                    ("strides", &self.strides.0),
                    ("dilation_rate", &self.dilation_rate.0),
                ];
                all_positive(self.class_name(), &sizes)
            }

            fn output_shape(&self, input: &[usize]) -> Result<Shape> {
                expect_rank(self.class_name(), input, $axes + 1, $what)?;
                let mut image = [1; 3];
                image[2 - $axes..].copy_from_slice(input);
                let [h, w, _] = convolved(
                    &image,
                    self.depth_multiplier,
                    pair(&self.kernel_size.0),
                    pair(&self.strides.0),
                    pair(&self.dilation_rate.0),
                    self.padding,
                )?;
                Shape::new(&[h, w, self.filters][2 - $axes..])
            }

            fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
                let (c, m) = (input.last().copied().unwrap_or(1), self.depth_multiplier);
                let mut shapes = [self.kernel_size.0.to_vec(), vec![1; $axes]];
                shapes[0].extend([c, m]);
                shapes[1].extend([c.saturating_mul(m), self.filters]);
                let [depthwise, pointwise] = shapes;
                let mut specs = vec![
                    WeightSpec::new("depthwise_kernel", depthwise, self.depthwise_initializer)
                        .held(self.depthwise_regularizer, self.depthwise_constraint.clone()),
                    WeightSpec::new("pointwise_kernel", pointwise, self.pointwise_initializer)
                        .held(self.pointwise_regularizer, self.pointwise_constraint.clone()),
                ];
                specs.extend(self.use_bias.then(|| {
                    WeightSpec::new("bias", vec![self.filters], self.bias_initializer)
                        .held(self.bias_regularizer, self.bias_constraint.clone())
                }));
                specs
            }

            fn transform(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
                self.convolve(x, weights, false)
            }

            fn fused(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Option<Result<Tensor>> {
                Some(kernel_and_bias::activated(self.activation, &|relu| self.convolve(x, weights, relu)))
            }

            fn activation(&self) -> Activation {
                self.activation
            }

            fn activity_regularizer(&self) -> Option<Regularizer> {
                self.activity_regularizer
            }
        }
    };
}

/// A sequence, or the kernel of one, as an image one pixel high: with three axes it gets a fourth at `at`.
fn raised(x: &Tensor, at: usize) -> Result<Tensor> {
    match **x.shape() {
        [a, b, c] if at == 0 => x.reshape(&[1, a, b, c]),
        [a, b, c] => x.reshape(&[a, 1, b, c]),
        _ => Ok(x.clone()),
    }
}

/// Down and across; for sequences there is only across.
fn pair(sizes: &[usize]) -> Pair {
    match *sizes {
        [down, across] => Pair(down, across),
        _ => Pair(1, sizes[0]),
    }
}

separable! {
    /// A depthwise convolution, then one of 1×1 with a bias: `[h, w, c] → [oh, ow, filters]`.
    SeparableConv2D<2>, "[height, width, channels]"
}

separable! {
    /// The same for sequences: `[t, c] → [ot, filters]`.
    SeparableConv1D<1>, "[time, features]"
}
