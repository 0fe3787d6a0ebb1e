//! A long short-term memory (Hochreiter and Schmidhuber 1997) over whole sequences: `x [batch, time,
//! features]` with `W [features, 4·units]`, `U [units, 4·units]`, `b [4·units]` gives `h [batch, time, units]`
//! or the last of it, `[batch, units]`. In Keras' order of the gates:
//!
//! `i, f, g, o = σ, σ, tanh, σ (x_t·W + h_{t−1}·U + b)`, `c_t = f·c_{t−1} + i·g`, `h_t = o·tanh(c_t)`,
//! from `h = c = 0`.
//!
//! One op: the products of all inputs with `W` are one matrix product, and so are the gradients of `W` and
//! `U`; between them each step has one product with `U` and one pass over the gates, and threads share out
//! the samples. The derivative goes back through time. Where a graph of the gradient is wanted, it is that of the [plain form](Tensor::lstm_plain).
use crate::autograd::{Backward, Op};
use crate::buffer::Buffer;
use crate::error::{Result, bail};
use crate::kernels::gemm::{MatRef, gemm, scratch_len};
use crate::kernels::lstm::{self, Step};
use crate::kernels::{elementwise, reduce};
use crate::parallel::{chunks, for_each_with_scratch, piece, stripes, threads};
use crate::shape::Shape;
use crate::simd::Native;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

/// Below this many multiplications, waking other threads costs more than they help.
const WORTH_SHARING: usize = 200_000;

/// Which way a sequence is read, and what comes of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// From the last step to the first; outputs are in the order of reading.
    pub backwards: bool,
    /// The output of every step, `[batch, time, units]`, not just the last.
    pub sequences: bool,
}

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

#[derive(Clone, Copy)]
struct Sizes {
    batch: usize,
    time: usize,
    features: usize,
    units: usize,
}

impl Sizes {
    fn of(x: &Tensor, kernel: &Tensor, recurrent: &Tensor, bias: Option<&Tensor>) -> Result<Self> {
        let (batch, time, features, units) = match (&**x.shape(), &**recurrent.shape()) {
            (&[batch, time, features], &[units, _]) if time > 0 && units > 0 => {
                (batch, time, features, units)
            }
            (x, recurrent) => bail!(
                Shape,
                "lstm: x {x:?} must be [batch, time, features] and the recurrent kernel {recurrent:?} [units, 4·units], with at least one step and unit"
            ),
        };
        let columns = units.checked_mul(4);
        let fits = |weight: &Tensor, rows: &[usize]| {
            columns.is_some_and(|columns| **weight.shape() == *[rows, &[columns]].concat())
        };
        if !fits(kernel, &[features])
            || !fits(recurrent, &[units])
            || bias.is_some_and(|b| !fits(b, &[]))
        {
            bail!(
                Shape,
                "lstm: with {features} features and {units} units the kernels must be [{features}, {n}] and [{units}, {n}], and the bias [{n}]; they are {:?}, {:?} and {:?}",
                kernel.shape(),
                recurrent.shape(),
                bias.map(Tensor::shape),
                n = units.saturating_mul(4)
            );
        }
        Ok(Sizes {
            batch,
            time,
            features,
            units,
        })
    }

    /// The step that is read as number `index`.
    fn step(&self, index: usize, reading: Reading) -> usize {
        if reading.backwards {
            self.time - 1 - index
        } else {
            index
        }
    }

    /// `[batch, time, features]` as `[time, batch, features]`, in the order of reading.
    fn by_step(&self, x: &[f32], reading: Reading) -> Buffer {
        let width = self.features;
        let mut y = Buffer::dirty(x.len());
        let mut rows = y.chunks_exact_mut(width.max(1));
        for index in 0..self.time {
            for sample in 0..self.batch {
                let from = (sample * self.time + self.step(index, reading)) * width;
                if let Some(row) = rows.next() {
                    row.copy_from_slice(&x[from..from + width]);
                }
            }
        }
        y
    }

    /// The inverse of [`by_step`](Sizes::by_step).
    fn by_sample(&self, x: &[f32], reading: Reading) -> Buffer {
        let width = self.features;
        let mut y = Buffer::dirty(x.len());
        let mut rows = x.chunks_exact(width.max(1));
        for index in 0..self.time {
            for sample in 0..self.batch {
                let from = (sample * self.time + self.step(index, reading)) * width;
                if let Some(row) = rows.next() {
                    y[from..from + width].copy_from_slice(row);
                }
            }
        }
        y
    }

    /// How many samples a thread takes at a time: it goes through all of their steps alone.
    fn piece(&self) -> usize {
        let products = 4 * self.units * self.units * self.time;
        piece(self.batch, WORTH_SHARING.div_ceil(products), 4).min(self.batch.max(1))
    }
}

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

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        if at.recorded() {
            let cell = Cell::default();
            return at.by_way_of(|inputs| {
                inputs[0].lstm_plain(&inputs[1], &inputs[2], inputs.get(3), self.reading, cell)
            });
        }
        let (x, kernel, recurrent) = (at.input(0), at.input(1), at.input(2));
        let (rows, columns) = (self.sizes.batch * self.sizes.time, 4 * self.sizes.units);
        let dz = self.gate_gradients(recurrent.data(), at.dy.data());
        let dz = MatRef::row_major(&dz, rows, columns);
        let product = |a: MatRef, b: MatRef| {
            let mut y = Buffer::dirty(a.rows * b.cols);
            let mut scratch = Buffer::dirty(scratch_len(a.rows, b.cols, a.cols));
            gemm::<Native>(a, b, &mut y, false, &mut scratch);
            y
        };
        let Sizes {
            features, units, ..
        } = self.sizes;
        let mut gradients = vec![
            at.wanted(0, || {
                let kernel = MatRef::row_major(kernel.data(), features, columns);
                let dx = self.sizes.by_sample(&product(dz, kernel.t()), self.reading);
                Ok(Tensor::leaf(dx, *x.shape()))
            })?,
            at.wanted(1, || {
                let x = self.sizes.by_step(x.data(), self.reading);
                let x = MatRef::row_major(&x, rows, features);
                Ok(Tensor::leaf(product(x.t(), dz), *kernel.shape()))
            })?,
            at.wanted(2, || {
                let h = MatRef::row_major(self.hidden.data(), rows, units);
                Ok(Tensor::leaf(product(h.t(), dz), *recurrent.shape()))
            })?,
        ];
        if self.biased {
            gradients.push(at.wanted(3, || {
                let mut db = vec![0.0; columns];
                reduce::sum_rows::<Native>(dz.data, &mut db);
                Ok(Tensor::leaf(db, *at.input(3).shape()))
            })?);
        }
        Ok(gradients)
    }
}

impl Lstm {
    /// The gradients with respect to the gates' sums, `[time, batch, 4·units]`, from the last step to the first.
    fn gate_gradients(&self, recurrent: &[f32], dy: &[f32]) -> Buffer {
        let (sizes, sequences) = (self.sizes, self.reading.sequences);
        let [gates, cells, tanh_cells] =
            [&self.gates, &self.cells, &self.tanh_cells].map(Tensor::data);
        let Sizes {
            batch, time, units, ..
        } = sizes;
        let (columns, piece) = (4 * units, sizes.piece());
        let recurrent = MatRef::row_major(recurrent, units, columns);
        let scratch = 2 * piece * units + scratch_len(piece, units, columns);
        let mut scratch = Buffer::dirty(threads() * scratch);
        let mut dz = Buffer::dirty(time * batch * columns);
        let pieces = stripes(&mut dz, batch * columns, piece * columns);
        for_each_with_scratch(pieces, &mut scratch, |index, mut dz, scratch| {
            let from = index * piece;
            let samples = piece.min(batch - from);
            let (state, scratch) = scratch.split_at_mut(2 * samples * units);
            state.fill(0.0);
            let (dh, dc) = state.split_at_mut(samples * units);
            if !sequences {
                dh.copy_from_slice(&dy[from * units..][..dh.len()]);
            }
            for step in (0..time).rev() {
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
                let dz = dz.row(step);
                lstm::backward::<Native>(left, dh, dc, dz, units);
                if step > 0 {
                    let dz = MatRef::row_major(dz, samples, columns);
                    gemm::<Native>(dz, recurrent.t(), dh, false, scratch);
                }
            }
        });
        dz
    }
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
        let (rows, columns, piece) = (batch * time, 4 * units, sizes.piece());
        let by_gate = Shape::new(&[time, batch, columns])?;
        let by_unit = Shape::known(&[time, batch, units]);
        let shape = if reading.sequences {
            Shape::known(&[batch, time, units])
        } else {
            Shape::known(&[batch, units])
        };
        let mut gates = Buffer::dirty(by_gate.size());
        gemm::<Native>(
            MatRef::row_major(&sizes.by_step(self.data(), reading), rows, features),
            MatRef::row_major(kernel.data(), features, columns),
            &mut gates,
            false,
            &mut Buffer::dirty(scratch_len(rows, columns, features)),
        );
        let unbiased = vec![0.0; columns];
        let bias_row = bias.map_or(&unbiased[..], Tensor::data);
        let recurrent_kernel = MatRef::row_major(recurrent.data(), units, columns);
        let [mut cells, mut hidden, mut tanh_cells] =
            [(); 3].map(|()| Buffer::dirty(by_unit.size()));
        let mut y = Buffer::dirty(shape.size());
        let scratch = 6 * piece * units + scratch_len(piece, columns, units);
        let mut scratch = Buffer::dirty(threads() * scratch);
        let by_units = |x| stripes(x, batch * units, piece * units);
        let pieces = (
            stripes(&mut gates, batch * columns, piece * columns),
            (by_units(&mut cells), by_units(&mut hidden)),
            by_units(&mut tanh_cells),
            chunks(&mut y, piece * shape.size() / batch.max(1)),
        );
        for_each_with_scratch(pieces, &mut scratch, |index, pieces, scratch| {
            let (mut gates, (mut cells, mut hidden), mut tanh_cells, y) = pieces;
            let samples = piece.min(batch - index * piece);
            let (state, scratch) = scratch.split_at_mut(6 * samples * units);
            state.fill(0.0);
            let (sums, state) = state.split_at_mut(samples * columns);
            let (h, c) = state.split_at_mut(samples * units);
            for step in 0..time {
                if step > 0 {
                    let h = MatRef::row_major(h, samples, units);
                    gemm::<Native>(h, recurrent_kernel, sums, false, scratch);
                }
                cells.row(step).copy_from_slice(c);
                hidden.row(step).copy_from_slice(h);
                let (z, tanh_c) = (gates.row(step), tanh_cells.row(step));
                lstm::forward::<Native>(z, bias_row, sums, c, tanh_c, h);
                if reading.sequences {
                    let rows = y[step * units..].chunks_mut(time * units);
                    for (y, h) in rows.zip(h.chunks_exact(units)) {
                        y[..units].copy_from_slice(h);
                    }
                }
            }
            if !reading.sequences {
                y.copy_from_slice(h);
            }
        });
        let op = Lstm {
            sizes,
            reading,
            biased: bias.is_some(),
            gates: Tensor::leaf(gates, by_gate),
            cells: Tensor::leaf(cells, by_unit),
            hidden: Tensor::leaf(hidden, by_unit),
            tanh_cells: Tensor::leaf(tanh_cells, by_unit),
        };
        let inputs = [Some(self), Some(kernel), Some(recurrent), bias];
        let inputs: Vec<&Tensor> = inputs.into_iter().flatten().collect();
        Ok(Tensor::of(op, &inputs, y, shape))
    }

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
