//! The convolutional layers besides [`Conv2D`](crate::nn::Conv2D).
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected};
use crate::kernels::conv::Conv2d;
use crate::nn::layer::{all_positive, expect_rank};
use crate::nn::layers::kernel_and_bias::{self, kernel_settings};
use crate::nn::pair::{ChannelsLast, One, Sizes};
use crate::nn::{Activation, Context, Mapping, Regularizer, WeightSpec};
use crate::ops::{Moves, Padding};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::vec::Vec;

/// `valid`, `same` or `causal`, for sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrCausal(pub Padding);

impl Setting for OrCausal {
    fn read(value: &Value) -> Result<Self> {
        if value.as_str() == Some("causal") {
            return Ok(OrCausal(Padding::Causal));
        }
        Padding::read(value)
            .map(OrCausal)
            .or_else(|_| expected("`valid`, `same` or `causal`", value))
    }
}

impl From<OrCausal> for Value {
    fn from(OrCausal(padding): OrCausal) -> Value {
        padding.into()
    }
}

/// What a sample with so many axes besides its channels must be.
fn sample(axes: usize) -> &'static str {
    match axes {
        1 => "[time, features]",
        2 => "[height, width, channels]",
        _ => "[depth, height, width, channels]",
    }
}

/// A layer over `N` axes with a kernel and a bias. What differs is in its own methods: the shape of the kernel for so
/// many channels, the lengths of the output for those of the input, and the convolution.
macro_rules! convolution {
    ($(#[$doc:meta])* $class:ident<$axes:literal>($padding:ty = $valid:expr) { $($(#[$more_doc:meta])* $key:ident: $kind:ty = $default:expr,)* }) => {
        kernel_settings! {
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
                padding: $padding = $valid,
                /// How far apart the window's places are.
                dilation_rate: Sizes<$axes> = Sizes([1; $axes]),
                /// Where the channels are: last, always.
                data_format: ChannelsLast = ChannelsLast,
                $($(#[$more_doc])* $key: $kind = $default,)*
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
                let sizes: [(&str, &[usize]); 4] = [
                    ("filters", &[self.filters]),
                    ("kernel_size", &self.kernel_size.0),
                    ("strides", &self.strides.0),
                    ("dilation_rate", &self.dilation_rate.0),
                ];
                all_positive(self.class_name(), &sizes)?;
                self.check_more()
            }

            fn output_shape(&self, input: &[usize]) -> Result<Shape> {
                expect_rank(self.class_name(), input, $axes + 1, sample($axes))?;
                let mut shape = [self.filters; $axes + 1];
                shape[..$axes].copy_from_slice(&self.lengths(input)?);
                Shape::new(&shape)
            }

            fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
                let mut shape = self.kernel_size.0.to_vec();
                shape.extend(self.channels(input.last().copied().unwrap_or(1)));
                let mut specs = self.kernel_and_bias(shape);
                if let Some(bias) = specs.get_mut(1) {
                    bias.shape = [self.filters].into();
                }
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

convolution! {
    /// `y = activation(conv1d(x, kernel) + bias)`: `[t, c] → [ot, filters]`.
    Conv1D<1>(OrCausal = OrCausal(Padding::Valid)) {
        /// Keras' number of groups: 1, always.
        groups: One = One,
    }
}

convolution! {
    /// `y = activation(conv3d(x, kernel) + bias)`: `[d, h, w, c] → [od, oh, ow, filters]`.
    Conv3D<3>(Padding = Padding::Valid) {
        /// Keras' number of groups: 1, always.
        groups: One = One,
    }
}

convolution! {
    /// A convolution the other way: what the gradient of [`Conv2D`](crate::nn::Conv2D) does to its input,
    /// `[h, w, c] → [oh, ow, filters]`, plus a bias.
    Conv2DTranspose<2>(Padding = Padding::Valid) {
        /// How much longer the output is than the shortest that fits, below the stride.
        output_padding: Option<Sizes<2>> = None,
    }
}

convolution! {
    /// The same in three dimensions: `[d, h, w, c] → [od, oh, ow, filters]`.
    Conv3DTranspose<3>(Padding = Padding::Valid) {
        /// How much longer the output is than the shortest that fits, below the stride.
        output_padding: Option<Sizes<3>> = None,
    }
}

/// How many windows there are along an axis.
fn windows(
    length: usize,
    window: usize,
    stride: usize,
    dilation: usize,
    padding: Padding,
) -> Result<usize> {
    let (x, kernel) = ([1, 1, length, 1], [1, window, 1, 1]);
    Ok(Conv2d::new(&x, &kernel, (1, stride), (1, dilation), padding)?.ow)
}

impl Conv1D {
    fn check_more(&self) -> Result<()> {
        Ok(())
    }

    fn channels(&self, input: usize) -> [usize; 2] {
        [input, self.filters]
    }

    fn lengths(&self, input: &[usize]) -> Result<[usize; 1]> {
        let (Sizes([k]), Sizes([s]), Sizes([d])) =
            (self.kernel_size, self.strides, self.dilation_rate);
        Ok([windows(input[0], k, s, d, self.padding.0)?])
    }

    fn convolve(&self, x: &Tensor, weights: &[Tensor], relu: bool) -> Result<Tensor> {
        let (Sizes([stride]), Sizes([dilation])) = (self.strides, self.dilation_rate);
        let bias = self.use_bias.then(|| &weights[1]);
        x.conv1d_fused(&weights[0], bias, relu, stride, dilation, self.padding.0)
    }
}

impl Conv3D {
    fn check_more(&self) -> Result<()> {
        Ok(())
    }

    fn channels(&self, input: usize) -> [usize; 2] {
        [input, self.filters]
    }

    fn lengths(&self, input: &[usize]) -> Result<[usize; 3]> {
        let mut lengths = [0; 3];
        for (axis, length) in lengths.iter_mut().enumerate() {
            *length = windows(
                input[axis],
                self.kernel_size.0[axis],
                self.strides.0[axis],
                self.dilation_rate.0[axis],
                self.padding,
            )?;
        }
        Ok(lengths)
    }

    fn convolve(&self, x: &Tensor, weights: &[Tensor], relu: bool) -> Result<Tensor> {
        let moves = Moves {
            strides: self.strides.0,
            dilation: self.dilation_rate.0,
            padding: self.padding,
        };
        x.conv3d_fused(&weights[0], self.use_bias.then(|| &weights[1]), relu, moves)
    }
}

/// Keras' length of what is transposed: `valid` gives every place that a window reaches, `same` the strides' multiple,
/// unless a padding of the output is given.
fn transposed(
    length: usize,
    reach: usize,
    stride: usize,
    padding: Padding,
    more: Option<usize>,
) -> usize {
    let first = length.saturating_sub(1).saturating_mul(stride);
    first.saturating_add(match (padding, more) {
        (Padding::Same, None) => stride,
        (Padding::Same, Some(more)) => reach % 2 + more,
        (_, None) => reach.max(stride),
        (_, Some(more)) => reach.saturating_add(more),
    })
}

macro_rules! transposes {
    ($($class:ident<$axes:literal>: $convolve:expr;)*) => {$(
        impl $class {
            fn check_more(&self) -> Result<()> {
                let Some(Sizes(more)) = self.output_padding else {
                    return Ok(());
                };
                if more.iter().zip(self.strides.0).any(|(more, stride)| *more >= stride) {
                    bail!(
                        Value,
                        "{}: `output_padding` must be below the strides {:?}, but is {more:?}",
                        self.class_name(),
                        self.strides.0
                    );
                }
                Ok(())
            }

            fn channels(&self, input: usize) -> [usize; 2] {
                [self.filters, input]
            }

            fn lengths(&self, input: &[usize]) -> Result<[usize; $axes]> {
                let mut lengths = [0; $axes];
                for (axis, length) in lengths.iter_mut().enumerate() {
                    let (window, dilation) = (self.kernel_size.0[axis], self.dilation_rate.0[axis]);
                    let reach = (window - 1).saturating_mul(dilation).saturating_add(1);
                    let more = self.output_padding.map(|Sizes(more)| more[axis]);
                    let stride = self.strides.0[axis];
                    *length = transposed(input[axis], reach, stride, self.padding, more);
                    if *length == 0 || input[axis] == 0 {
                        bail!(Shape, "{}: nothing comes of {input:?}", self.class_name());
                    }
                }
                Ok(lengths)
            }

            fn convolve(&self, x: &Tensor, weights: &[Tensor], relu: bool) -> Result<Tensor> {
                let sample = x.shape().get(1..).unwrap_or_default();
                expect_rank(self.class_name(), sample, $axes + 1, self::sample($axes))?;
                let mut y = $convolve(self, x, &weights[0], self.lengths(sample)?)?;
                if self.use_bias {
                    y = y.add(&weights[1])?;
                }
                if relu { Activation::Relu.apply(&y) } else { Ok(y) }
            }
        }
    )*};
}

transposes! {
    Conv2DTranspose<2>: |own: &Self, x: &Tensor, kernel, [h, w]: [usize; 2]| {
        let (Sizes([down, across]), Sizes([dd, da])) = (own.strides, own.dilation_rate);
        x.conv2d_transpose(kernel, (h, w), (down, across), (dd, da), own.padding)
    };
    Conv3DTranspose<3>: |own: &Self, x: &Tensor, kernel, size| {
        let moves = Moves {
            strides: own.strides.0,
            dilation: own.dilation_rate.0,
            padding: own.padding,
        };
        x.conv3d_transpose(kernel, size, moves)
    };
}
