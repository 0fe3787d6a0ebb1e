//! Tensors one after the other.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::nn::layer::{Masks, Tensors, sample_axis};
use crate::nn::{Context, Layer};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};
use smallvec::smallvec;

settings! {
    /// All inputs one after the other along an axis.
    #[derive(Clone, Debug)]
    pub struct Concatenate {
        /// Along which axis; it counts the batch axis, and −1 is the last.
        axis: isize = -1,
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
        let axis = sample_axis("Concatenate", self.axis, first.len())?;
        let mut length: usize = 0;
        for input in inputs {
            if input.len() != first.len() || input.with(axis, 0) != first.with(axis, 0) {
                bail!(
                    Shape,
                    "Concatenate: samples of shapes {inputs:?} differ outside axis {}",
                    self.axis
                );
            }
            length = length.saturating_add(input[axis]);
        }
        Ok(vec![Shape::new(&first.with(axis, length))?])
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
