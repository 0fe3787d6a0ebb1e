//! What all layers that read sequences share, whatever their cells compute: which results they give, where their state
//! comes from and where it goes.
use crate::base::error::{Result, bail};
use crate::nn::layer::{Carried, Masks, Tensors};
use crate::nn::{Context, Regularizer};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};
use smallvec::smallvec;

/// How sequences are read.
#[derive(Clone, Copy)]
pub(super) struct How<'a> {
    /// The output of every step, not just the last.
    pub(super) sequences: bool,
    /// The last state as further outputs.
    pub(super) states: bool,
    /// From the last step to the first.
    pub(super) backwards: bool,
    /// Whether outputs of steps that do not count are 0.
    pub(super) zero_masked: bool,
    /// What the outputs add to the loss.
    pub(super) activity_regularizer: Option<Regularizer>,
    /// Where a stateful layer keeps its state.
    pub(super) carried: Option<&'a Carried>,
}

impl How<'_> {
    /// Reads forward, and gives the last output and the state.
    pub(super) const STEP: How<'static> = How {
        sequences: false,
        states: true,
        backwards: false,
        zero_masked: false,
        activity_regularizer: None,
        carried: None,
    };

    /// The state that sequences begin with: what the call is given after its first input, else what was kept; empty
    /// where that is zeros.
    pub(super) fn begin(
        &self,
        class_name: &str,
        inputs: &[Tensor],
        context: &Context,
    ) -> Result<Tensors> {
        let states = match (inputs.get(1..), self.carried) {
            (Some(&[]), Some(carried)) => context.states(carried),
            (Some(given), _) => given.iter().cloned().collect(),
            (None, _) => Tensors::new(),
        };
        let samples = |x: &Tensor| x.shape().first().copied();
        let batch = inputs.first().and_then(samples);
        if let Some(state) = states.iter().find(|state| samples(state) != batch) {
            let whose = match inputs.len() {
                1 => "that it kept from the batch before",
                _ => "that it is given",
            };
            bail!(
                Shape,
                "{class_name}: the state {whose} is {:?}, but this batch has {} samples",
                state.shape(),
                batch.unwrap_or(0)
            );
        }
        Ok(states)
    }

    /// The results of a call, from the outputs and the state after the last step, which a stateful layer keeps.
    pub(super) fn end(
        &self,
        outputs: Tensor,
        states: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        if let Some(carried) = self.carried {
            context.carry(carried, states);
        }
        let mut results: Tensors = smallvec![outputs];
        if self.states {
            results.extend(states.iter().cloned());
        }
        for result in &results {
            context.regularize(self.activity_regularizer, result)?;
        }
        Ok(results)
    }

    /// The shapes of results, from those of a step's output and of the states.
    pub(super) fn output_shapes(
        &self,
        time: usize,
        output: Shape,
        states: &[Shape],
    ) -> Result<Vec<Shape>> {
        let mut outputs = vec![match self.sequences {
            true => Shape::join(&[time], &output)?,
            false => output,
        }];
        if self.states {
            outputs.extend_from_slice(states);
        }
        Ok(outputs)
    }

    /// Outputs of all steps have the mask of the inputs; other results have none.
    pub(super) fn output_masks(&self, states: usize, context: &Context) -> Masks {
        match context.mask(0) {
            Some(mask) if self.sequences => {
                let mut masks: Masks = smallvec![Some(mask.clone())];
                if self.states {
                    masks.resize(1 + states, None);
                }
                masks
            }
            _ => Masks::new(),
        }
    }
}

/// What a cell computes in a step: `[y, new states…]` from the step's input and the states.
pub(super) type Step<'a> = &'a mut dyn FnMut(&Tensor, &[Tensor]) -> Result<Tensors>;

/// Reads the sequences `x` `[batch, time, …]` step by step, from `states`: all outputs or the last, and the last states.
/// At a step whose mask is 0 a sample keeps its state, and its output is that of the step before.
pub(super) fn step_by_step(
    how: &How,
    x: &Tensor,
    mut states: Tensors,
    mask: Option<&Tensor>,
    step: Step,
) -> Result<(Tensor, Tensors)> {
    let (batch, time) = (x.shape()[0], x.shape()[1]);
    let of_step = Shape::join(&[batch], &x.shape()[2..])?;
    let part = |t: usize| -> Result<Tensor> {
        let mut from = vec![0; x.shape().len()];
        let mut size = x.shape().to_vec();
        (from[1], size[1]) = (t, 1);
        x.slice(&from, &size)?.reshape(&of_step)
    };
    let mut rows: Vec<Tensor> = Vec::new();
    let mut last: Option<Tensor> = None;
    for index in 0..time {
        let t = if how.backwards {
            time - 1 - index
        } else {
            index
        };
        let mut results = step(&part(t)?, &states)?;
        if let Some(mask) = mask {
            let counts = mask.slice(&[0, t], &[batch, 1])?;
            let select = |new: &Tensor, old: &Tensor| {
                let mut shape = vec![1; new.shape().len()];
                shape[0] = batch;
                counts.reshape(&shape)?.select(new, old)
            };
            // Before the first output there is the first state, if it may be one.
            let zeros = Tensor::scalar(0.0);
            let same = |state: &&Tensor| state.shape() == results[0].shape();
            let before = last.as_ref().or(states.first().filter(same));
            results[0] = match before {
                Some(before) if !how.zero_masked => select(&results[0], before)?,
                _ => select(&results[0], &zeros)?,
            };
            for (new, old) in results[1..].iter_mut().zip(&states) {
                *new = select(new, old)?;
            }
        }
        let output = results.remove(0);
        if how.sequences {
            rows.push(output.reshape(&Shape::join(&[batch, 1], &output.shape()[1..])?)?);
        }
        (last, states) = (Some(output), results);
    }
    let outputs = match last {
        Some(_) if how.sequences => Tensor::concat(&rows, 1)?,
        Some(last) => last,
        None => bail!(Shape, "sequences of no steps"),
    };
    Ok((outputs, states))
}
