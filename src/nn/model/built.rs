//! A model whose layers have their weights.
use super::Graph;
use crate::base::error::Result;
use crate::base::places::Places;
use crate::nn::layer::{Context, Masks, Tensors};
use crate::nn::{Activation, Weight};
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
        Built {
            graph,
            weights,
            ranges,
            places,
            seen: RefCell::default(),
        }
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

    /// Refuses batches of samples that the model cannot take.
    pub(super) fn check_batch(&self, inputs: &[Tensor]) -> Result<()> {
        let samples = inputs.iter();
        self.graph
            .check_inputs(samples.map(|x| x.shape().get(1..).unwrap_or_default()))
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
