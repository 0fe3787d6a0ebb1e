//! What each recurrence computes in one step, for some samples: its matrix products, and its pass over the gates.
use super::Recurrence;
use crate::kernels::gemm::{MatRef, gemm, scratch_len};
use crate::kernels::{gru, lstm, simple_rnn};
use crate::simd::Native;

/// The recurrent kernel `[units, gates·units]`, or its transpose for the way back.
#[derive(Clone, Copy)]
pub(super) struct Matrices<'a> {
    recurrence: Recurrence,
    data: &'a [f32],
    units: usize,
}

/// What a step reads and writes, a row for each sample.
pub(super) struct Rows<'a> {
    /// The products of the inputs, which become the gates.
    pub(super) gates: &'a mut [f32],
    /// What the way back needs besides; see [`lengths`].
    pub(super) kept: &'a mut [f32],
    /// The hidden values, and the cells of an LSTM, before and after the step.
    pub(super) h: &'a mut [f32],
    pub(super) c: &'a mut [f32],
}

/// What a step left behind, a row for each sample.
#[derive(Clone, Copy)]
pub(super) struct Left<'a> {
    pub(super) gates: &'a [f32],
    pub(super) kept: &'a [f32],
    pub(super) h_before: &'a [f32],
    pub(super) c_before: &'a [f32],
}

/// Gradients on their way through a step, a row for each sample.
pub(super) struct Flow<'a> {
    /// With respect to the state after the step; becomes that of the state before.
    pub(super) dh: &'a mut [f32],
    pub(super) dc: &'a mut [f32],
    /// With respect to the gates' sums, on the side of the inputs.
    pub(super) dz: &'a mut [f32],
    /// The same on the recurrent side, where the two differ: a gated recurrent unit that resets after the product.
    pub(super) dsums: &'a mut [f32],
}

/// How many values of cells, and of what else is kept, there are where hidden values are so many: an LSTM keeps
/// `tanh(c)`, a gated recurrent unit what the reset gate is multiplied by, or what that gives.
pub(super) fn lengths(recurrence: Recurrence, values: usize) -> [usize; 2] {
    match recurrence {
        Recurrence::Simple => [0, 0],
        Recurrence::Gru { .. } => [0, values],
        Recurrence::Lstm => [values, values],
    }
}

/// The columns `from..from + cols` of a matrix with rows of `stride` values.
fn columns(data: &[f32], stride: usize, from: usize, cols: usize) -> MatRef<'_> {
    MatRef {
        data: data.get(from..).unwrap_or_default(),
        rows: data.len() / stride.max(1),
        cols,
        row_stride: stride,
        col_stride: 1,
        finite: false,
    }
}

impl<'a> Matrices<'a> {
    pub(super) fn new(recurrence: Recurrence, data: &'a [f32], units: usize) -> Self {
        Matrices {
            recurrence,
            data,
            units,
        }
    }

    fn width(&self) -> usize {
        self.recurrence.gates() * self.units
    }

    /// Scratch of a step forward with so many samples.
    pub(super) fn forward_scratch(&self, samples: usize) -> usize {
        scratch_len(samples, self.width(), self.units)
            .max(scratch_len(samples, self.units, self.units))
            .max(scratch_len(samples, 2 * self.units, self.units))
    }

    /// Scratch of a step back with so many samples.
    pub(super) fn backward_scratch(&self, samples: usize) -> usize {
        let product = scratch_len(samples, self.units, self.width())
            .max(scratch_len(samples, self.units, self.units))
            .max(scratch_len(samples, self.units, 2 * self.units));
        product.saturating_add(samples * self.units)
    }

    /// A step. `sums` has room for a row of all gates for each sample; the states are known to be 0 unless `began`.
    pub(super) fn forward(
        &self,
        rows: Rows,
        bias: &[f32],
        began: bool,
        sums: &mut [f32],
        scratch: &mut [f32],
    ) {
        let (units, width) = (self.units, self.width());
        let Rows { gates, kept, h, c } = rows;
        let samples = h.len() / units;
        let sums = &mut sums[..samples * width];
        let product = |x: &[f32], from: usize, cols: usize, y: &mut [f32], scratch: &mut [f32]| {
            if began {
                let x = MatRef::row_major(x, samples, units);
                let weights = columns(self.data, width, from, cols);
                gemm::<Native>(x, weights, y, false, scratch);
            } else {
                y.fill(0.0);
            }
        };
        match self.recurrence {
            Recurrence::Simple => {
                product(h, 0, width, sums, scratch);
                simple_rnn::forward::<Native>(gates, bias, sums, h);
            }
            Recurrence::Gru { reset_after: true } => {
                product(h, 0, width, sums, scratch);
                gru::forward_after::<Native>(gates, bias, sums, kept, h);
            }
            Recurrence::Gru { reset_after: false } => {
                let (sums, rest) = sums.split_at_mut(2 * samples * units);
                product(h, 0, 2 * units, sums, scratch);
                gru::gates_before::<Native>(gates, bias, sums, kept, h);
                let sums = &mut rest[..samples * units];
                product(kept, 2 * units, units, sums, scratch);
                gru::candidate_before::<Native>(gates, bias, sums, h);
            }
            Recurrence::Lstm => {
                product(h, 0, width, sums, scratch);
                lstm::forward::<Native>(gates, bias, sums, c, kept, h);
            }
        }
    }

    /// A step back, with the transposed kernel. Unless the state before is `wanted`, its gradient is left as it is.
    pub(super) fn backward(&self, left: Left, flow: Flow, wanted: bool, scratch: &mut [f32]) {
        let (units, width) = (self.units, self.width());
        let Flow { dh, dc, dz, dsums } = flow;
        let samples = dh.len() / units;
        // Rows `from..from + count` of the transposed kernel.
        let weights = |from: usize, count: usize| {
            MatRef::row_major(&self.data[from * units..][..count * units], count, units)
        };
        match self.recurrence {
            Recurrence::Simple => simple_rnn::backward::<Native>(left.gates, dh, dz),
            Recurrence::Lstm => {
                let step = lstm::Step {
                    gates: left.gates,
                    c_before: left.c_before,
                    tanh_c: left.kept,
                };
                lstm::backward::<Native>(step, dh, dc, dz, units);
            }
            Recurrence::Gru { reset_after: true } => {
                let read = [left.gates, left.kept, left.h_before];
                gru::backward_after::<Native>(read, dh, dz, dsums, units);
                if wanted {
                    let dsums = MatRef::row_major(dsums, samples, width);
                    gemm::<Native>(dsums, weights(0, width), dh, true, scratch);
                }
                return;
            }
            Recurrence::Gru { reset_after: false } => {
                gru::backward_candidate::<Native>(left.gates, left.h_before, dh, dz, units);
                let (dkept, scratch) = scratch.split_at_mut(samples * units);
                let candidate = columns(dz, width, 2 * units, units);
                gemm::<Native>(candidate, weights(2 * units, units), dkept, false, scratch);
                gru::backward_reset::<Native>([left.gates, left.h_before, dkept], dh, dz, units);
                if wanted {
                    let gates = columns(dz, width, 0, 2 * units);
                    gemm::<Native>(gates, weights(0, 2 * units), dh, true, scratch);
                }
                return;
            }
        }
        if wanted {
            let dz = MatRef::row_major(dz, samples, width);
            gemm::<Native>(dz, weights(0, width), dh, false, scratch);
        }
    }
}
