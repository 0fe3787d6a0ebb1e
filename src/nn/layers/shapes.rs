//! Layers that only change the shape of a sample.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::nn::layer::{expect_rank, positive};
use crate::nn::pair::ChannelsLast;
use crate::nn::{Context, Mapping};
use crate::tensor::Tensor;
use crate::tensor::shape::{MAX_RANK, Shape};
use alloc::vec::Vec;

settings! {
    /// Each sample as one row of values.
    #[derive(Clone, Debug)]
    pub struct Flatten {
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

settings! {
    /// Each sample in another shape; one axis may be −1, which is worked out.
    #[derive(Clone, Debug)]
    pub struct Reshape {
        /// The shape; −1 stands for what is left.
        target_shape: Vec<isize>,
    }
}

/// The batch axis in front of a sample's shape.
fn batched(x: &Tensor, sample: &[usize]) -> Result<Tensor> {
    let batch = x.shape().first().copied().unwrap_or(1);
    x.reshape(&Shape::join(&[batch], sample)?)
}

impl Mapping for Flatten {
    fn class_name(&self) -> &str {
        "Flatten"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(&[input.iter().product()])
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        batched(
            x,
            &self.output_shape(x.shape().get(1..).unwrap_or_default())?,
        )
    }
}

impl Mapping for Reshape {
    fn class_name(&self) -> &str {
        "Reshape"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        let target = &self.target_shape;
        let (free, wrong) = (
            target.iter().filter(|&&dim| dim == -1).count(),
            target.iter().any(|&dim| dim < -1),
        );
        if free > 1 || wrong {
            bail!(
                Value,
                "Reshape: `target_shape` {target:?} may have one −1, and no other negative size"
            );
        }
        Ok(())
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        let (size, target) = (input.iter().product::<usize>(), &self.target_shape);
        let known: usize = target
            .iter()
            .filter(|&&dim| dim >= 0)
            .map(|&dim| dim as usize)
            .product();
        let free = size.checked_div(known).unwrap_or(0);
        // Room for one axis too many, which a shape refuses.
        let mut dims = [1; MAX_RANK + 1];
        for (to, &dim) in dims.iter_mut().zip(target) {
            *to = usize::try_from(dim).unwrap_or(free);
        }
        let shape = Shape::new(&dims[..target.len().min(MAX_RANK + 1)])?;
        if shape.size() != size {
            bail!(
                Shape,
                "Reshape: samples of shape {input:?} have {size} values and cannot become {target:?}"
            );
        }
        Ok(shape)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        batched(
            x,
            &self.output_shape(x.shape().get(1..).unwrap_or_default())?,
        )
    }
}

settings! {
    /// The axes of each sample in another order.
    #[derive(Clone, Debug)]
    pub struct Permute {
        /// For each axis of the result which axis of a sample it is, counted from 1.
        dims: Vec<usize>,
    }
}

settings! {
    /// Each sample, a row of values, so many times one after the other: `[c] → [n, c]`.
    #[derive(Clone, Debug)]
    pub struct RepeatVector {
        /// How many times.
        n: usize,
    }
}

impl Mapping for Permute {
    fn class_name(&self) -> &str {
        "Permute"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        let rank = self.dims.len();
        if rank >= MAX_RANK || !(1..=rank).all(|axis| self.dims.contains(&axis)) {
            bail!(
                Value,
                "Permute: `dims` must name each axis from 1 to {rank} once, but is {:?}",
                self.dims
            );
        }
        Ok(())
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        if input.len() != self.dims.len() {
            bail!(
                Shape,
                "Permute: samples of shape {input:?} do not have the {} axes of `dims`",
                self.dims.len()
            );
        }
        let lengths: Vec<usize> = self.dims.iter().map(|&axis| input[axis - 1]).collect();
        Shape::new(&lengths)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let order: Vec<usize> = [0].into_iter().chain(self.dims.iter().copied()).collect();
        x.transpose(&order)
    }
}

impl Mapping for RepeatVector {
    fn class_name(&self) -> &str {
        "RepeatVector"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        positive("RepeatVector: `n`", &[self.n])
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        expect_rank("RepeatVector", input, 1, "[features]")?;
        Shape::join(&[self.n], input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let [batch, features] = **x.shape() else {
            bail!(
                Shape,
                "RepeatVector: expected [batch, features], not {:?}",
                x.shape()
            );
        };
        let rows = x.reshape(&[batch, 1, features])?;
        rows.broadcast_to(&[batch, self.n, features])
    }
}
