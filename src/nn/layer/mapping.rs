//! The simple form of a layer: one tensor in, one out.
use super::{Context, Layer, Masks, Tensors, WeightSpec};
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use crate::nn::{Activation, Dims, Regularizer, Seed};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};
use smallvec::smallvec;

/// A layer that maps one tensor to one: `y = activation(transform(x, weights))`.
pub trait Mapping {
    /// Keras' class name, `"Dense"`.
    fn class_name(&self) -> &str;

    /// The configuration as JSON, Keras' keys.
    fn config(&self) -> Value;

    /// Whether the configuration makes sense by itself.
    ///
    /// # Errors
    /// Names the key and what was expected.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The shape of one output sample for input samples of shape `input` (no batch axis).
    ///
    /// # Errors
    /// An input shape that this layer cannot take.
    fn output_shape(&self, input: &[usize]) -> Result<Shape>;

    /// The weights it needs for that input, in Keras' order.
    fn weights(&self, _input: &[usize]) -> Vec<WeightSpec> {
        Vec::new()
    }

    /// The mapping before the activation.
    ///
    /// # Errors
    /// Those of its ops.
    fn transform(&self, x: &Tensor, weights: &[Tensor], context: &mut Context) -> Result<Tensor>;

    /// The whole mapping, activation and all, of a layer that has a faster way than one after the other.
    fn fused(
        &self,
        _x: &Tensor,
        _weights: &[Tensor],
        _context: &mut Context,
    ) -> Option<Result<Tensor>> {
        None
    }

    /// What is applied to the transformed values; apart, so that a loss can see the logits.
    fn activation(&self) -> Activation {
        Activation::Linear
    }

    /// What the outputs add to the loss.
    fn activity_regularizer(&self) -> Option<Regularizer> {
        None
    }

    /// See [`Layer::seed`].
    fn seed(&self) -> Option<&Seed> {
        None
    }

    /// Whether the mask of the input is that of the output too.
    fn passes_mask(&self) -> bool {
        false
    }
}

impl<M: Mapping> Layer for M {
    fn class_name(&self) -> &str {
        Mapping::class_name(self)
    }

    fn config(&self) -> Value {
        Mapping::config(self)
    }

    fn check(&self) -> Result<()> {
        Mapping::check(self)
    }

    fn seed(&self) -> Option<&Seed> {
        Mapping::seed(self)
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        output_shapes(self, inputs)
    }

    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        output_dims(self, inputs)
    }

    fn weights(&self, inputs: &[Shape]) -> Vec<WeightSpec> {
        weights(self, inputs)
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        call(self, inputs, weights, context)
    }

    fn call_raw(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        call_raw(self, inputs, weights, context)
    }

    fn activation(&self) -> Activation {
        match self.activity_regularizer() {
            // A penalty on outputs needs them whole.
            Some(_) => Activation::Linear,
            None => Mapping::activation(self),
        }
    }

    fn output_masks(&self, _: &[Tensor], context: &mut Context) -> Result<Masks> {
        Ok(output_masks(self, context))
    }
}

// What layers of this form have in common stands here once, and not in each of some sixty layers again.

fn output_shapes(layer: &dyn Mapping, inputs: &[Shape]) -> Result<Vec<Shape>> {
    let input = one(layer.class_name(), inputs)?;
    Ok(vec![layer.output_shape(input)?])
}

fn output_dims(layer: &dyn Mapping, inputs: &[Dims]) -> Result<Vec<Dims>> {
    Dims::outputs(inputs, &|shapes| output_shapes(layer, shapes))
}

fn weights(layer: &dyn Mapping, inputs: &[Shape]) -> Vec<WeightSpec> {
    match inputs.first() {
        Some(input) => layer.weights(input),
        None => Vec::new(),
    }
}

fn call(
    layer: &dyn Mapping,
    inputs: &[Tensor],
    weights: &[Tensor],
    context: &mut Context,
) -> Result<Tensors> {
    let x = one(layer.class_name(), inputs)?;
    let y = match layer.fused(x, weights, context) {
        Some(y) => y?,
        None => {
            let y = layer.transform(x, weights, context)?;
            layer.activation().apply(&y)?
        }
    };
    context.regularize(layer.activity_regularizer(), &y)?;
    Ok(smallvec![y])
}

fn call_raw(
    layer: &dyn Mapping,
    inputs: &[Tensor],
    weights: &[Tensor],
    context: &mut Context,
) -> Result<Tensors> {
    if layer.activity_regularizer().is_some() {
        return call(layer, inputs, weights, context);
    }
    let x = one(layer.class_name(), inputs)?;
    Ok(smallvec![layer.transform(x, weights, context)?])
}

fn output_masks(layer: &dyn Mapping, context: &Context) -> Masks {
    match context.mask(0) {
        Some(mask) if layer.passes_mask() => smallvec![Some(mask.clone())],
        _ => Masks::new(),
    }
}

/// The only input of a layer that takes one.
fn one<'a, T>(class_name: &str, inputs: &'a [T]) -> Result<&'a T> {
    match inputs {
        [input] => Ok(input),
        _ => bail!(
            Shape,
            "{class_name}: one input is expected, but there are {}",
            inputs.len()
        ),
    }
}
