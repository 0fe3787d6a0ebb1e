//! Samples: inputs with what the model should answer.
use super::Features;
use super::loss::Targets;
use crate::base::error::{Result, bail};
use crate::memory::vector;
use crate::nn::Tensors;
use crate::tensor::Tensor;
use alloc::{rc::Rc, vec::Vec};
use core::ops::Range;
use smallvec::SmallVec;

/// Inputs with their targets, shared by everyone who reads them.
#[derive(Clone)]
pub struct Data {
    /// For each input of the model the values of all samples.
    pub x: Vec<Rc<Features>>,
    /// For each output what the model should answer.
    pub targets: Vec<Rc<Targets>>,
    /// How much each sample counts, `[samples]`, or each of its steps, `[samples, steps]`: once for all outputs, or for each
    /// output. 1 where it is not given.
    pub weights: SampleWeights,
}

/// How much samples count: nothing where all count 1, one tensor for all outputs, or one for each output.
pub type SampleWeights = SmallVec<[Option<Tensor>; 1]>;

/// What counts for the output at this place.
pub(crate) fn weights_at(weights: &[Option<Tensor>], output: usize) -> Option<&Tensor> {
    match weights {
        [one] => one.as_ref(),
        all => all.get(output).and_then(Option::as_ref),
    }
}

/// The numbers of these samples, for `what` (`"fit"`).
///
/// # Errors
/// There is no memory for them.
pub(super) fn indices(what: &str, samples: Range<usize>) -> Result<Vec<u32>> {
    let mut indices = vector(what, samples.len())?;
    indices.extend(samples.map(|index| index as u32));
    Ok(indices)
}

impl Data {
    /// Data of a model with one input and one output.
    pub fn new(x: Features, targets: Targets) -> Self {
        Data {
            x: [Rc::new(x)].into(),
            targets: [Rc::new(targets)].into(),
            weights: SampleWeights::new(),
        }
    }

    /// How many samples.
    pub fn len(&self) -> usize {
        self.x.first().map_or(0, |x| x.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Refuses inputs of different numbers of samples, and weights that do not fit.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self) -> Result<()> {
        let samples = self.len();
        if let Some(other) = self.x.iter().find(|x| x.len() != samples) {
            bail!(
                Shape,
                "data: the first input has {samples} samples, another has {}",
                other.len()
            );
        }
        for weights in self.weights.iter().flatten() {
            if weights.shape().first() != Some(&samples) || weights.shape().len() > 2 {
                bail!(
                    Shape,
                    "sample_weight: expected [{samples}] or [{samples}, steps], not {:?}",
                    weights.shape()
                );
            }
            if weights.data().iter().any(|w| !w.is_finite()) {
                bail!(Value, "sample_weight: a weight is not a finite number");
            }
        }
        Ok(())
    }

    /// The inputs of these samples.
    ///
    /// # Errors
    /// An index past the end.
    pub(crate) fn inputs(&self, indices: &[u32]) -> Result<Tensors> {
        self.x.iter().map(|x| x.batch(indices)).collect()
    }

    /// Makes `batch` the targets of these samples, in its memory if it can be.
    pub(crate) fn targets_into(&self, indices: &[u32], batch: &mut Vec<Targets>) -> Result<()> {
        batch.resize_with(self.targets.len(), || Targets::classes(Vec::new()));
        let both = self.targets.iter().zip(batch);
        both.into_iter()
            .try_for_each(|(targets, batch)| targets.batch_into(indices, batch))
    }

    /// The weights of these samples.
    pub(crate) fn weights(&self, indices: &[u32]) -> Result<SampleWeights> {
        let rows = |weights: &Option<Tensor>| match weights {
            Some(weights) => weights.rows(indices).map(Some),
            None => Ok(None),
        };
        self.weights.iter().map(rows).collect()
    }

    /// These samples as data of their own.
    ///
    /// # Errors
    /// An index past the end, or too little memory.
    pub(crate) fn part(&self, indices: &[u32]) -> Result<Data> {
        let x = self.x.iter();
        let targets = self.targets.iter();
        Ok(Data {
            x: x.map(|x| Ok(Rc::new(x.part(indices)?)))
                .collect::<Result<_>>()?,
            targets: targets
                .map(|targets| Ok(Rc::new(targets.batch(indices)?)))
                .collect::<Result<_>>()?,
            weights: self.weights(indices)?,
        })
    }
}
