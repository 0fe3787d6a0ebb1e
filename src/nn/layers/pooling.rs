//! Pooling layers: each window of an image becomes one value.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::kernels::pool::Pool2d;
use crate::nn::layer::{all_positive, expect_rank, positive};
use crate::nn::pair::{ChannelsLast, Sizes};
use crate::nn::{Context, Mapping, Pair};
use crate::ops::Padding;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::format;

macro_rules! pooling {
    ($class:ident, $op:ident, $doc:literal) => {
        settings! {
            #[doc = $doc]
            #[derive(Clone, Debug)]
            pub struct $class {
                /// The window, down and across.
                pool_size: Pair = Pair(2, 2),
                /// The window's size where it is not given.
                strides: Option<Pair> = None,
                /// Whether the window may reach over the edge.
                padding: Padding = Padding::Valid,
                /// Where the channels are: last, always.
                data_format: ChannelsLast = ChannelsLast,
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
                for (key, Pair(down, across)) in
                    [("pool_size", self.pool_size), ("strides", self.strides.unwrap_or(self.pool_size))]
                {
                    positive(&format!("{}: `{key}`", self.class_name()), &[down, across])?;
                }
                Ok(())
            }

            fn output_shape(&self, input: &[usize]) -> Result<Shape> {
                let &[h, w, c] = input else {
                    bail!(
                        Shape,
                        "{}: each sample must be [height, width, channels], but has the shape {input:?}",
                        self.class_name()
                    );
                };
                let strides = self.strides.unwrap_or(self.pool_size).into();
                let geometry = Pool2d::new(&[1, h, w, c], self.pool_size.into(), strides, self.padding)?;
                Shape::new(&geometry.out_shape()[1..])
            }

            fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
                let strides = self.strides.unwrap_or(self.pool_size).into();
                x.$op(self.pool_size.into(), strides, self.padding)
            }
        }
    };
}

pooling!(MaxPooling2D, max_pool, "The greatest value of each window.");
pooling!(
    AveragePooling2D,
    average_pool,
    "The mean of each window, padding not counted."
);

/// [`Tensor::max_pool`] or [`Tensor::average_pool`].
type Pool = fn(&Tensor, (usize, usize), (usize, usize), Padding) -> Result<Tensor>;

/// Sequences are pooled as images one pixel high.
fn pool_sequences(
    pool: Pool,
    x: &Tensor,
    [size]: [usize; 1],
    [stride]: [usize; 1],
    padding: Padding,
) -> Result<Tensor> {
    let &[n, t, c] = &**x.shape() else {
        bail!(Shape, "pool1d: {:?}: expected [n, time, c]", x.shape());
    };
    let y = pool(&x.reshape(&[n, 1, t, c])?, (1, size), (1, stride), padding)?;
    y.reshape(&[n, y.shape()[2], c])
}

/// Volumes are pooled plane by plane, and then in depth: the greatest of the greatest is the greatest, and so it is with
/// means, because all rows of a window have the same number of places inside.
fn pool_volumes(
    pool: Pool,
    x: &Tensor,
    size: [usize; 3],
    strides: [usize; 3],
    padding: Padding,
) -> Result<Tensor> {
    let &[n, d, h, w, c] = &**x.shape() else {
        bail!(Shape, "pool3d: {:?}: expected [n, d, h, w, c]", x.shape());
    };
    let planes = x.reshape(&[n.saturating_mul(d), h, w, c])?;
    let ([depth, down, across], [next, sd, sa]) = (size, strides);
    let planes = pool(&planes, (down, across), (sd, sa), padding)?;
    let (oh, ow) = (planes.shape()[1], planes.shape()[2]);
    let columns = planes.reshape(&[n, d, oh * ow, c])?;
    let y = pool(&columns, (depth, 1), (next, 1), padding)?;
    y.reshape(&[n, y.shape()[1], oh, ow, c])
}

macro_rules! more_pooling {
    ($($(#[$doc:meta])* $class:ident<$axes:literal> is $pool:ident of $op:ident, $what:literal;)*) => {$(
        settings! {
            $(#[$doc])*
            #[derive(Clone, Debug)]
            pub struct $class {
                /// The window.
                pool_size: Sizes<$axes> = Sizes([2; $axes]),
                /// The window's size where it is not given.
                strides: Option<Sizes<$axes>> = None,
                /// Whether the window may reach over the edge.
                padding: Padding = Padding::Valid,
                /// Where the channels are: last, always.
                data_format: ChannelsLast = ChannelsLast,
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
                let strides = self.strides.unwrap_or(self.pool_size).0;
                let sizes: [(&str, &[usize]); 2] = [("pool_size", &self.pool_size.0), ("strides", &strides)];
                all_positive(self.class_name(), &sizes)
            }

            fn output_shape(&self, input: &[usize]) -> Result<Shape> {
                expect_rank(self.class_name(), input, $axes + 1, $what)?;
                let mut shape = Shape::new(input)?;
                let strides = self.strides.unwrap_or(self.pool_size).0;
                for axis in 0..$axes {
                    let (size, stride) = (self.pool_size.0[axis], strides[axis]);
                    let line = [1, 1, input[axis], 1];
                    let line = Pool2d::new(&line, (1, size), (1, stride), self.padding)?;
                    shape = shape.with(axis, line.ow);
                }
                Shape::new(&shape)
            }

            fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
                let strides = self.strides.unwrap_or(self.pool_size).0;
                $pool(Tensor::$op, x, self.pool_size.0, strides, self.padding)
            }
        }
    )*};
}

more_pooling! {
    /// The greatest value of each window of a sequence.
    MaxPooling1D<1> is pool_sequences of max_pool, "[time, features]";
    /// The mean of each window of a sequence, padding not counted.
    AveragePooling1D<1> is pool_sequences of average_pool, "[time, features]";
    /// The greatest value of each window of a volume.
    MaxPooling3D<3> is pool_volumes of max_pool, "[depth, height, width, channels]";
    /// The mean of each window of a volume, padding not counted.
    AveragePooling3D<3> is pool_volumes of average_pool, "[depth, height, width, channels]";
}
