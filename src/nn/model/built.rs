//! A model whose layers have their weights.
use super::Graph;
use crate::base::error::{Result, bail};
use crate::base::places::Places;
use crate::nn::layer::{Context, MAY_CARRY, Masks, Tensors};
use crate::nn::{Activation, Member, Weight};
use crate::tensor::Tensor;
use alloc::{rc::Rc, vec::Vec};
use core::cell::RefCell;
use core::ops::Range;
use smallvec::SmallVec;

/// The weights of a model that is built.
pub(crate) struct Built {
    pub(crate) graph: Rc<Graph>,
    /// All weights, each once, layer by layer.
    pub(crate) weights: Vec<Weight>,
    /// Which of the places below each layer has.
    pub(super) ranges: Vec<Range<usize>>,
    /// For each place a layer sees, which weight it is; empty where the two are the same. They differ where a layer is
    /// reached in two ways: as a layer of this model and inside another layer.
    pub(super) places: Vec<usize>,
    /// Whether a layer keeps states from one batch to the next: all batches have one size then.
    pub(crate) stateful: bool,
    /// Room for what layers see while a pass is under way, where that is not the weights as they are.
    pub(super) seen: RefCell<Vec<Tensor>>,
}

impl Built {
    pub(super) fn of(graph: Rc<Graph>) -> Self {
        let (mut weights, mut ranges) = (Vec::<Weight>::new(), Vec::new());
        let (mut places, mut known) = (Vec::new(), Places::new());
        for member in &graph.members {
            let start = places.len();
            for weight in member.weights() {
                let place = known.get_or_set(weight.key() as usize, weights.len());
                if place == weights.len() {
                    weights.push(weight);
                }
                places.push(place);
            }
            ranges.push(start..places.len());
        }
        if places.len() == weights.len() {
            places.clear();
        }
        let stateful = MAY_CARRY && graph.members.iter().any(Member::is_stateful);
        Built {
            graph,
            weights,
            ranges,
            places,
            stateful,
            seen: RefCell::default(),
        }
    }

    /// How many samples each batch must have, if a layer keeps states from one to the next.
    pub(super) fn fixed_batch(&self) -> Option<usize> {
        let dims = |&node: &usize| self.graph.nodes[node].outputs[0].batch();
        let batch = || self.graph.inputs.iter().find_map(dims);
        (MAY_CARRY && self.stateful).then(batch).flatten()
    }

    /// Refuses stateful layers where no batch size is known.
    pub(super) fn check_stateful(&self) -> Result<()> {
        if MAY_CARRY && self.stateful && self.fixed_batch().is_none() {
            let members = self.graph.members.iter();
            let name = members.filter(|member| member.is_stateful());
            bail!(
                Value,
                "layer {}: with `stateful` the batch size must be fixed: give the first layer `batch_input_shape`, or the input `batch_shape`",
                name.map(Member::title).next().unwrap_or_default()
            );
        }
        Ok(())
    }

    /// Refuses `samples` in batches of `batch_size` where stateful layers need batches of another size.
    ///
    /// # Errors
    /// Says of which.
    pub(crate) fn check_batches(&self, samples: usize, batch_size: usize) -> Result<()> {
        let Some(fixed) = self.fixed_batch() else {
            return Ok(());
        };
        let size = batch_size.min(samples);
        if size != fixed || !samples.is_multiple_of(fixed) {
            bail!(
                Shape,
                "the model is stateful and takes batches of {fixed} samples, but {samples} samples in batches of {batch_size} were given"
            );
        }
        Ok(())
    }

    /// Which weight is changed by an update of the place that a layer sees.
    pub(crate) fn weight_at(&self, place: usize) -> &Weight {
        &self.weights[self.places.get(place).copied().unwrap_or(place)]
    }

    /// The activations that a raw pass leaves out, one for each output.
    pub(crate) fn activations(&self) -> SmallVec<[Activation; 4]> {
        let outputs = 0..self.graph.outputs.len();
        outputs
            .map(|output| self.graph.activation(output))
            .collect()
    }

    /// Refuses batches of samples that the model cannot take; in a trial stateful layers take batches of any size.
    pub(super) fn check_batch(&self, inputs: &[Tensor], is_trial: bool) -> Result<()> {
        self.check_size(inputs, is_trial)?;
        self.graph.check_inputs(inputs.iter().map(sample_of))
    }

    /// The same where a program calls the model, as it would a layer.
    pub(super) fn check_called(&self, inputs: &[Tensor], is_trial: bool) -> Result<()> {
        self.check_size(inputs, is_trial)?;
        self.graph.check_called(inputs.iter().map(sample_of))
    }

    fn check_size(&self, inputs: &[Tensor], is_trial: bool) -> Result<()> {
        if !is_trial
            && let Some(fixed) = self.fixed_batch()
            && let Some(x) = inputs.iter().find(|x| x.shape().first() != Some(&fixed))
        {
            bail!(
                Shape,
                "the model is stateful and takes batches of {fixed} samples, but this one is {:?}",
                x.shape()
            );
        }
        Ok(())
    }

    /// Computes the outputs from values for [`weights`](Built::weights).
    ///
    /// # Errors
    /// Those of the layers.
    pub(crate) fn run(
        &self,
        inputs: &[Tensor],
        values: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Result<(Tensors, Masks)> {
        if self.places.is_empty() {
            return self.graph.run(inputs, values, &self.ranges, context, raw);
        }
        let mut seen = self.seen.take();
        seen.extend(self.places.iter().map(|&place| values[place].clone()));
        let outputs = self.graph.run(inputs, &seen, &self.ranges, context, raw);
        seen.clear();
        self.seen.replace(seen);
        outputs
    }
}

/// The shape of a sample of a batch.
fn sample_of(batch: &Tensor) -> &[usize] {
    batch.shape().get(1..).unwrap_or_default()
}
