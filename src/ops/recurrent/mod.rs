//! Recurrent networks over whole sequences: `x [batch, time, features]` with `W [features, gates·units]`,
//! `U [units, gates·units]` and a bias `b` gives `h [batch, time, units]` or the last of it, `[batch, units]`. There are
//! three [recurrences](Recurrence), which differ in what a step computes; everything else is the same for all: which way
//! sequences are read, masks, states to begin with, and states to go on with.
//!
//! One op: the products of many steps' inputs with `W` are one matrix product, and so are the gradients of `W`
//! and `U`; between them each step has one product with `U` and one pass over the gates, and threads share
//! out the samples. The [derivative](backward) goes back through time. Where a graph of the gradient is wanted, it is
//! that of the [plain form](Tensor::recurrent_plain).
//!
//! At a step whose mask is 0 a sample keeps its state, and its output is that of the step before (or zeros, if
//! [asked for](Recurrent::zero_masked)).
mod backward;
mod cells;
mod plain;
mod sequences;

use crate::base::error::Result;
use crate::kernels::gemm::{MatRef, gemm, scratch_len};
use crate::memory::{Buffer, ask_for};
use crate::parallel::{chunks, for_each_with_scratch, stripes, threads};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::Inputs;
use crate::tensor::shape::Shape;
use backward::Unrolled;
use cells::{Matrices, Rows};
pub use plain::Cell;
pub use sequences::Reading;
use sequences::Sizes;

/// What is computed in each step, in Keras' order of the gates. States start as 0 unless they are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recurrence {
    /// `h_t = tanh(x_t·W + h_{t−1}·U + b)` (Elman 1990).
    Simple,
    /// A gated recurrent unit (Cho et al. 2014): `u, r = σ(x_t·W + h_{t−1}·U + b)` and
    /// `h_t = u·h_{t−1} + (1 − u)·g`.
    Gru {
        /// The candidate is `g = tanh(x_t·W + b + r·(h_{t−1}·U + b′))`, with a bias `[2, 3·units]` that holds `b` and
        /// `b′`; else it is `tanh(x_t·W + b + (r·h_{t−1})·U)`, with a bias `[3·units]`.
        reset_after: bool,
    },
    /// A long short-term memory (Hochreiter and Schmidhuber 1997):
    /// `i, f, g, o = σ, σ, tanh, σ (x_t·W + h_{t−1}·U + b)`, `c_t = f·c_{t−1} + i·g`, `h_t = o·tanh(c_t)`.
    Lstm,
}

impl Recurrence {
    /// How many columns the kernels have for each unit.
    pub fn gates(self) -> usize {
        match self {
            Recurrence::Simple => 1,
            Recurrence::Gru { .. } => 3,
            Recurrence::Lstm => 4,
        }
    }

    /// How many tensors the state is: `h`, and `c` of an LSTM.
    pub fn states(self) -> usize {
        1 + usize::from(self == Recurrence::Lstm)
    }

    fn name(self) -> &'static str {
        match self {
            Recurrence::Simple => "simple_rnn",
            Recurrence::Gru { .. } => "gru",
            Recurrence::Lstm => "lstm",
        }
    }
}

/// What [`Tensor::recurrent`] reads sequences with.
#[derive(Clone, Copy)]
pub struct Recurrent<'a> {
    /// What a step computes.
    pub recurrence: Recurrence,
    /// `W`, `[features, gates·units]`.
    pub kernel: &'a Tensor,
    /// `U`, `[units, gates·units]`.
    pub recurrent: &'a Tensor,
    /// `[gates·units]`, and `[2, 3·units]` for a gated recurrent unit that resets after the product.
    pub bias: Option<&'a Tensor>,
    /// The state that sequences begin with, `[batch, units]` each; zeros if there is none.
    pub initial: &'a [Tensor],
    /// Which steps count, `[batch, time]`; all if there is none.
    pub mask: Option<&'a Tensor>,
    /// Whether the outputs of steps that do not count are 0, and not those of the step before.
    pub zero_masked: bool,
    /// Which way sequences are read, and whether all outputs are wanted.
    pub reading: Reading,
    /// Whether the last states are wanted too: they follow the outputs, `[batch, outputs + states, units]`.
    pub states: bool,
}

impl<'a> Recurrent<'a> {
    /// A recurrence that reads forward from zeros, and gives the last output.
    pub fn new(recurrence: Recurrence, kernel: &'a Tensor, recurrent: &'a Tensor) -> Self {
        Recurrent {
            recurrence,
            kernel,
            recurrent,
            bias: None,
            initial: &[],
            mask: None,
            zero_masked: false,
            reading: Reading::default(),
            states: false,
        }
    }

    /// The shape of the result.
    fn shape(&self, sizes: &Sizes) -> Result<Shape> {
        let Sizes {
            batch, rows, units, ..
        } = *sizes;
        if self.reading.sequences || self.states {
            Shape::result(self.recurrence.name(), &[batch, rows, units])
        } else {
            Shape::result(self.recurrence.name(), &[batch, units])
        }
    }
}

/// The product of two matrices, or its sum with what `y` held.
fn multiply(a: MatRef, b: MatRef, y: &mut [f32], accumulate: bool) {
    let mut scratch = Buffer::dirty(scratch_len(a.rows, b.cols, a.cols));
    gemm::<Native>(a, b, y, accumulate, &mut scratch);
}

/// What a [state](Recurrent::initial) begins as.
fn start(initial: Option<&Tensor>, values: usize) -> Buffer {
    initial.map_or_else(|| Buffer::zeros(values), |state| state.data().into())
}

impl Tensor {
    /// Reads the sequences `[batch, time, features]`; see [`Recurrent`] for the weights and for the result.
    ///
    /// # Errors
    /// Shapes that do not fit together, sequences without steps, or too little memory for what the way back needs.
    pub fn recurrent(&self, of: &Recurrent) -> Result<Tensor> {
        let sizes = Sizes::of(self, of)?;
        let Sizes {
            batch,
            time,
            features,
            units,
            ..
        } = sizes;
        let (recurrence, reading) = (of.recurrence, of.reading);
        let (columns, piece) = (sizes.gates * units, sizes.piece());
        let (by_gate, by_unit) = (
            Shape::result(recurrence.name(), &[time, batch, columns])?,
            Shape::result(recurrence.name(), &[time, batch, units])?,
        );
        let (shape, per_sample) = (of.shape(&sizes)?, sizes.rows * units);
        let unbiased = Buffer::zeros(2 * columns);
        let bias = match of.bias {
            Some(bias) => bias.data(),
            None if recurrence == (Recurrence::Gru { reset_after: true }) => &unbiased[..],
            None => &unbiased[..columns],
        };
        let kernel = MatRef::row_major(of.kernel.data(), features, columns);
        let matrices = Matrices::new(recurrence, of.recurrent.data(), units);
        let [cells_len, kept_len] = cells::lengths(recurrence, by_unit.size());
        let sums = piece * columns;
        let own = sums.saturating_add(matrices.forward_scratch(piece));
        let scratch = threads().saturating_mul(own);
        let rows = sizes.rows_at_once();
        ask_for(
            recurrence.name(),
            &[
                by_gate.size(),
                by_unit.size(),
                cells_len,
                kept_len,
                batch * units,
                batch * units,
                shape.size(),
                scratch,
                rows * features,
                scratch_len(rows, columns, features),
            ],
        )?;
        let mut gates = Buffer::dirty(by_gate.size());
        let mut hidden = Buffer::dirty(by_unit.size());
        let [mut cells, mut kept] = [cells_len, kept_len].map(Buffer::dirty);
        let [mut h, mut c] = [0, 1].map(|state| start(of.initial.get(state), batch * units));
        let mut y = Buffer::dirty(shape.size());
        let mut scratch = Buffer::dirty(scratch);
        let mask = of.mask.map(Tensor::data);
        let began = !of.initial.is_empty();
        let (zero_masked, states) = (of.zero_masked, of.states);
        for steps in sizes.groups() {
            let width = batch * units;
            let here = steps.start * width..steps.end * width;
            // Not every recurrence has cells, or keeps more than gates.
            let own = |len: usize| if len > 0 { here.clone() } else { 0..0 };
            let (of_cells, of_kept) = (own(cells_len), own(kept_len));
            let gates = &mut gates[sizes.gates * here.start..sizes.gates * here.end];
            let x = sizes.gather(self.data(), steps.clone(), reading);
            let x = MatRef::row_major(&x, steps.len() * batch, features);
            multiply(x, kernel, gates, false);
            let by_units = |x| stripes(x, width, piece * units);
            let pieces = (
                stripes(gates, sizes.gates * width, piece * columns),
                (by_units(&mut cells[of_cells]), by_units(&mut hidden[here])),
                (
                    by_units(&mut kept[of_kept]),
                    chunks(&mut y, piece * per_sample),
                ),
                (chunks(&mut h, piece * units), chunks(&mut c, piece * units)),
            );
            for_each_with_scratch(pieces, &mut scratch, |index, pieces, scratch| {
                let (mut gates, (mut cells, mut hidden), (mut kept, y), (h, c)) = pieces;
                let (sums, scratch) = scratch.split_at_mut(sums);
                let (from, samples) = (index * piece, h.len() / units);
                for (row, step) in steps.clone().enumerate() {
                    hidden.row(row).copy_from_slice(h);
                    if cells_len > 0 {
                        cells.row(row).copy_from_slice(c);
                    }
                    let rows = Rows {
                        gates: gates.row(row),
                        kept: if kept_len > 0 { kept.row(row) } else { &mut [] },
                        h,
                        c,
                    };
                    matrices.forward(rows, bias, step > 0 || began, sums, scratch);
                    // Which samples' states stay, because the step does not count for them.
                    let place = sizes.step(step, reading);
                    let masked = |sample: usize| {
                        mask.is_some_and(|mask| mask[(from + sample) * time + place] == 0.0)
                    };
                    if mask.is_some() {
                        for sample in (0..samples).filter(|&sample| masked(sample)) {
                            let own = sample * units..(sample + 1) * units;
                            h[own.clone()].copy_from_slice(&hidden.row(row)[own.clone()]);
                            if cells_len > 0 {
                                c[own.clone()].copy_from_slice(&cells.row(row)[own]);
                            }
                        }
                    }
                    let last = step + 1 == time;
                    if reading.sequences || last {
                        let output = if reading.sequences { step * units } else { 0 };
                        let all = y.chunks_exact_mut(per_sample).zip(h.chunks_exact(units));
                        for (sample, (y, h)) in all.enumerate() {
                            let y = &mut y[output..][..units];
                            match zero_masked && masked(sample) {
                                true => y.fill(0.0),
                                false => y.copy_from_slice(h),
                            }
                        }
                    }
                    if last && states {
                        let outputs = (sizes.rows - recurrence.states()) * units;
                        for (sample, y) in y.chunks_exact_mut(per_sample).enumerate() {
                            let own = sample * units..(sample + 1) * units;
                            let (first, second) = y[outputs..].split_at_mut(units);
                            first.copy_from_slice(&h[own.clone()]);
                            if cells_len > 0 {
                                second.copy_from_slice(&c[own]);
                            }
                        }
                    }
                }
            });
        }
        let leaf = |values: Buffer| {
            let shape = if values.is_empty() {
                Shape::known(&[0])
            } else {
                by_unit
            };
            Tensor::leaf(values, shape)
        };
        let op = Unrolled {
            sizes,
            recurrence,
            reading,
            biased: of.bias.is_some(),
            began,
            zero_masked,
            states,
            mask: of.mask.map(Tensor::detach),
            gates: Tensor::leaf(gates, by_gate),
            cells: leaf(cells),
            hidden: leaf(hidden),
            kept: leaf(kept),
        };
        let mut inputs = Inputs::new();
        inputs.extend([self, of.kernel, of.recurrent]);
        inputs.extend(of.bias);
        // States without gradients are no part of the graph: with them its lists would not be held inline.
        if of.initial.iter().any(Tensor::needs_gradient) {
            inputs.extend(of.initial);
        }
        Ok(Tensor::of(op, &inputs, y, shape))
    }

    /// Reads the sequences `[batch, time, features]` with a [long short-term memory](Recurrence::Lstm): `kernel`
    /// `[features, 4·units]`, `recurrent` `[units, 4·units]`, `bias` `[4·units]`.
    ///
    /// # Errors
    /// Shapes that do not fit together, or sequences without steps.
    pub fn lstm(
        &self,
        kernel: &Tensor,
        recurrent: &Tensor,
        bias: Option<&Tensor>,
        reading: Reading,
    ) -> Result<Tensor> {
        self.recurrent(&Recurrent {
            bias,
            reading,
            ..Recurrent::new(Recurrence::Lstm, kernel, recurrent)
        })
    }

    /// As [`lstm`](Tensor::lstm), in the [plain form](Tensor::recurrent_plain).
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
        let of = Recurrent {
            bias,
            reading,
            ..Recurrent::new(Recurrence::Lstm, kernel, recurrent)
        };
        self.recurrent_plain(&of, cell)
    }
}
