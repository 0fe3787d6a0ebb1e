//! Layers that add to the edges of an image, or take from them.
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected, settings};
use crate::nn::layer::expect_rank;
use crate::nn::pair::ChannelsLast;
use crate::nn::{Context, Mapping};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

/// How many places at each edge: `top`, `bottom`, `left`, `right`. In JSON a number, or a list of two (down and across),
/// each of which is a number or a list of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edges {
    /// Above the first row.
    pub top: usize,
    /// Below the last row.
    pub bottom: usize,
    /// Before the first column.
    pub left: usize,
    /// After the last column.
    pub right: usize,
}

impl Edges {
    /// The same everywhere.
    pub const fn all(count: usize) -> Self {
        Edges {
            top: count,
            bottom: count,
            left: count,
            right: count,
        }
    }

    /// What both edges take of a length together.
    fn both(first: usize, second: usize) -> usize {
        first.saturating_add(second)
    }
}

impl Setting for Edges {
    fn read(value: &Value) -> Result<Self> {
        let pair = |value: &Value| match value.as_array() {
            Some([first, second]) => Ok((usize::read(first)?, usize::read(second)?)),
            _ => usize::read(value).map(|both| (both, both)),
        };
        let read = || match value.as_array() {
            Some([down, across]) => {
                let ((top, bottom), (left, right)) = (pair(down)?, pair(across)?);
                Ok(Edges {
                    top,
                    bottom,
                    left,
                    right,
                })
            }
            _ => usize::read(value).map(Edges::all),
        };
        read().or_else(|_| expected("a whole number, two of them, or two pairs of them", value))
    }
}

impl From<Edges> for Value {
    fn from(edges: Edges) -> Value {
        [[edges.top, edges.bottom], [edges.left, edges.right]].into()
    }
}

settings! {
    /// Zeros around each image.
    #[derive(Clone, Debug)]
    pub struct ZeroPadding2D {
        /// How many rows and columns of zeros.
        padding: Edges = Edges::all(1),
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

settings! {
    /// Each image without some rows and columns at its edges.
    #[derive(Clone, Debug)]
    pub struct Cropping2D {
        /// How many rows and columns go.
        cropping: Edges = Edges::all(0),
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

const IMAGE: &str = "[height, width, channels]";

impl Mapping for ZeroPadding2D {
    fn class_name(&self) -> &str {
        "ZeroPadding2D"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        expect_rank("ZeroPadding2D", input, 3, IMAGE)?;
        let Edges {
            top,
            bottom,
            left,
            right,
        } = self.padding;
        let height = input[0].saturating_add(Edges::both(top, bottom));
        let width = input[1].saturating_add(Edges::both(left, right));
        Shape::new(&[height, width, input[2]])
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let sample = self.output_shape(x.shape().get(1..).unwrap_or_default())?;
        let shape = Shape::join(&[x.shape()[0]], &sample)?;
        x.pad_zero(&[0, self.padding.top, self.padding.left, 0], &shape)
    }
}

impl Mapping for Cropping2D {
    fn class_name(&self) -> &str {
        "Cropping2D"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        expect_rank("Cropping2D", input, 3, IMAGE)?;
        let edges = self.cropping;
        let (down, across) = (
            Edges::both(edges.top, edges.bottom),
            Edges::both(edges.left, edges.right),
        );
        if down >= input[0] || across >= input[1] {
            bail!(
                Shape,
                "Cropping2D: nothing is left of {input:?} without {down} rows and {across} columns"
            );
        }
        Shape::new(&[input[0] - down, input[1] - across, input[2]])
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let sample = self.output_shape(x.shape().get(1..).unwrap_or_default())?;
        let shape = Shape::join(&[x.shape()[0]], &sample)?;
        x.slice(&[0, self.cropping.top, self.cropping.left, 0], &shape)
    }
}
