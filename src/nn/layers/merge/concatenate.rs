//! Tensors one after the other.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::nn::layer::{Masks, Tensors, sample_axis};
use crate::nn::{Context, Dims, Layer};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};
use smallvec::smallvec;

settings! {
    /// All inputs one after the other along an axis. Along the batch axis it may be applied to tensors only: the samples of
    /// a model keep their number.
    #[derive(Clone, Debug)]
    pub struct Concatenate {
        /// Along which axis; it counts the batch axis, and −1 is the last.
        axis: isize = -1,
    }
}

impl Concatenate {
    /// Along which axis of a batch whose samples have `rank` axes.
    fn place(&self, rank: usize) -> Result<usize> {
        match self.is_batch_axis(rank) {
            true => Ok(0),
            false => Ok(1 + sample_axis("Concatenate", self.axis, rank)?),
        }
    }

    fn is_batch_axis(&self, rank: usize) -> bool {
        self.axis == 0 || self.axis == -1 - rank as isize
    }
}

impl Layer for Concatenate {
    fn class_name(&self) -> &str {
        "Concatenate"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let Some(first) = inputs.first() else {
            bail!(Shape, "Concatenate: at least one input is expected");
        };
        let axis = self.place(first.len())?.checked_sub(1);
        // What must be the same in all inputs.
        let rest = |input: &Shape| axis.map_or(*input, |axis| input.with(axis, 0));
        let mut length: usize = 0;
        for input in inputs {
            if input.len() != first.len() || rest(input) != rest(first) {
                bail!(
                    Shape,
                    "Concatenate: samples of shapes {inputs:?} differ outside axis {}",
                    self.axis
                );
            }
            length = length.saturating_add(axis.map_or(0, |axis| input[axis]));
        }
        let joined = axis.map_or(*first, |axis| first.with(axis, length));
        Ok(vec![Shape::new(&joined)?])
    }

    fn joins_batches(&self, inputs: &[Dims]) -> bool {
        inputs.iter().any(|input| self.is_batch_axis(input.len()))
    }

    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        let outputs = Dims::outputs(inputs, &|shapes| self.output_shapes(shapes))?;
        if !self.joins_batches(inputs) {
            return Ok(outputs);
        }
        let samples = inputs.iter().map(Dims::batch).sum();
        Ok(outputs.into_iter().map(|y| y.of_batch(samples)).collect())
    }

    fn call(&self, inputs: &[Tensor], _: &[Tensor], _: &mut Context) -> Result<Tensors> {
        Ok(smallvec![Tensor::concat(inputs, self.axis)?])
    }

    /// The mask of each value goes where the value goes; a step counts if one of its values does.
    fn output_masks(&self, inputs: &[Tensor], context: &mut Context) -> Result<Masks> {
        if inputs
            .iter()
            .enumerate()
            .all(|(index, _)| context.mask(index).is_none())
        {
            return Ok(Masks::new());
        }
        let of_values = |(index, x): (usize, &Tensor)| {
            let Some(mask) = context.mask(index) else {
                return Tensor::full(x.shape(), 1.0);
            };
            let mut mask = mask.clone();
            while mask.shape().len() < x.shape().len() {
                mask = mask.reshape(&Shape::join(mask.shape(), &[1])?)?;
            }
            mask.broadcast_to(x.shape())
        };
        let masks: Result<Vec<Tensor>> = inputs.iter().enumerate().map(of_values).collect();
        Ok(smallvec![Some(
            Tensor::concat(&masks?, self.axis)?.max(&[-1], false)?
        )])
    }
}
