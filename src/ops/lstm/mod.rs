//! A long short-term memory (Hochreiter and Schmidhuber 1997) over whole sequences: `x [batch, time,
//! features]` with `W [features, 4·units]`, `U [units, 4·units]`, `b [4·units]` gives `h [batch, time, units]`
//! or the last of it, `[batch, units]`. In Keras' order of the gates:
//!
//! `i, f, g, o = σ, σ, tanh, σ (x_t·W + h_{t−1}·U + b)`, `c_t = f·c_{t−1} + i·g`, `h_t = o·tanh(c_t)`,
//! from `h = c = 0`.
//!
//! One op: the products of many steps' inputs with `W` are one matrix product, and so are the gradients of `W`
//! and `U`; between them each step has one product with `U` and one pass over the gates, and threads share
//! out the samples. The derivative goes back through time. Where a graph of the gradient is wanted, it is that of the
//! [plain form](Tensor::lstm_plain).
mod plain;
mod sequences;

use crate::base::error::Result;
use crate::kernels::gemm::{MatRef, gemm, scratch_len};
use crate::kernels::lstm::{self, Step};
use crate::kernels::{elementwise, reduce};
use crate::memory::{Buffer, ask_for};
use crate::parallel::{chunks, for_each_with_scratch, stripes, threads};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use core::ops::Range;
pub use plain::Cell;
pub use sequences::Reading;
use sequences::Sizes;

/// What the way back needs, step by step in the order of reading: `[time, batch, …]`.
struct Lstm {
    sizes: Sizes,
    reading: Reading,
    biased: bool,
    /// `i, f, g, o`.
    gates: Tensor,
    /// `c` and `h` as each step found them.
    cells: Tensor,
    hidden: Tensor,
    /// `tanh(c)` as each step left it.
    tanh_cells: Tensor,
}

impl Op for Lstm {
    fn name(&self) -> &'static str {
        "lstm"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        if at.recorded() {
            let cell = Cell::default();
            return at.by_way_of(&|inputs| {
                inputs[0].lstm_plain(&inputs[1], &inputs[2], inputs.get(3), self.reading, cell)
            });
        }
        let (sizes, reading) = (self.sizes, self.reading);
        let Sizes {
            batch,
            features,
            units,
            ..
        } = sizes;
        let columns = 4 * units;
        let (x, kernel, hidden) = (at.input(0).data(), at.input(1).data(), self.hidden.data());
        let [rows, state] = [sizes.rows_at_once(), batch * units];
        let size = |input| match at.wants(input) {
            true => at.input(input).data().len(),
            false => 0,
        };
        ask_for(
            self.name(),
            &[
                state,
                state,
                size(0),
                size(1),
                size(2),
                threads() * scratch_len(sizes.piece(), units, columns),
                rows * columns,
                rows * features,
                scratch_len(rows, features, columns),
            ],
        )?;
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
            let dz = self.gate_gradients(steps.clone(), &recurrent, at.dy, &mut dh, &mut dc);
            let dz = MatRef::row_major(&dz, rows, columns);
            if let Some(dx) = &mut dx {
                let kernel = MatRef::row_major(kernel, features, columns);
                let mut product = Buffer::dirty(rows * features);
                multiply(dz, kernel.t(), &mut product, false);
                let width = features.max(1);
                let rows = product.chunks_exact(width);
                for (row, place) in rows.zip(sizes.places(steps.clone(), reading)) {
                    dx[place * width..][..width].copy_from_slice(row);
                }
            }
            if let Some(dkernel) = &mut dkernel {
                let x = sizes.gather(x, steps.clone(), reading);
                multiply(MatRef::row_major(&x, rows, features).t(), dz, dkernel, true);
            }
            if let Some(drecurrent) = &mut drecurrent {
                let h = &hidden[steps.start * batch * units..][..rows * units];
                multiply(MatRef::row_major(h, rows, units).t(), dz, drecurrent, true);
            }
            if let Some(dbias) = &mut dbias {
                reduce::sum_rows::<Native>(dz.data, &mut sums);
                elementwise::accumulate::<Native>(dbias, &sums);
            }
        }
        let mut gradients = Inputs::new();
        for (values, input) in [dx, dkernel, drecurrent, dbias].into_iter().zip(at.inputs) {
            gradients.push(values.map(|values| Tensor::leaf(values, *input.shape()).into()));
        }
        Ok(gradients)
    }
}

/// The product of two matrices, or its sum with what `y` held.
fn multiply(a: MatRef, b: MatRef, y: &mut [f32], accumulate: bool) {
    let mut scratch = Buffer::dirty(scratch_len(a.rows, b.cols, a.cols));
    gemm::<Native>(a, b, y, accumulate, &mut scratch);
}

impl Lstm {
    /// The gradients with respect to the gates' sums, `[steps, batch, 4·units]`, from the last of these steps to
    /// the first. `dh` and `dc` come from the step after them and become those of the step before.
    fn gate_gradients(
        &self,
        steps: Range<usize>,
        transposed: &Tensor,
        dy: &Tensor,
        dh: &mut [f32],
        dc: &mut [f32],
    ) -> Buffer {
        let (sizes, sequences) = (self.sizes, self.reading.sequences);
        let Sizes {
            batch, time, units, ..
        } = sizes;
        let [gates, cells, tanh_cells] =
            [&self.gates, &self.cells, &self.tanh_cells].map(Tensor::data);
        let (columns, piece, dy) = (4 * units, sizes.piece(), dy.data());
        if !sequences && steps.end == time {
            dh.copy_from_slice(dy);
        }
        let transposed = MatRef::row_major(transposed.data(), columns, units);
        let mut scratch = Buffer::dirty(threads() * scratch_len(piece, units, columns));
        let mut dz = Buffer::dirty(steps.len() * batch * columns);
        let pieces = (
            stripes(&mut dz, batch * columns, piece * columns),
            chunks(dh, piece * units),
            chunks(dc, piece * units),
        );
        for_each_with_scratch(pieces, &mut scratch, |index, (mut dz, dh, dc), scratch| {
            let (from, samples) = (index * piece, dh.len() / units);
            for step in steps.clone().rev() {
                if sequences {
                    for (sample, dh) in (from..).zip(dh.chunks_exact_mut(units)) {
                        let dy = &dy[(sample * time + step) * units..][..units];
                        elementwise::accumulate::<Native>(dh, dy);
                    }
                }
                let at = (step * batch + from) * units;
                let left = Step {
                    gates: &gates[4 * at..][..samples * columns],
                    c_before: &cells[at..][..samples * units],
                    tanh_c: &tanh_cells[at..][..samples * units],
                };
                let dz = dz.row(step - steps.start);
                lstm::backward::<Native>(left, dh, dc, dz, units);
                if step > 0 {
                    let dz = MatRef::row_major(dz, samples, columns);
                    gemm::<Native>(dz, transposed, dh, false, scratch);
                }
            }
        });
        dz
    }
}

impl Tensor {
    /// Reads the sequences `[batch, time, features]` with a long short-term memory: `kernel` `[features,
    /// 4·units]`, `recurrent` `[units, 4·units]`, `bias` `[4·units]`.
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
        let sizes = Sizes::of(self, kernel, recurrent, bias)?;
        let Sizes {
            batch,
            time,
            features,
            units,
        } = sizes;
        let (columns, piece) = (4 * units, sizes.piece());
        let (by_gate, by_unit) = (
            Shape::result("lstm", &[time, batch, columns])?,
            Shape::known(&[time, batch, units]),
        );
        let shape = if reading.sequences {
            Shape::known(&[batch, time, units])
        } else {
            Shape::known(&[batch, units])
        };
        let unbiased = Buffer::zeros(columns);
        let bias_row = bias.map_or(&unbiased[..], Tensor::data);
        let kernel_rows = MatRef::row_major(kernel.data(), features, columns);
        let recurrent_rows = MatRef::row_major(recurrent.data(), units, columns);
        let scratch = threads() * (piece * columns + scratch_len(piece, columns, units));
        let ([state, all], rows) = ([batch * units, by_unit.size()], sizes.rows_at_once());
        ask_for(
            "lstm",
            &[
                by_gate.size(),
                all,
                all,
                all,
                state,
                state,
                shape.size(),
                scratch,
                rows * features,
                scratch_len(rows, columns, features),
            ],
        )?;
        let mut gates = Buffer::dirty(by_gate.size());
        let [mut cells, mut hidden, mut tanh_cells] =
            [(); 3].map(|()| Buffer::dirty(by_unit.size()));
        let [mut h, mut c] = [(); 2].map(|()| Buffer::zeros(batch * units));
        let mut y = Buffer::dirty(shape.size());
        let mut scratch = Buffer::dirty(scratch);
        for steps in sizes.groups() {
            let width = batch * units;
            let here = steps.start * width..steps.end * width;
            let gates = &mut gates[4 * here.start..4 * here.end];
            let x = sizes.gather(self.data(), steps.clone(), reading);
            let x = MatRef::row_major(&x, steps.len() * batch, features);
            multiply(x, kernel_rows, gates, false);
            let by_units = |x| stripes(x, width, piece * units);
            let pieces = (
                stripes(gates, 4 * width, piece * columns),
                (
                    by_units(&mut cells[here.clone()]),
                    by_units(&mut hidden[here.clone()]),
                ),
                (
                    by_units(&mut tanh_cells[here]),
                    chunks(&mut y, piece * shape.size() / batch.max(1)),
                ),
                (chunks(&mut h, piece * units), chunks(&mut c, piece * units)),
            );
            for_each_with_scratch(pieces, &mut scratch, |_, pieces, scratch| {
                let (mut gates, (mut cells, mut hidden), (mut tanh_cells, y), (h, c)) = pieces;
                let (sums, scratch) = scratch.split_at_mut(4 * h.len());
                for (row, step) in steps.clone().enumerate() {
                    if step > 0 {
                        let h = MatRef::row_major(h, h.len() / units, units);
                        gemm::<Native>(h, recurrent_rows, sums, false, scratch);
                    } else {
                        sums.fill(0.0);
                    }
                    cells.row(row).copy_from_slice(c);
                    hidden.row(row).copy_from_slice(h);
                    let (z, tanh_c) = (gates.row(row), tanh_cells.row(row));
                    lstm::forward::<Native>(z, bias_row, sums, c, tanh_c, h);
                    if reading.sequences {
                        let rows = y[step * units..].chunks_mut(time * units);
                        for (y, h) in rows.zip(h.chunks_exact(units)) {
                            y[..units].copy_from_slice(h);
                        }
                    }
                }
            });
        }
        if !reading.sequences {
            y.copy_from_slice(&h);
        }
        let op = Lstm {
            sizes,
            reading,
            biased: bias.is_some(),
            gates: Tensor::leaf(gates, by_gate),
            cells: Tensor::leaf(cells, by_unit),
            hidden: Tensor::leaf(hidden, by_unit),
            tanh_cells: Tensor::leaf(tanh_cells, by_unit),
        };
        let inputs = [self, kernel, recurrent, bias.unwrap_or(self)];
        let count = 3 + usize::from(bias.is_some());
        Ok(Tensor::of(op, &inputs[..count], y, shape))
    }
}
