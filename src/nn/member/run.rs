//! Running a layer: its results and their masks.
use super::Member;
use crate::base::error::Result;
use crate::nn::own_parts::ARE_HERE;
use crate::nn::{Action, Activation, Context, Layer, Masks, OfTensor, Tensors};
use crate::tensor::Tensor;
use alloc::vec::Vec;

impl Member {
    /// The activation that a raw [`call`](Member::call) leaves out.
    pub fn activation(&self) -> Activation {
        if self.output_regularizers().is_empty() {
            return self.0.layer.activation();
        }
        // A penalty on outputs needs them whole.
        Activation::Linear
    }

    /// The functions of the user's that are about its outputs.
    fn output_regularizers(&self) -> Vec<OfTensor> {
        if !ARE_HERE {
            return Vec::new();
        }
        let state = self.0.state.borrow();
        let parts = state.parts.iter();
        parts
            .filter_map(|part| match &part.action {
                Action::RegularizeOutput(own) => Some(own.clone()),
                _ => None,
            })
            .collect()
    }

    /// Adds to the loss what functions of the user's say of its outputs: Keras' mean over the batch.
    fn regularize(
        &self,
        outputs: &[Tensor],
        own: &[OfTensor],
        context: &mut Context,
    ) -> Result<()> {
        for (own, y) in own
            .iter()
            .flat_map(|own| outputs.iter().map(move |y| (own, y)))
        {
            let samples = y.shape().first().copied().unwrap_or(1).max(1) as f32;
            context.add_loss(own(y)?.scale(1.0 / samples));
        }
        Ok(())
    }

    /// Runs the layer; `raw` leaves its [activation](Member::activation) out.
    ///
    /// # Errors
    /// Those of its ops, with its name in front.
    pub fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Result<Tensors> {
        let mut own = self.own(context);
        let (layer, regularizers) = (&self.0.layer, self.output_regularizers());
        let outputs = if raw && regularizers.is_empty() {
            layer.call_raw(inputs, weights, &mut own)
        } else {
            layer.call(inputs, weights, &mut own)
        };
        let outputs = outputs.map_err(|error| self.at(error))?;
        self.regularize(&outputs, &regularizers, &mut own)?;
        Ok(outputs)
    }

    /// Runs the layer as [`call`](Member::call) does, and finds the masks of its outputs.
    ///
    /// # Errors
    /// Those of its ops, with its name in front.
    pub(crate) fn run(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Result<(Tensors, Masks)> {
        let (mut own, regularizers) = (self.own(context), self.output_regularizers());
        let raw = raw && regularizers.is_empty();
        let found = call_with_masks(&*self.0.layer, inputs, weights, &mut own, raw);
        let found = found.map_err(|error| self.at(error))?;
        self.regularize(&found.0, &regularizers, &mut own)?;
        Ok(found)
    }

    /// The context of a pass as this layer sees it.
    fn own<'a>(&self, context: &'a mut Context) -> Context<'a> {
        let (masks, options) = (context.masks, context.options);
        let mut own = context.within(0, masks);
        own.options = options;
        own.trainable = self.trainable();
        own
    }

    /// The masks of its outputs.
    ///
    /// # Errors
    /// Those of its ops, with its name in front.
    pub fn output_masks(&self, inputs: &[Tensor], context: &mut Context) -> Result<Masks> {
        let masks = self.0.layer.output_masks(inputs, context);
        masks.map_err(|error| self.at(error))
    }
}

/// The outputs of a layer and their masks.
fn call_with_masks(
    layer: &dyn Layer,
    inputs: &[Tensor],
    weights: &[Tensor],
    context: &mut Context,
    raw: bool,
) -> Result<(Tensors, Masks)> {
    if let Some(found) = layer.call_with_masks(inputs, weights, context, raw) {
        return found;
    }
    let masks = layer.output_masks(inputs, context)?;
    let outputs = match raw {
        true => layer.call_raw(inputs, weights, context),
        false => layer.call(inputs, weights, context),
    };
    Ok((outputs?, masks))
}
