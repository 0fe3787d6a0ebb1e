//! Weights as safetensors: names, shapes and little-endian `f32`, readable by every other framework.
use super::Weight;
use crate::error::{Error, Result, bail};
use crate::tensor::Tensor;
use alloc::{format, string::String, vec::Vec};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};

/// The weights as one file.
pub(super) fn save<'a>(weights: impl Iterator<Item = &'a Weight>) -> Result<Vec<u8>> {
    let bytes: Vec<(&str, &Tensor, Vec<u8>)> = weights
        .map(|weight| {
            let bytes = weight
                .value
                .data()
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect();
            (&*weight.name, &weight.value, bytes)
        })
        .collect();
    let mut views = Vec::with_capacity(bytes.len());
    for (name, value, bytes) in &bytes {
        let view = TensorView::new(Dtype::F32, value.shape().to_vec(), bytes)
            .map_err(|error| foreign(&error))?;
        views.push((*name, view));
    }
    serialize(views, None).map_err(|error| foreign(&error))
}

/// The values for these weights, in their order.
pub(super) fn load<'a>(
    bytes: &[u8],
    weights: impl Iterator<Item = &'a Weight>,
) -> Result<Vec<Tensor>> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| foreign(&error))?;
    let mut values = Vec::new();
    for weight in weights {
        let Ok(view) = file.tensor(&weight.name) else {
            bail!(
                Format,
                "weights: `{}` is not in the file, which has {}",
                weight.name,
                file.names().join(", ")
            );
        };
        if view.dtype() != Dtype::F32 || view.shape() != &**weight.value.shape() {
            bail!(
                Format,
                "weights: `{}` is {:?} {:?} in the file, but the model has F32 {:?}",
                weight.name,
                view.dtype(),
                view.shape(),
                weight.value.shape()
            );
        }
        let (words, _) = view.data().as_chunks::<4>();
        values.push(Tensor::new(
            words.iter().map(|&word| f32::from_le_bytes(word)).collect(),
            view.shape(),
        )?);
    }
    Ok(values)
}

fn foreign(error: &dyn core::fmt::Display) -> Error {
    Error::Format(format!("weights: not a safetensors file ({error})"))
}

/// `MaxPooling2D` as `max_pooling2d`.
pub(super) fn snake(class_name: &str) -> String {
    let mut snake = String::new();
    let mut previous_lower = false;
    for c in class_name.chars() {
        if c.is_ascii_uppercase() && previous_lower {
            snake.push('_');
        }
        previous_lower = c.is_ascii_lowercase();
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
