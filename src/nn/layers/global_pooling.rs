//! Pooling layers whose window is everything: each channel becomes one value.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::nn::layer::expect_rank;
use crate::nn::pair::ChannelsLast;
use crate::nn::{Context, Mapping};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

/// The mean of each channel over all places.
fn average(x: &Tensor, axes: &[isize], keep: bool, context: &Context) -> Result<Tensor> {
    let Some(mask) = context.mask(0).filter(|_| axes.len() == 1) else {
        return x.mean(axes, keep);
    };
    // Steps that are masked do not count.
    let [batch, time] = **mask.shape() else {
        bail!(
            Shape,
            "GlobalAveragePooling1D: a mask must be [batch, time], but has the shape {:?}",
            mask.shape()
        );
    };
    let mask = mask.reshape(&[batch, time, 1])?;
    let count = mask.sum(axes, keep)?;
    x.mul(&mask)?.sum(axes, keep)?.div(&count)
}

fn greatest(x: &Tensor, axes: &[isize], keep: bool, _: &Context) -> Result<Tensor> {
    x.max(axes, keep)
}

macro_rules! global_pooling {
    ($($(#[$doc:meta])* $class:ident: $pool:ident over $axes:expr, $rank:literal: $what:literal;)*) => {$(
        settings! {
            $(#[$doc])*
            #[derive(Clone, Debug)]
            pub struct $class {
                /// Where the channels are: last, always.
                data_format: ChannelsLast = ChannelsLast,
                /// Whether the axes that are pooled stay with length 1.
                keepdims: bool = false,
            }
        }

        impl Mapping for $class {
            fn class_name(&self) -> &str {
                stringify!($class)
            }

            fn config(&self) -> Value {
                self.to_json()
            }

            fn output_shape(&self, input: &[usize]) -> Result<Shape> {
                expect_rank(self.class_name(), input, $rank, $what)?;
                if input.contains(&0) {
                    bail!(Shape, "{}: there is nothing to pool in {input:?}", self.class_name());
                }
                let channels = input[$rank - 1];
                let mut shape = [1; $rank];
                shape[$rank - 1] = channels;
                Shape::new(if self.keepdims { &shape } else { &shape[$rank - 1..] })
            }

            fn transform(&self, x: &Tensor, _: &[Tensor], context: &mut Context) -> Result<Tensor> {
                expect_rank(self.class_name(), x.shape().get(1..).unwrap_or_default(), $rank, $what)?;
                $pool(x, $axes, self.keepdims, context)
            }
        }
    )*};
}

global_pooling! {
    /// The mean of each channel over all steps that count: `[time, c] → [c]`.
    GlobalAveragePooling1D: average over &[1], 2: "[time, features]";
    /// The greatest value of each channel over all steps: `[time, c] → [c]`.
    GlobalMaxPooling1D: greatest over &[1], 2: "[time, features]";
    /// The mean of each channel over all places: `[h, w, c] → [c]`.
    GlobalAveragePooling2D: average over &[1, 2], 3: "[height, width, channels]";
    /// The greatest value of each channel over all places: `[h, w, c] → [c]`.
    GlobalMaxPooling2D: greatest over &[1, 2], 3: "[height, width, channels]";
    /// The mean of each channel over all places: `[d, h, w, c] → [c]`.
    GlobalAveragePooling3D: average over &[1, 2, 3], 4: "[depth, height, width, channels]";
    /// The greatest value of each channel over all places: `[d, h, w, c] → [c]`.
    GlobalMaxPooling3D: greatest over &[1, 2, 3], 4: "[depth, height, width, channels]";
}
