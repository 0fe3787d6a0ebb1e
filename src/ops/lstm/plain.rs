//! The long short-term memory written with other ops, step by step and gate by gate: with activations and masks of
//! one's own, and derivatives of every order. The fused op's second derivative is this one's.
use super::sequences::{Reading, Sizes};
use crate::base::error::Result;
use crate::memory::ask_in_all;
use crate::tensor::Tensor;
use alloc::vec::Vec;

/// How many results `[batch, units]` of ops are remembered of a step: of each gate four, of `c` and `h` five more,
/// and a piece of the output.
const REMEMBERED: u64 = 4 * 4 + 5 + 1;

/// What may differ in the [plain form](Tensor::lstm_plain).
#[derive(Clone, Copy)]
pub struct Cell<'a> {
    /// In place of `tanh`.
    pub activation: &'a dyn Fn(&Tensor) -> Result<Tensor>,
    /// In place of `σ`.
    pub gate: &'a dyn Fn(&Tensor) -> Result<Tensor>,
    /// What the inputs are multiplied by on their way to each gate, `[batch, 1, features]`.
    pub input_masks: Option<&'a [Tensor; 4]>,
    /// What `h` is multiplied by on its way to each gate, `[batch, units]`.
    pub masks: Option<&'a [Tensor; 4]>,
}

impl Default for Cell<'_> {
    fn default() -> Self {
        Cell {
            activation: &|x| Ok(x.tanh()),
            gate: &|x| Ok(x.sigmoid()),
            input_masks: None,
            masks: None,
        }
    }
}

impl Tensor {
    /// As [`lstm`](Tensor::lstm), written with other ops, step by step and gate by gate: slower, but with
    /// activations and masks of one's own, and derivatives of every order.
    ///
    /// # Errors
    /// As [`lstm`](Tensor::lstm), and those of `cell`.
    pub fn lstm_plain(
        &self,
        kernel: &Tensor,
        recurrent: &Tensor,
        bias: Option<&Tensor>,
        reading: Reading,
        cell: Cell,
    ) -> Result<Tensor> {
        let sizes = Sizes::of(self, kernel, recurrent, bias)?;
        let Sizes {
            batch,
            time,
            features,
            units,
        } = sizes;
        if [self, kernel, recurrent].iter().any(|x| x.needs_gradient()) {
            let values = (batch as u64 * units as u64).saturating_mul(time as u64);
            ask_in_all("lstm", values.saturating_mul(REMEMBERED * 4))?;
        }
        let mut inputs = Vec::with_capacity(4);
        let mut recurrents = Vec::with_capacity(4);
        for gate in 0..4 {
            let from = gate * units;
            let x = match cell.input_masks {
                Some(masks) => &self.mul(&masks[gate])?,
                None => self,
            };
            let mut z = x.matmul(&kernel.slice(&[0, from], &[features, units])?)?;
            if let Some(bias) = bias {
                z = z.add(&bias.slice(&[from], &[units])?)?;
            }
            inputs.push(z);
            recurrents.push(recurrent.slice(&[0, from], &[units, units])?);
        }
        let mut state: Option<(Tensor, Tensor)> = None;
        let mut outputs = Vec::new();
        for step in 0..time {
            let t = sizes.step(step, reading);
            let sum = |gate: usize| {
                let z = inputs[gate].slice(&[0, t, 0], &[batch, 1, units])?;
                let z = z.reshape(&[batch, units])?;
                let Some((h, _)) = &state else { return Ok(z) };
                let h = match cell.masks {
                    Some(masks) => &h.mul(&masks[gate])?,
                    None => h,
                };
                z.add(&h.matmul(&recurrents[gate])?)
            };
            let (i, f) = ((cell.gate)(&sum(0)?)?, (cell.gate)(&sum(1)?)?);
            let (g, o) = ((cell.activation)(&sum(2)?)?, (cell.gate)(&sum(3)?)?);
            let mut c = i.mul(&g)?;
            if let Some((_, c_before)) = &state {
                c = f.mul(c_before)?.add(&c)?;
            }
            let h = o.mul(&(cell.activation)(&c)?)?;
            if reading.sequences || step + 1 == time {
                outputs.push(h.reshape(&[batch, 1, units])?);
            }
            state = Some((h, c));
        }
        let y = Tensor::concat(&outputs, 1)?;
        if reading.sequences {
            Ok(y)
        } else {
            y.reshape(&[batch, units])
        }
    }
}
