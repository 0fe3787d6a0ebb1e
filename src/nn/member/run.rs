//! Running a layer: its results and their masks.
use super::Member;
use crate::base::error::Result;
use crate::nn::{Context, Masks, Tensors};
use crate::tensor::Tensor;

impl Member {
    /// Runs the layer; `raw` leaves its activation out.
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
        let layer = &self.0.layer;
        let outputs = if raw {
            layer.call_raw(inputs, weights, &mut own)
        } else {
            layer.call(inputs, weights, &mut own)
        };
        outputs.map_err(|error| self.at(error))
    }

    /// Runs the layer as [`call`](Member::call) does, and finds the masks of its outputs. Those of a model are known
    /// only once its layers have run.
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
        if let Some(model) = self.0.layer.as_model() {
            let found = model.pass(inputs, weights, &mut self.own(context), raw);
            return found.map_err(|error| self.at(error));
        }
        let masks = self.output_masks(inputs, context)?;
        Ok((self.call(inputs, weights, context, raw)?, masks))
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
