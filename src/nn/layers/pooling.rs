//! Pooling layers: each window of an image becomes one value.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::kernels::pool::Pool2d;
use crate::nn::layer::positive;
use crate::nn::pair::ChannelsLast;
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
