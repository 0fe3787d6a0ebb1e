//! The derivative of a recurrent network: back through time.
use super::cells::{Flow, Left, Matrices};
use super::plain::Cell;
use super::sequences::{Reading, Sizes};
use super::{Recurrence, Recurrent, multiply};
use crate::base::error::Result;
use crate::kernels::gemm::{MatRef, scratch_len};
use crate::kernels::{elementwise, reduce};
use crate::memory::{Buffer, ask_for};
use crate::parallel::{chunks, for_each_with_scratch, stripes, threads};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use core::ops::Range;

/// What the way back needs, step by step in the order of reading: `[time, batch, …]`.
pub(super) struct Unrolled {
    pub(super) sizes: Sizes,
    pub(super) recurrence: Recurrence,
    pub(super) reading: Reading,
    pub(super) biased: bool,
    /// Whether the states began as something else than 0.
    pub(super) began: bool,
    pub(super) zero_masked: bool,
    /// Whether the last states are among the results.
    pub(super) states: bool,
    pub(super) mask: Option<Tensor>,
    pub(super) gates: Tensor,
    /// `c` and `h` as each step found them; `c` of an LSTM only.
    pub(super) cells: Tensor,
    pub(super) hidden: Tensor,
    /// See [`lengths`](super::cells::lengths).
    pub(super) kept: Tensor,
}

/// Gradients with respect to the gates' sums of some steps, on the side of the inputs, and on the recurrent side where
/// the two differ.
struct GateGradients {
    dz: Buffer,
    dsums: Buffer,
}

impl Op for Unrolled {
    fn name(&self) -> &'static str {
        self.recurrence.name()
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        if at.recorded() {
            return at.by_way_of(&|inputs| self.plain(inputs));
        }
        let (sizes, reading) = (self.sizes, self.reading);
        let Sizes {
            batch,
            features,
            units,
            ..
        } = sizes;
        let columns = sizes.gates * units;
        let (x, kernel) = (at.input(0).data(), at.input(1).data());
        self.ask_for_room(at)?;
        // Transposed once, since every step reads it.
        let recurrent = at.input(2).transpose(&[1, 0])?;
        let mut sums = Buffer::dirty(columns);
        let [mut dh, mut dc] = [(); 2].map(|()| Buffer::zeros(batch * units));
        let zeros = |input| {
            at.wants(input)
                .then(|| Buffer::zeros(at.input(input).data().len()))
        };
        let [mut dx, mut dkernel, mut drecurrent] = [0, 1, 2].map(zeros);
        let mut dbias = self.biased.then(|| zeros(3)).flatten();
        for steps in sizes.groups().rev() {
            let rows = steps.len() * batch;
            let found = self.gate_gradients(steps.clone(), &recurrent, at.dy, &mut dh, &mut dc);
            let dz = MatRef::row_major(&found.dz, rows, columns);
            if let Some(dx) = &mut dx {
                let kernel = MatRef::row_major(kernel, features, columns);
                let mut product = Buffer::dirty(rows * features);
                multiply(dz, kernel.t(), &mut product, false);
                sizes.for_places(steps.clone(), reading, |row, place| {
                    dx[place * features..][..features]
                        .copy_from_slice(&product[row * features..][..features]);
                });
            }
            if let Some(dkernel) = &mut dkernel {
                let x = sizes.gather(x, steps.clone(), reading);
                multiply(MatRef::row_major(&x, rows, features).t(), dz, dkernel, true);
            }
            if let Some(drecurrent) = &mut drecurrent {
                self.add_recurrent(steps.clone(), &found, drecurrent);
            }
            if let Some(dbias) = &mut dbias {
                let sides = [&found.dz, &found.dsums].into_iter();
                for (dbias, side) in dbias.chunks_exact_mut(columns).zip(sides) {
                    reduce::sum_rows::<Native>(side, &mut sums);
                    elementwise::accumulate::<Native>(dbias, &sums);
                }
            }
        }
        let mut gradients = Inputs::new();
        let weights = [dx, dkernel, drecurrent].into_iter();
        let weights = weights.chain(self.biased.then_some(dbias));
        let initial = [dh, dc]
            .map(Some)
            .into_iter()
            .take(self.recurrence.states());
        // There are initial states only where states began as something else.
        for (values, input) in weights.chain(initial).zip(at.inputs) {
            gradients.push(values.map(|values| Tensor::leaf(values, *input.shape()).into()));
        }
        Ok(gradients)
    }
}

impl Unrolled {
    /// What the fused op is made of.
    fn plain(&self, inputs: &[Tensor]) -> Result<Tensor> {
        let before = 3 + usize::from(self.biased);
        let mut initial: Inputs<Tensor> = inputs[before..].iter().cloned().collect();
        if self.began && initial.is_empty() {
            // The states had no gradients: their values are what the first step found.
            let Sizes { batch, units, .. } = self.sizes;
            let states = [&self.hidden, &self.cells].into_iter();
            for all in states.take(self.recurrence.states()) {
                let first = all.slice(&[0, 0, 0], &[1, batch, units])?;
                initial.push(first.reshape(&[batch, units])?);
            }
        }
        let of = Recurrent {
            recurrence: self.recurrence,
            kernel: &inputs[1],
            recurrent: &inputs[2],
            bias: self.biased.then(|| &inputs[3]),
            initial: &initial,
            mask: self.mask.as_ref(),
            zero_masked: self.zero_masked,
            reading: self.reading,
            states: self.states,
        };
        inputs[0].recurrent_plain(&of, Cell::default())
    }

    /// Asks for all that the way back makes, but for the transposed kernel.
    fn ask_for_room(&self, at: &Backward) -> Result<()> {
        let sizes = self.sizes;
        let (features, units, columns) = (sizes.features, sizes.units, sizes.gates * sizes.units);
        let (rows, state) = (sizes.rows_at_once(), sizes.batch * units);
        let gradient = |input| match at.wants(input) {
            true => at.input(input).data().len(),
            false => 0,
        };
        let both = match self.recurrence {
            Recurrence::Gru { reset_after: true } => rows * columns,
            _ => 0,
        };
        let product = match self.recurrence {
            Recurrence::Gru { reset_after: false } => 2 * units * units,
            _ => 0,
        };
        let products = [
            scratch_len(rows, features, columns),
            scratch_len(features, columns, rows),
            scratch_len(units, columns, rows),
        ];
        ask_for(
            self.name(),
            &[
                columns,
                state,
                state,
                gradient(0),
                gradient(1),
                gradient(2),
                if self.biased { gradient(3) } else { 0 },
                self.scratch_len(),
                rows * columns,
                both,
                rows * features,
                product,
                products.into_iter().fold(0, usize::max),
            ],
        )
    }

    /// Scratch of all threads for [`gate_gradients`](Unrolled::gate_gradients).
    fn scratch_len(&self) -> usize {
        let (piece, units) = (self.sizes.piece(), self.sizes.units);
        let matrices = Matrices::new(self.recurrence, &[], units);
        let own = matrices.backward_scratch(piece);
        threads().saturating_mul(own.saturating_add(self.held_len()))
    }

    /// What a thread holds of gradients that pass by steps which do not count.
    fn held_len(&self) -> usize {
        match self.mask {
            Some(_) => 2 * self.sizes.piece() * self.sizes.units,
            None => 0,
        }
    }

    /// Adds the share of some steps to the gradient of the recurrent kernel.
    fn add_recurrent(&self, steps: Range<usize>, found: &GateGradients, drecurrent: &mut [f32]) {
        let Sizes { batch, units, .. } = self.sizes;
        let (rows, width) = (steps.len() * batch, self.sizes.gates * units);
        let from = steps.start * batch * units;
        let here = from..from + rows * units;
        let h = MatRef::row_major(&self.hidden.data()[here.clone()], rows, units);
        if self.recurrence != (Recurrence::Gru { reset_after: false }) {
            let sums = if found.dsums.is_empty() {
                &found.dz
            } else {
                &found.dsums
            };
            multiply(
                h.t(),
                MatRef::row_major(sums, rows, width),
                drecurrent,
                true,
            );
            return;
        }
        // The gates' columns belong to `h`, the candidate's to `r·h`.
        let kept = MatRef::row_major(&self.kept.data()[here], rows, units);
        for (x, from, cols) in [(h, 0, 2 * units), (kept, 2 * units, units)] {
            let dz = MatRef {
                cols,
                data: found.dz.get(from..).unwrap_or_default(),
                ..MatRef::row_major(&found.dz, rows, width)
            };
            let mut product = Buffer::dirty(units * cols);
            multiply(x.t(), dz, &mut product, false);
            let places = drecurrent
                .chunks_exact_mut(width)
                .map(|row| &mut row[from..][..cols]);
            for (place, row) in places.zip(product.chunks_exact(cols)) {
                elementwise::accumulate::<Native>(place, row);
            }
        }
    }

    /// The gradients with respect to the gates' sums, `[steps, batch, gates·units]`, from the last of these steps to
    /// the first. `dh` and `dc` come from the step after them and become those of the step before.
    fn gate_gradients(
        &self,
        steps: Range<usize>,
        transposed: &Tensor,
        dy: &Tensor,
        dh: &mut [f32],
        dc: &mut [f32],
    ) -> GateGradients {
        let (sizes, reading) = (self.sizes, self.reading);
        let Sizes {
            batch, time, units, ..
        } = sizes;
        let [gates, cells, hidden, kept] =
            [&self.gates, &self.cells, &self.hidden, &self.kept].map(Tensor::data);
        let mask = self.mask.as_ref().map(Tensor::data);
        let (columns, piece, dy) = (sizes.gates * units, sizes.piece(), dy.data());
        let (per_sample, states) = (sizes.rows * units, self.recurrence.states());
        let (zero_masked, last_states) = (self.zero_masked, self.states);
        let began = self.began;
        let matrices = Matrices::new(self.recurrence, transposed.data(), units);
        let held_len = self.held_len();
        let mut scratch = Buffer::dirty(self.scratch_len());
        let mut dz = Buffer::dirty(steps.len() * batch * columns);
        let both = self.recurrence == Recurrence::Gru { reset_after: true };
        let mut dsums = Buffer::dirty(if both { dz.len() } else { 0 });
        let pieces = (
            stripes(&mut dz, batch * columns, piece * columns),
            stripes(&mut dsums, batch * columns, piece * columns),
            chunks(dh, piece * units),
            chunks(dc, piece * units),
        );
        for_each_with_scratch(pieces, &mut scratch, |index, pieces, scratch| {
            let (mut dz, mut dsums, dh, dc) = pieces;
            let (from, samples) = (index * piece, dh.len() / units);
            let (held, scratch) = scratch.split_at_mut(held_len);
            let width = samples * units;
            let of_sample = |sample: usize| &dy[(from + sample) * per_sample..][..per_sample];
            if steps.end == time && last_states {
                let first = per_sample - states * units;
                let all = dh.chunks_exact_mut(units).zip(dc.chunks_exact_mut(units));
                for (sample, (dh, dc)) in all.enumerate() {
                    let dy = &of_sample(sample)[first..];
                    elementwise::accumulate::<Native>(dh, &dy[..units]);
                    if states > 1 {
                        elementwise::accumulate::<Native>(dc, &dy[units..]);
                    }
                }
            }
            for step in steps.clone().rev() {
                let place = sizes.step(step, reading);
                let masked = |sample: usize| {
                    mask.is_some_and(|mask| mask[(from + sample) * time + place] == 0.0)
                };
                if reading.sequences || step + 1 == time {
                    let output = if reading.sequences { step * units } else { 0 };
                    for (sample, dh) in dh.chunks_exact_mut(units).enumerate() {
                        if !(zero_masked && masked(sample)) {
                            let dy = &of_sample(sample)[output..][..units];
                            elementwise::accumulate::<Native>(dh, dy);
                        }
                    }
                }
                if mask.is_some() {
                    held[..width].copy_from_slice(dh);
                    held[width..2 * width].copy_from_slice(dc);
                }
                let at = (step * batch + from) * units;
                let rows = |x: &[f32]| {
                    if x.is_empty() { 0..0 } else { at..at + width }
                };
                let left = Left {
                    gates: &gates[sizes.gates * at..][..samples * columns],
                    kept: &kept[rows(kept)],
                    h_before: &hidden[rows(hidden)],
                    c_before: &cells[rows(cells)],
                };
                let row = step - steps.start;
                let (dz, dsums) = (dz.row(row), if both { dsums.row(row) } else { &mut [] });
                let flow = Flow {
                    dh: &mut *dh,
                    dc: &mut *dc,
                    dz: &mut *dz,
                    dsums: &mut *dsums,
                };
                matrices.backward(left, flow, step > 0 || began, scratch);
                if mask.is_none() {
                    continue;
                }
                // A step that does not count passes gradients by.
                for sample in (0..samples).filter(|&sample| masked(sample)) {
                    let own = sample * units..(sample + 1) * units;
                    dh[own.clone()].copy_from_slice(&held[..width][own.clone()]);
                    dc[own.clone()].copy_from_slice(&held[width..2 * width][own]);
                    let gates = sample * columns..(sample + 1) * columns;
                    dz[gates.clone()].fill(0.0);
                    if both {
                        dsums[gates].fill(0.0);
                    }
                }
            }
        });
        GateGradients { dz, dsums }
    }
}
