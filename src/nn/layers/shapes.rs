//! Layers that only change the shape of a sample.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
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
