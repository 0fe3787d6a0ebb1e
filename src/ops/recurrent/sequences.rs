//! Which way sequences are read, and how large they are.
use super::{Recurrence, Recurrent};
use crate::base::error::{Result, bail};
use crate::memory::Buffer;
use crate::parallel::piece;
use crate::tensor::Tensor;
use core::ops::Range;

/// Values of the gates that are worked on at a time, so that they stay in the second-level cache.
const CACHED: usize = 65_536;
/// Below this many multiplications, waking other threads costs more than they help.
const WORTH_SHARING: usize = 200_000;

/// Which way a sequence is read, and which outputs are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// From the last step to the first; outputs are in the order of reading.
    pub backwards: bool,
    /// The output of every step, `[batch, time, units]`, not just the last.
    pub sequences: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub(super) gates: usize,
    pub(super) batch: usize,
    pub(super) time: usize,
    pub(super) features: usize,
    pub(super) units: usize,
    /// Rows of the result for each sample: outputs, then states.
    pub(super) rows: usize,
}

impl Sizes {
    pub(super) fn of(x: &Tensor, of: &Recurrent) -> Result<Self> {
        let Recurrent {
            recurrence,
            kernel,
            recurrent,
            bias,
            ..
        } = *of;
        let (name, gates) = (recurrence.name(), recurrence.gates());
        let (batch, time, features, units) = match (&**x.shape(), &**recurrent.shape()) {
            (&[batch, time, features], &[units, _]) if time > 0 && units > 0 => {
                (batch, time, features, units)
            }
            (x, recurrent) => bail!(
                Shape,
                "{name}: x {x:?} must be [batch, time, features] and the recurrent kernel {recurrent:?} [units, {gates}·units], with at least one step and unit"
            ),
        };
        let columns = units.checked_mul(gates);
        let fits = |weight: &Tensor, rows: &[usize]| {
            let axes = weight.shape().split_last();
            axes.is_some_and(|(last, start)| start == rows && Some(*last) == columns)
        };
        let after = recurrence == Recurrence::Gru { reset_after: true };
        let before_bias: &[usize] = if after { &[2] } else { &[] };
        if !fits(kernel, &[features])
            || !fits(recurrent, &[units])
            || bias.is_some_and(|b| !fits(b, before_bias))
        {
            bail!(
                Shape,
                "{name}: with {features} features and {units} units the kernels must be [{features}, {n}] and [{units}, {n}], and the bias [{}{n}]; they are {:?}, {:?} and {:?}",
                if after { "2, " } else { "" },
                kernel.shape(),
                recurrent.shape(),
                bias.map(Tensor::shape),
                n = units.saturating_mul(gates)
            );
        }
        let states = recurrence.states();
        let initial = of.initial;
        if !initial.is_empty()
            && (initial.len() != states || initial.iter().any(|s| **s.shape() != [batch, units]))
        {
            let shapes = initial.iter().map(Tensor::shape);
            bail!(
                Shape,
                "{name}: the initial state must be {states} × [{batch}, {units}], but is {:?}",
                shapes.collect::<alloc::vec::Vec<_>>()
            );
        }
        if let Some(mask) = of.mask
            && **mask.shape() != [batch, time]
        {
            bail!(
                Shape,
                "{name}: the mask must be [{batch}, {time}], but is {:?}",
                mask.shape()
            );
        }
        let outputs = if of.reading.sequences { time } else { 1 };
        Ok(Sizes {
            gates,
            batch,
            time,
            features,
            units,
            rows: outputs + if of.states { states } else { 0 },
        })
    }

    /// The step that is read as number `index`.
    pub(super) fn step(&self, index: usize, reading: Reading) -> usize {
        if reading.backwards {
            self.time - 1 - index
        } else {
            index
        }
    }

    /// Calls `each` with the number of each row of `[steps, batch, …]` and its place in `[batch, time, …]`.
    pub(super) fn for_places(
        self,
        steps: Range<usize>,
        reading: Reading,
        mut each: impl FnMut(usize, usize),
    ) {
        for (index, number) in steps.zip(0..) {
            let step = self.step(index, reading);
            for sample in 0..self.batch {
                each(number * self.batch + sample, sample * self.time + step);
            }
        }
    }

    /// The steps' rows of `x` `[batch, time, features]` as `[steps, batch, features]`.
    pub(super) fn gather(self, x: &[f32], steps: Range<usize>, reading: Reading) -> Buffer {
        let width = self.features;
        let mut y = Buffer::dirty(steps.len() * self.batch * width);
        self.for_places(steps, reading, |row, place| {
            y[row * width..][..width].copy_from_slice(&x[place * width..][..width]);
        });
        y
    }

    /// The steps in groups whose products stay in the second cache (256 KB).
    pub(super) fn groups(self) -> impl DoubleEndedIterator<Item = Range<usize>> {
        let steps = (CACHED / (self.gates * self.units * self.batch.max(1))).max(1);
        (0..self.time)
            .step_by(steps)
            .map(move |from| from..self.time.min(from + steps))
    }

    /// The rows of the largest group: a sample's step each.
    pub(super) fn rows_at_once(&self) -> usize {
        self.groups().next().map_or(0, |steps| steps.len()) * self.batch
    }

    /// How many samples a thread takes at a time: it goes through all of their steps alone.
    pub(super) fn piece(&self) -> usize {
        let sizes = [self.gates, self.units, self.units, self.time];
        let products = sizes.into_iter().fold(1, usize::saturating_mul);
        piece(self.batch, WORTH_SHARING.div_ceil(products), 4).min(self.batch.max(1))
    }
}
