//! A long short-term memory (Hochreiter and Schmidhuber 1997) over whole sequences: `x [batch, time,
//! features]` with `W [features, 4·units]`, `U [units, 4·units]`, `b [4·units]` gives `h [batch, time, units]`
//! or the last of it, `[batch, units]`. In Keras' order of the gates:
//!
//! `i, f, g, o = σ, σ, tanh, σ (x_t·W + h_{t−1}·U + b)`, `c_t = f·c_{t−1} + i·g`, `h_t = o·tanh(c_t)`,
//! from `h = c = 0`.
//!
//! One op: the products of all inputs with `W` are one matrix product, and so are the gradients of `W` and
//! `U`; between them each step has one product with `U` and one pass over the gates. The derivative goes back
//! through time. Where a graph of the gradient is wanted, it is that of the [plain form](Tensor::lstm_plain).
use crate::autograd::{Backward, Op};
use crate::error::{Result, bail};
use crate::kernels::gemm::{MatRef, gemm, scratch_len};
use crate::kernels::lstm::{self, Step};
use crate::kernels::reduce;
use crate::shape::Shape;
use crate::simd::Native;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

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

    /// Values that all samples' units have at one step.
    fn step(&self) -> usize {
        self.batch * self.units
    }

    /// Rows of the products over all steps at once.
    fn rows(&self) -> usize {
        self.batch * self.time
    }

    /// `[batch, time, width]` as `[time, batch, width]`, in the order of reading.
    fn by_step(&self, x: &[f32], width: usize, backwards: bool) -> Vec<f32> {
        let mut y = Vec::with_capacity(x.len());
        for step in 0..self.time {
            let time = if backwards {
                self.time - 1 - step
            } else {
                step
            };
            for sample in 0..self.batch {
                y.extend_from_slice(&x[(sample * self.time + time) * width..][..width]);
            }
        }
        y
    }

    /// The inverse of [`by_step`](Sizes::by_step).
    fn by_sample(&self, x: &[f32], width: usize, backwards: bool) -> Vec<f32> {
        let mut y = Vec::with_capacity(x.len());
        for sample in 0..self.batch {
            for time in 0..self.time {
                let step = if backwards {
                    self.time - 1 - time
                } else {
                    time
                };
                y.extend_from_slice(&x[(step * self.batch + sample) * width..][..width]);
            }
        }
        y
    }
}

/// What the way back needs, step by step in the order of reading.
struct Lstm {
    sizes: Sizes,
    reading: Reading,
    biased: bool,
    /// `i, f, g, o`: `[time, batch, 4·units]`.
    gates: Tensor,
    /// `c` and `h`, the zeros they start as first: `[time + 1, batch, units]`.
    cells: Tensor,
    hidden: Tensor,
    /// `[time, batch, units]`.
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
        let (sizes, Reading { backwards, .. }) = (&self.sizes, self.reading);
        let &Sizes {
            features, units, ..
        } = sizes;
        let (rows, columns) = (sizes.rows(), 4 * units);
        let dz = self.gate_gradients(at.input(2).data(), at.dy.data());
        let product = |a: MatRef, b: MatRef| {
            let (m, n, k) = (a.rows, b.cols, a.cols);
            let mut y = vec![0.0; m * n];
            gemm::<Native>(a, b, &mut y, false, &mut vec![0.0; scratch_len(m, n, k)]);
            y
        };
        let all = MatRef::row_major(&dz, rows, columns);
        let dx = || {
            let kernel = MatRef::row_major(at.input(1).data(), features, columns);
            let dx = sizes.by_sample(&product(all, kernel.t()), features, backwards);
            Ok(Tensor::leaf(dx, *at.input(0).shape()))
        };
        let dkernel = || {
            let x = sizes.by_step(at.input(0).data(), features, backwards);
            let x = MatRef::row_major(&x, rows, features);
            Ok(Tensor::leaf(product(x.t(), all), *at.input(1).shape()))
        };
        let drecurrent = || {
            // The first step's h is 0, and adds nothing.
            let h = &self.hidden.data()[sizes.step()..sizes.time * sizes.step()];
            let h = MatRef::row_major(h, rows - sizes.batch, units);
            let later = &dz[columns * sizes.batch..];
            let later = MatRef::row_major(later, rows - sizes.batch, columns);
            Ok(Tensor::leaf(product(h.t(), later), *at.input(2).shape()))
        };
        let mut gradients = vec![
            at.wanted(0, dx)?,
            at.wanted(1, dkernel)?,
            at.wanted(2, drecurrent)?,
        ];
        if self.biased {
            gradients.push(at.wanted(3, || {
                let mut db = vec![0.0; columns];
                reduce::sum_rows::<Native>(&dz, &mut db);
                Ok(Tensor::leaf(db, *at.input(3).shape()))
            })?);
        }
        Ok(gradients)
    }
}

impl Lstm {
    /// The gradients with respect to the gates' sums, `[time, batch, 4·units]`, from the last step to the first.
    fn gate_gradients(&self, recurrent: &[f32], dy: &[f32]) -> Vec<f32> {
        let (sizes, step) = (&self.sizes, self.sizes.step());
        let &Sizes {
            batch, time, units, ..
        } = sizes;
        let columns = 4 * units;
        let given = if self.reading.sequences {
            // y is in the order of reading already.
            sizes.by_step(dy, units, false)
        } else {
            dy.to_vec()
        };
        // Transposed once, since every step reads it.
        let mut transposed = vec![0.0; recurrent.len()];
        for (unit, row) in recurrent.chunks_exact(columns).enumerate() {
            for (to, &from) in transposed[unit..].iter_mut().step_by(units).zip(row) {
                *to = from;
            }
        }
        let mut scratch = vec![0.0; scratch_len(batch, units, columns)];
        let mut dz = vec![0.0; time * batch * columns];
        let (mut dh, mut dc) = (vec![0.0; step], vec![0.0; step]);
        for t in (0..time).rev() {
            let (dz, later) = dz[t * batch * columns..].split_at_mut(batch * columns);
            let from_above = self.reading.sequences || t + 1 == time;
            if from_above {
                let row = if self.reading.sequences { t } else { 0 };
                dh.copy_from_slice(&given[row * step..][..step]);
            }
            if t + 1 < time {
                let later = MatRef::row_major(&later[..batch * columns], batch, columns);
                let transposed = MatRef::row_major(&transposed, columns, units);
                gemm::<Native>(later, transposed, &mut dh, from_above, &mut scratch);
            }
            let step = Step {
                gates: &self.gates.data()[t * batch * columns..][..batch * columns],
                c_before: &self.cells.data()[t * step..][..step],
                tanh_c: &self.tanh_cells.data()[t * step..][..step],
            };
            lstm::backward::<Native>(step, &dh, &mut dc, dz, units);
        }
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
        let (rows, columns, step) = (sizes.rows(), 4 * units, sizes.step());
        let (by_step, by_unit) = (
            Shape::new(&[time, batch, columns])?,
            Shape::new(&[time + 1, batch, units])?,
        );
        let x = sizes.by_step(self.data(), features, reading.backwards);
        let mut gates = vec![0.0; by_step.size()];
        let scratch = scratch_len(rows, columns, features).max(scratch_len(batch, columns, units));
        let mut scratch = vec![0.0; scratch];
        gemm::<Native>(
            MatRef::row_major(&x, rows, features),
            MatRef::row_major(kernel.data(), features, columns),
            &mut gates,
            false,
            &mut scratch,
        );
        let zeros = vec![0.0; columns];
        let bias_row = bias.map_or(&zeros[..], Tensor::data);
        let (mut cells, mut hidden) = (vec![0.0; by_unit.size()], vec![0.0; by_unit.size()]);
        let mut tanh_cells = vec![0.0; time * step];
        for t in 0..time {
            let z = &mut gates[t * batch * columns..][..batch * columns];
            let (c_before, c) = cells[t * step..].split_at_mut(step);
            let (h_before, h) = hidden[t * step..].split_at_mut(step);
            if t > 0 {
                let h_before = MatRef::row_major(h_before, batch, units);
                let recurrent = MatRef::row_major(recurrent.data(), units, columns);
                gemm::<Native>(h_before, recurrent, z, true, &mut scratch);
            }
            let tanh_c = &mut tanh_cells[t * step..][..step];
            lstm::forward::<Native>(
                z,
                bias_row,
                c_before,
                &mut c[..step],
                tanh_c,
                &mut h[..step],
            );
        }
        let y = if reading.sequences {
            sizes.by_sample(&hidden[step..], units, false)
        } else {
            hidden[time * step..].to_vec()
        };
        let shape = if reading.sequences {
            Shape::known(&[batch, time, units])
        } else {
            Shape::known(&[batch, units])
        };
        let op = Lstm {
            sizes,
            reading,
            biased: bias.is_some(),
            gates: Tensor::leaf(gates, by_step),
            cells: Tensor::leaf(cells, by_unit),
            hidden: Tensor::leaf(hidden, by_unit),
            tanh_cells: Tensor::leaf(tanh_cells, Shape::known(&[time, batch, units])),
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
        let Sizes {
            batch,
            time,
            features,
            units,
        } = Sizes::of(self, kernel, recurrent, bias)?;
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
            let t = if reading.backwards {
                time - 1 - step
            } else {
                step
            };
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
