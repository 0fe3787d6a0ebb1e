//! Steps that do not count.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::nn::layer::{Masks, Tensors};
use crate::nn::{Context, Layer};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};
use smallvec::smallvec;

settings! {
    /// Masks the steps all of whose values are `mask_value`: layers that heed masks leave them out. Their values
    /// become 0.
    #[derive(Clone, Debug)]
    pub struct Masking {
        /// The value that means nothing.
        mask_value: f32 = 0.0,
    }
}

impl Masking {
    /// 1 for each step that counts, else 0; the last axis has length 1 if it is kept.
    fn mask(&self, x: &Tensor, keep: bool) -> Result<Tensor> {
        let counts = x.detach().not_equal(&Tensor::scalar(self.mask_value))?;
        counts.max(&[-1], keep)
    }
}

/// The only input, which needs an axis besides the batch.
fn only<T>(inputs: &[T]) -> Result<&T> {
    match inputs {
        [input] => Ok(input),
        _ => bail!(
            Shape,
            "Masking: one input is expected, but there are {}",
            inputs.len()
        ),
    }
}

impl Layer for Masking {
    fn class_name(&self) -> &str {
        "Masking"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let input = only(inputs)?;
        if input.last().is_none_or(|&features| features == 0) {
            bail!(
                Shape,
                "Masking: each sample must be [time, features], but has the shape {input:?}"
            );
        }
        Ok(vec![*input])
    }

    fn call(&self, inputs: &[Tensor], _: &[Tensor], _: &mut Context) -> Result<Tensors> {
        let x = only(inputs)?;
        Ok(smallvec![x.mul(&self.mask(x, true)?)?])
    }

    fn output_masks(&self, inputs: &[Tensor], _: &mut Context) -> Result<Masks> {
        Ok(smallvec![Some(self.mask(only(inputs)?, false)?)])
    }
}
