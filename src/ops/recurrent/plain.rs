//! Recurrent networks written with other ops, step by step and gate by gate: with activations and dropout of one's own,
//! and derivatives of every order. The fused op's second derivative is this one's.
use super::sequences::Sizes;
use super::{Recurrence, Recurrent};
use crate::base::error::Result;
use crate::memory::ask_in_all;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

/// How many results `[batch, units]` of ops are remembered of a step: four of each gate, and another one where the
/// recurrent side has a bias of its own; six more of the state at most, and a piece of the output; three of each state
/// where steps may not count.
fn remembered(of: &Recurrent) -> u64 {
    let after = of.recurrence == Recurrence::Gru { reset_after: true };
    let of_gates = of.recurrence.gates() * if after { 5 } else { 4 };
    let of_states = if of.mask.is_some() {
        3 * of.recurrence.states()
    } else {
        0
    };
    (of_gates + 7 + of_states) as u64
}

/// What may differ in the [plain form](Tensor::recurrent_plain).
#[derive(Clone, Copy)]
pub struct Cell<'a> {
    /// In place of `tanh`.
    pub activation: &'a dyn Fn(&Tensor) -> Result<Tensor>,
    /// In place of `σ`.
    pub gate: &'a dyn Fn(&Tensor) -> Result<Tensor>,
    /// What the inputs are multiplied by on their way to each gate, `[batch, 1, features]`; nothing if there are none.
    pub input_masks: &'a [Tensor],
    /// What `h` is multiplied by on its way to each gate, `[batch, units]`; nothing if there are none.
    pub masks: &'a [Tensor],
}

impl Default for Cell<'_> {
    fn default() -> Self {
        Cell {
            activation: &|x| Ok(x.room_for("tanh")?.tanh()),
            gate: &|x| Ok(x.room_for("sigmoid")?.sigmoid()),
            input_masks: &[],
            masks: &[],
        }
    }
}

/// The weights of one gate.
struct Gate {
    /// The products of the inputs, `[batch, time, units]`, with the bias.
    inputs: Tensor,
    /// `[units, units]`
    recurrent: Tensor,
    /// The bias of the recurrent side.
    bias: Option<Tensor>,
}

impl Gate {
    fn all(x: &Tensor, of: &Recurrent, sizes: &Sizes, cell: &Cell) -> Result<Vec<Gate>> {
        let Sizes {
            gates,
            features,
            units,
            ..
        } = *sizes;
        let after = of.recurrence == Recurrence::Gru { reset_after: true };
        let row = |bias: &Tensor, side: usize, from: usize| {
            if after {
                bias.slice(&[side, from], &[1, units])?.reshape(&[units])
            } else {
                bias.slice(&[from], &[units])
            }
        };
        let gate = |gate: usize| {
            let from = gate * units;
            let x = match cell.input_masks.get(gate) {
                Some(mask) => &x.mul(mask)?,
                None => x,
            };
            let mut inputs = x.matmul(&of.kernel.slice(&[0, from], &[features, units])?)?;
            if let Some(bias) = of.bias {
                inputs = inputs.add(&row(bias, 0, from)?)?;
            }
            let own = of.bias.filter(|_| after);
            Ok(Gate {
                inputs,
                recurrent: of.recurrent.slice(&[0, from], &[units, units])?,
                bias: own.map(|bias| row(bias, 1, from)).transpose()?,
            })
        };
        (0..gates).map(gate).collect()
    }

    /// What the inputs of step `t` bring.
    fn input(&self, t: usize) -> Result<Tensor> {
        let (batch, units) = (self.inputs.shape()[0], self.inputs.shape()[2]);
        let inputs = self.inputs.slice(&[0, t, 0], &[batch, 1, units])?;
        inputs.reshape(&[batch, units])
    }

    /// What `h` brings.
    fn recur(&self, h: &Tensor) -> Result<Tensor> {
        let product = h.matmul(&self.recurrent)?;
        match &self.bias {
            Some(bias) => product.add(bias),
            None => Ok(product),
        }
    }
}

/// The state after step `t` with the gates `gates`.
fn step(
    recurrence: Recurrence,
    gates: &[Gate],
    t: usize,
    state: &[Tensor],
    cell: &Cell,
) -> Result<Vec<Tensor>> {
    let h = &state[0];
    let seen = |gate: usize| match cell.masks.get(gate) {
        Some(mask) => h.mul(mask),
        None => Ok(h.clone()),
    };
    let sum = |gate: usize| gates[gate].input(t)?.add(&gates[gate].recur(&seen(gate)?)?);
    match recurrence {
        Recurrence::Simple => Ok(vec![(cell.activation)(&sum(0)?)?]),
        Recurrence::Gru { reset_after } => {
            let (u, r) = ((cell.gate)(&sum(0)?)?, (cell.gate)(&sum(1)?)?);
            let recurrent = if reset_after {
                r.mul(&gates[2].recur(&seen(2)?)?)?
            } else {
                gates[2].recur(&r.mul(&seen(2)?)?)?
            };
            let g = (cell.activation)(&gates[2].input(t)?.add(&recurrent)?)?;
            let rest = u.room_for("gru")?.neg().room_for("gru")?.shift(1.0);
            let new = rest.mul(&g)?;
            Ok(vec![u.mul(h)?.add(&new)?])
        }
        Recurrence::Lstm => {
            let (i, f) = ((cell.gate)(&sum(0)?)?, (cell.gate)(&sum(1)?)?);
            let (g, o) = ((cell.activation)(&sum(2)?)?, (cell.gate)(&sum(3)?)?);
            let c = f.mul(&state[1])?.add(&i.mul(&g)?)?;
            Ok(vec![o.mul(&(cell.activation)(&c)?)?, c])
        }
    }
}

impl Tensor {
    /// As [`recurrent`](Tensor::recurrent), written with other ops, step by step and gate by gate: slower, but with
    /// activations and dropout of one's own, and derivatives of every order.
    ///
    /// # Errors
    /// As [`recurrent`](Tensor::recurrent), and those of `cell`.
    pub fn recurrent_plain(&self, of: &Recurrent, cell: Cell) -> Result<Tensor> {
        let sizes = Sizes::of(self, of)?;
        let Sizes {
            batch, time, units, ..
        } = sizes;
        if [self, of.kernel, of.recurrent]
            .iter()
            .any(|x| x.needs_gradient())
        {
            let values = (batch as u64 * units as u64).saturating_mul(time as u64);
            let bytes = values.saturating_mul(4 * remembered(of));
            ask_in_all(of.recurrence.name(), bytes)?;
        }
        let gates = Gate::all(self, of, &sizes, &cell)?;
        let mut state = of.initial.to_vec();
        if state.is_empty() {
            state = vec![Tensor::zeros(&[batch, units])?; of.recurrence.states()];
        }
        let mut rows = Vec::new();
        for index in 0..time {
            let t = sizes.step(index, of.reading);
            let mut new = step(of.recurrence, &gates, t, &state, &cell)?;
            let mut output = new[0].clone();
            if let Some(mask) = of.mask {
                let counts = mask.slice(&[0, t], &[batch, 1])?;
                for (new, old) in new.iter_mut().zip(&state) {
                    *new = counts.select(new, old)?;
                }
                output = match of.zero_masked {
                    true => counts.select(&output, &Tensor::scalar(0.0))?,
                    false => new[0].clone(),
                };
            }
            if of.reading.sequences || index + 1 == time {
                rows.push(output.reshape(&[batch, 1, units])?);
            }
            state = new;
        }
        if of.states {
            for state in &state {
                rows.push(state.reshape(&[batch, 1, units])?);
            }
        }
        let shape: Shape = of.shape(&sizes)?;
        Tensor::concat(&rows, 1)?.reshape(&shape)
    }
}
