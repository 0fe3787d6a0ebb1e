//! Layers that add to the edges of sequences, images and volumes, or take from them.
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected, settings};
use crate::nn::layer::expect_rank;
use crate::nn::pair::ChannelsLast;
use crate::nn::{Context, Mapping};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

/// How many places are added, or taken away, before the first and after the last along each of `N` axes. In JSON one
/// number for all; or a list with an entry for each axis, a number or a pair of numbers; for a single axis also a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edges<const N: usize>(pub [[usize; 2]; N]);

impl<const N: usize> Edges<N> {
    /// The same number at both ends of every axis.
    pub const fn all(count: usize) -> Self {
        Edges([[count; 2]; N])
    }

    /// Where the inner box begins in the outer one, batch axis and channels included.
    fn begin(&self) -> [usize; 5] {
        let mut begin = [0; 5];
        for (begin, edges) in begin[1..].iter_mut().zip(&self.0) {
            *begin = edges[0];
        }
        begin
    }
}

impl<const N: usize> Setting for Edges<N> {
    fn read(value: &Value) -> Result<Self> {
        let pair = |value: &Value| match value.as_array() {
            Some([first, second]) => Ok([usize::read(first)?, usize::read(second)?]),
            _ => usize::read(value).map(|both| [both; 2]),
        };
        let read = || match value.as_array() {
            Some([_, _]) if N == 1 => Ok(Edges([pair(value)?; N])),
            Some(axes) if axes.len() == N => {
                let mut edges = [[0; 2]; N];
                for (edges, axis) in edges.iter_mut().zip(axes) {
                    *edges = pair(axis)?;
                }
                Ok(Edges(edges))
            }
            _ => usize::read(value).map(Edges::all),
        };
        read().or_else(|_| {
            let what = match N {
                1 => "a whole number or two of them",
                2 => "a whole number, two of them, or two pairs of them",
                _ => "a whole number, three of them, or three pairs of them",
            };
            expected(what, value)
        })
    }
}

impl<const N: usize> From<Edges<N>> for Value {
    fn from(Edges(edges): Edges<N>) -> Value {
        match &edges[..] {
            [only] => (*only).into(),
            _ => edges.into(),
        }
    }
}

macro_rules! edges {
    ($($axes:literal $what:literal: $padding:ident = $added:literal, $cropping:ident { $($kind:ident)? } = $taken:literal;)*) => {$(
        settings! {
            /// Zeros at the edges of each sample.
            #[derive(Clone, Debug)]
            pub struct $padding {
                /// How many places of zeros.
                padding: Edges<$axes> = Edges::all($added),
                /// Where the channels are: last, always.
                data_format: ChannelsLast = ChannelsLast,
            }
        }

        settings! {
            /// Each sample without some places at its edges.
            #[derive(Clone, Debug)]
            pub struct $cropping {
                /// How many places are cut off.
                cropping: Edges<$axes> = Edges::all($taken),
                $(
                    /// Where the channels are: last, always.
                    data_format: $kind = $kind,
                )?
            }
        }

        impl Mapping for $padding {
            fn class_name(&self) -> &str {
                stringify!($padding)
            }

            fn config(&self) -> Value {
                self.to_json()
            }

            fn output_shape(&self, input: &[usize]) -> Result<Shape> {
                expect_rank(self.class_name(), input, $axes + 1, $what)?;
                let mut shape = Shape::new(input)?;
                for (axis, [first, last]) in self.padding.0.into_iter().enumerate() {
                    shape = shape.with(axis, input[axis].saturating_add(first).saturating_add(last));
                }
                Shape::new(&shape)
            }

            fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
                let sample = self.output_shape(x.shape().get(1..).unwrap_or_default())?;
                let shape = Shape::join(&[x.shape()[0]], &sample)?;
                x.pad_zero(&self.padding.begin()[..shape.len()], &shape)
            }
        }

        impl Mapping for $cropping {
            fn class_name(&self) -> &str {
                stringify!($cropping)
            }

            fn config(&self) -> Value {
                self.to_json()
            }

            fn output_shape(&self, input: &[usize]) -> Result<Shape> {
                expect_rank(self.class_name(), input, $axes + 1, $what)?;
                let mut shape = Shape::new(input)?;
                for (axis, [first, last]) in self.cropping.0.into_iter().enumerate() {
                    let taken = first.saturating_add(last);
                    if taken >= input[axis] {
                        bail!(
                            Shape,
                            "{}: nothing is left of {input:?} without {:?}",
                            self.class_name(),
                            self.cropping.0
                        );
                    }
                    shape = shape.with(axis, input[axis] - taken);
                }
                Ok(shape)
            }

            fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
                let sample = self.output_shape(x.shape().get(1..).unwrap_or_default())?;
                let shape = Shape::join(&[x.shape()[0]], &sample)?;
                x.slice(&self.cropping.begin()[..shape.len()], &shape)
            }
        }
    )*};
}

edges! {
    1 "[time, features]": ZeroPadding1D = 1, Cropping1D {} = 1;
    2 "[height, width, channels]": ZeroPadding2D = 1, Cropping2D { ChannelsLast } = 0;
    3 "[depth, height, width, channels]": ZeroPadding3D = 1, Cropping3D { ChannelsLast } = 1;
}
