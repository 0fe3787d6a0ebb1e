//! Computing the outputs of a graph.
use super::{Graph, Port};
use crate::base::error::{Result, bail};
use crate::nn::layer::{Context, Masks, Tensors};
use crate::nn::{Activation, Member};
use crate::tensor::Tensor;
use alloc::vec::Vec;
use core::mem::take;
use core::ops::Range;

#[derive(Default)]
pub(super) struct Pass {
    values: Vec<Tensors>,
    masks: Vec<Masks>,
    /// What the layer at work is called with, and the masks of that.
    inputs: Tensors,
    input_masks: Masks,
}

impl Graph {
    /// The activation that [`run`](Graph::run) leaves out at each output when asked for raw ones.
    pub(crate) fn activation(&self, output: usize) -> Activation {
        let node = &self.nodes[self.outputs[output].node];
        if node.ends {
            self.members[node.member].activation()
        } else {
            Activation::Linear
        }
    }

    /// Computes the outputs. `ranges` says which of `weights` each layer has; `raw` leaves out the
    /// [activations](Graph::activation) at the outputs.
    ///
    /// # Errors
    /// Those of the layers.
    pub(crate) fn run(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        ranges: &[Range<usize>],
        context: &mut Context,
        raw: bool,
    ) -> Result<(Tensors, Masks)> {
        let mut pass = self.scratch.take().unwrap_or_default();
        let found = self.fill(&mut pass, inputs, weights, ranges, context, raw);
        let outputs = found.map(|()| {
            let ports = self.outputs.iter();
            let masks = if pass.masks.iter().all(|masks| masks.is_empty()) {
                Masks::new()
            } else {
                ports.clone().map(|port| mask_at(&pass, *port)).collect()
            };
            let outputs = ports.map(|port| pass.values[port.node][port.output].clone());
            (outputs.collect(), masks)
        });
        pass.values.clear();
        pass.masks.clear();
        self.scratch.replace(Some(pass));
        outputs
    }

    fn fill(
        &self,
        pass: &mut Pass,
        inputs: &[Tensor],
        weights: &[Tensor],
        ranges: &[Range<usize>],
        context: &mut Context,
        raw: bool,
    ) -> Result<()> {
        pass.values.resize_with(self.nodes.len(), Tensors::new);
        pass.masks.resize_with(self.nodes.len(), Masks::new);
        for (place, &node) in self.inputs.iter().enumerate() {
            pass.values[node] = [inputs[place].clone()].into_iter().collect();
            if let Some(mask) = context.mask(place) {
                pass.masks[node] = [Some(mask.clone())].into_iter().collect();
            }
        }
        let (mut x, mut masks) = (take(&mut pass.inputs), take(&mut pass.input_masks));
        for (index, node) in self.nodes.iter().enumerate() {
            if node.inputs.is_empty() {
                continue;
            }
            x.clear();
            masks.clear();
            for port in &node.inputs {
                x.push(pass.values[port.node][port.output].clone());
            }
            if node
                .inputs
                .iter()
                .any(|port| !pass.masks[port.node].is_empty())
            {
                masks.extend(node.inputs.iter().map(|port| mask_at(pass, *port)));
            }
            // In inference a value that nobody needs again may be changed in place.
            for &free in &node.frees {
                pass.values[free].clear();
            }
            let (member, range) = (&self.members[node.member], &ranges[node.member]);
            let mut own = context.within(range.start, &masks);
            own.options = &node.options;
            let own_weights = &weights[range.clone()];
            let (outputs, masks_after) = member.run(&x, own_weights, &mut own, raw && node.ends)?;
            if outputs.len() != node.outputs.len() {
                bail!(
                    Shape,
                    "layer {}: {} results are expected, but there are {}",
                    member.title(),
                    node.outputs.len(),
                    outputs.len()
                );
            }
            let samples = x.first().and_then(|x| x.shape().first());
            if let Some(y) = outputs.iter().find(|y| y.shape().first() != samples) {
                refuse_samples(member, samples, y)?;
            }
            context.show(|| member.title(), &outputs);
            (pass.values[index], pass.masks[index]) = (outputs, masks_after);
        }
        x.clear();
        masks.clear();
        (pass.inputs, pass.input_masks) = (x, masks);
        Ok(())
    }
}

fn mask_at(pass: &Pass, port: Port) -> Option<Tensor> {
    pass.masks[port.node].get(port.output)?.clone()
}

/// Refuses a layer that does not keep the number of samples: batches are put together by them.
#[cold]
#[inline(never)]
fn refuse_samples(member: &Member, samples: Option<&usize>, y: &Tensor) -> Result<()> {
    bail!(
        Shape,
        "layer {}: in a model a layer keeps the number of samples, but of {} samples it made {:?}",
        member.title(),
        samples.copied().unwrap_or_default(),
        y.shape()
    );
}
