//! What all recurrent layers do.
use super::how::How;
use crate::base::error::{Result, bail};
use crate::base::rng::Rng;
use crate::nn::layer::{Masks, Tensors, positive};
use crate::nn::layers::dropout::check_rate;
use crate::nn::{
    Activation, Constraint, Context, Dims, Initializer, Regularizer, Seed, WeightSpec,
};
use crate::ops::{Cell, Reading, Recurrence, Recurrent};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{format, vec, vec::Vec};
use smallvec::SmallVec;

/// The settings of a recurrent layer. Of three things the first belongs to the kernel, the second to the recurrent
/// kernel, the third to the bias.
pub(super) struct Reader<'a> {
    pub(super) class_name: &'static str,
    /// The first part of the weights' names, with a slash behind it; empty for a cell.
    pub(super) path: &'static str,
    pub(super) recurrence: Recurrence,
    pub(super) units: usize,
    pub(super) activation: Activation,
    pub(super) gate: Activation,
    pub(super) use_bias: bool,
    pub(super) unit_forget_bias: bool,
    pub(super) initializers: [Initializer; 3],
    pub(super) regularizers: [Option<Regularizer>; 3],
    pub(super) constraints: [&'a Option<Constraint>; 3],
    pub(super) dropout: f32,
    pub(super) recurrent_dropout: f32,
    pub(super) seed: &'a Seed,
    pub(super) how: How<'a>,
}

/// What is dropped in one call: nothing where a list is empty.
struct Dropped {
    /// By gate, what the inputs are multiplied by.
    inputs: SmallVec<[Tensor; 4]>,
    /// By gate, what the hidden values are multiplied by.
    hidden: SmallVec<[Tensor; 4]>,
}

impl Reader<'_> {
    pub(super) fn check(&self) -> Result<()> {
        let class = self.class_name;
        positive(&format!("{class}: `units`"), &[self.units])?;
        check_rate(&format!("{class}: `dropout`"), self.dropout)?;
        let key = format!("{class}: `recurrent_dropout`");
        check_rate(&key, self.recurrent_dropout)
    }

    /// Refuses another number of inputs than sequences and, maybe, the state to begin with.
    fn check_count(&self, count: usize) -> Result<()> {
        let states = self.recurrence.states();
        if count != 1 && count != 1 + states {
            bail!(
                Shape,
                "{}: one input is expected, or {} with the state to begin with, but there are {count}",
                self.class_name,
                1 + states
            );
        }
        Ok(())
    }

    pub(super) fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        self.check_count(inputs.len())?;
        let [time, _] = *inputs[0] else {
            bail!(
                Shape,
                "{}: each sample must be [time, features], but has the shape {:?}",
                self.class_name,
                inputs[0]
            );
        };
        if time == 0 {
            bail!(
                Shape,
                "{}: each sample must have at least one step, but has the shape {:?}",
                self.class_name,
                inputs[0]
            );
        }
        if let Some(state) = inputs[1..].iter().find(|state| ***state != [self.units]) {
            bail!(
                Shape,
                "{}: a state must be [{}], but is {state:?}",
                self.class_name,
                self.units
            );
        }
        let state = Shape::new(&[self.units])?;
        let states = [state; 2];
        self.how
            .output_shapes(time, state, &states[..self.recurrence.states()])
    }

    /// The shapes of a sample's states.
    pub(super) fn state_dims(&self) -> Vec<Dims> {
        vec![Dims::fixed(&[self.units]); self.recurrence.states()]
    }

    pub(super) fn weights(&self, inputs: &[Shape]) -> Vec<WeightSpec> {
        let features = inputs.first().and_then(|x| x.last()).copied().unwrap_or(1);
        let columns = self.units.saturating_mul(self.recurrence.gates());
        let bias = match self.recurrence {
            Recurrence::Gru { reset_after: true } => vec![2, columns],
            _ => vec![columns],
        };
        let shapes = [vec![features, columns], vec![self.units, columns], bias];
        let names = ["kernel", "recurrent_kernel", "bias"];
        let count = if self.use_bias { 3 } else { 2 };
        let mut specs = Vec::with_capacity(count);
        for (index, (name, shape)) in names.into_iter().zip(shapes).enumerate().take(count) {
            let name = format!("{}{name}", self.path);
            let mut spec = WeightSpec::new(&name, shape, self.initializers[index])
                .held(self.regularizers[index], self.constraints[index].clone());
            if index == 2 && self.unit_forget_bias {
                spec.ones = self.units..self.units.saturating_mul(2);
            }
            specs.push(spec);
        }
        specs
    }

    /// Draws what is dropped; `x` is dropped at once where all gates see the same.
    fn drop(&self, x: &mut Tensor, context: &mut Context) -> Result<Dropped> {
        let is_training = context.training;
        self.seed
            .draws(context, |rng| self.drop_by(x, is_training, rng))
    }

    fn drop_by(&self, x: &mut Tensor, is_training: bool, rng: &mut Rng) -> Result<Dropped> {
        let mut dropped = Dropped {
            inputs: SmallVec::new(),
            hidden: SmallVec::new(),
        };
        let (batch, features) = (x.shape()[0], x.shape()[2]);
        if !is_training {
            return Ok(dropped);
        }
        let gates = self.recurrence.gates();
        let mut mask = |shape: &[usize], rate| Tensor::full(shape, 1.0)?.dropout(rate, rng);
        if self.dropout > 0.0 {
            let shape = [batch, 1, features];
            if self.recurrent_dropout > 0.0 {
                for _ in 0..gates {
                    dropped.inputs.push(mask(&shape, self.dropout)?);
                }
            } else {
                *x = x.mul(&mask(&shape, self.dropout)?)?;
            }
        }
        if self.recurrent_dropout > 0.0 {
            for _ in 0..gates {
                let shape = [batch, self.units];
                dropped.hidden.push(mask(&shape, self.recurrent_dropout)?);
            }
        }
        Ok(dropped)
    }

    pub(super) fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        self.check_count(inputs.len())?;
        let mut x = inputs[0].clone();
        if x.shape().len() != 3 {
            bail!(
                Shape,
                "{}: expected [batch, time, features], not {:?}",
                self.class_name,
                x.shape()
            );
        }
        let initial = self.how.begin(self.class_name, inputs, context)?;
        let dropped = self.drop(&mut x, context)?;
        let wanted = self.how.states || self.how.carried.is_some();
        let of = Recurrent {
            recurrence: self.recurrence,
            kernel: &weights[0],
            recurrent: &weights[1],
            bias: self.use_bias.then(|| &weights[2]),
            initial: &initial,
            mask: context.mask(0),
            zero_masked: self.how.zero_masked,
            reading: Reading {
                backwards: self.how.backwards,
                sequences: self.how.sequences,
            },
            states: wanted,
        };
        let gated = self.recurrence != Recurrence::Simple;
        let usual = self.activation == Activation::Tanh
            && !(gated && self.gate != Activation::Sigmoid)
            && dropped.hidden.is_empty();
        let all = if usual {
            x.recurrent(&of)?
        } else {
            let cell = Cell {
                activation: &|x| self.activation.apply(x),
                gate: &|x| self.gate.apply(x),
                input_masks: &dropped.inputs,
                masks: &dropped.hidden,
            };
            x.recurrent_plain(&of, cell)?
        };
        if !wanted {
            return self.how.end(all, &[], context);
        }
        let (outputs, states) = self.split(&all)?;
        self.how.end(outputs, &states, context)
    }

    /// A step, for a layer that is a cell: `[y, new states…]` from `[x, states…]`.
    pub(super) fn step(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        self.check_step(inputs.len())?;
        let &[batch, features] = &**inputs[0].shape() else {
            bail!(
                Shape,
                "{}: expected [batch, features], not {:?}",
                self.class_name,
                inputs[0].shape()
            );
        };
        let mut all: Tensors = inputs.iter().cloned().collect();
        all[0] = all[0].reshape(&[batch, 1, features])?;
        self.call(&all, weights, context)
    }

    /// The shapes of a step's results.
    pub(super) fn step_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        self.check_step(inputs.len())?;
        if inputs[0].len() != 1 {
            bail!(
                Shape,
                "{}: each step must be [features], but has the shape {:?}",
                self.class_name,
                inputs[0]
            );
        }
        let mut all = inputs.to_vec();
        all[0] = Shape::join(&[1], &inputs[0])?;
        self.output_shapes(&all)
    }

    fn check_step(&self, count: usize) -> Result<()> {
        let states = self.recurrence.states();
        if count != 1 + states {
            bail!(
                Shape,
                "{}: a cell is called with [x, states…], {} tensors, but there are {count}",
                self.class_name,
                1 + states
            );
        }
        Ok(())
    }

    /// Outputs and states, which came in one tensor.
    fn split(&self, all: &Tensor) -> Result<(Tensor, Tensors)> {
        let (batch, rows) = (all.shape()[0], all.shape()[1]);
        let outputs = rows - self.recurrence.states();
        let row = |index: usize| {
            let row = all.slice(&[0, index, 0], &[batch, 1, self.units])?;
            row.reshape(&[batch, self.units])
        };
        let first = match self.how.sequences {
            true => all.slice(&[0, 0, 0], &[batch, outputs, self.units])?,
            false => row(0)?,
        };
        let states: Result<Tensors> = (outputs..rows).map(row).collect();
        Ok((first, states?))
    }

    /// The masks of the results.
    pub(super) fn output_masks(&self, context: &Context) -> Masks {
        self.how.output_masks(self.recurrence.states(), context)
    }
}
