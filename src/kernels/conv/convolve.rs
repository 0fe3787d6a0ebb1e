//! Images times a kernel: what the forward pass and the input gradient are.
//!
//! An output pixel keeps its sums in registers and walks the values of its patch that are not zero;
//! each adds its row of the kernel. Patches are never laid out.
use super::geometry::Axis;
use super::nonzeros::Nonzeros;
use super::walk::WIDEST;
use crate::parallel::{self, chunks, for_each_with_scratch, threads};
use crate::simd::Lanes;

/// Multiplications below which other threads are not worth waking, if nothing is zero.
pub(super) const WORTH_SHARING: usize = 1_000_000;

/// `y[o, f] = max(Σ x[i, c] · kernel[k, f] + bias[f], floor)`, k running over (row, column, channel) of
/// the patch of `o`.
pub(super) struct Convolution<'a> {
    pub(super) rows: Axis,
    pub(super) columns: Axis,
    pub(super) c: usize,
    pub(super) f: usize,
    /// The kernel and the bias, as [`pack`] leaves them.
    pub(super) panels: &'a [f32],
    pub(super) bias: &'a [f32],
    /// Whether zeros are multiplied too, because the kernel is not finite.
    pub(super) all: bool,
    /// The least value of the output.
    pub(super) floor: f32,
}

/// Groups of four that hold `f` filters.
fn groups(f: usize) -> usize {
    f.div_ceil(4)
}

/// Floats of a row of a panel.
fn row_len(f: usize) -> usize {
    4 * groups(f).clamp(1, WIDEST)
}

fn panels_len(k: usize, f: usize) -> usize {
    f.div_ceil(row_len(f)) * row_len(f) * k
}

/// Floats that [`pack`] writes for patches of length `k`.
pub(super) fn packed_len(k: usize, f: usize) -> usize {
    panels_len(k, f) + 4 * groups(f)
}

/// Packs a kernel, `at(k, f)`, in panels of as many filters as are summed at once, the last filled up with
/// zeros; the bias, zeros if there is none, goes behind them.
pub(super) fn pack<'a>(
    k: usize,
    f: usize,
    at: impl Fn(usize, usize) -> f32,
    bias: Option<&[f32]>,
    packed: &'a mut [f32],
) -> (&'a [f32], &'a [f32]) {
    let len = row_len(f);
    let (panels, to) = packed.split_at_mut(panels_len(k, f));
    for (panel, packed) in panels.chunks_exact_mut((len * k).max(1)).enumerate() {
        for (k, row) in packed.chunks_exact_mut(len).enumerate() {
            for (to, filter) in row.iter_mut().zip(panel * len..) {
                *to = if filter < f { at(k, filter) } else { 0.0 };
            }
        }
    }
    to.fill(0.0);
    if let Some(bias) = bias {
        to[..f].copy_from_slice(bias);
    }
    (panels, to)
}

impl Convolution<'_> {
    /// The plain convolution, its kernel still missing.
    pub(super) fn new(rows: Axis, columns: Axis, c: usize, f: usize) -> Self {
        Convolution {
            rows,
            columns,
            c,
            f,
            panels: &[],
            bias: &[],
            all: false,
            floor: f32::NEG_INFINITY,
        }
    }

    /// Floats of scratch for [`run`](Convolution::run).
    pub(super) fn scratch_len(&self) -> usize {
        let sums = self.columns.output * groups(self.f) * 4;
        threads() * (sums + Nonzeros::scratch_len(self.rows.input, self.columns.input, self.c))
    }

    /// Convolves images `x` into `y`; input counts only where `open`, if given, is positive.
    pub(super) fn run<L: Lanes>(
        &self,
        x: &[f32],
        open: Option<&[f32]>,
        y: &mut [f32],
        scratch: &mut [f32],
    ) {
        let input = self.rows.input * self.columns.input * self.c;
        let output = self.rows.output * self.columns.output * self.f;
        // Images are shared out whole: each is listed once.
        let work = output * self.rows.taps * self.columns.taps * self.c;
        let images = parallel::piece(x.len() / input.max(1), WORTH_SHARING / work.max(1), 1);
        let pieces = chunks(y, (images * output).max(1));
        for_each_with_scratch(pieces, scratch, |index, y, scratch| {
            for (image, y) in (index * images..).zip(y.chunks_exact_mut(output)) {
                let pixels = image * input..(image + 1) * input;
                let open = open.map(|open| &open[pixels.clone()]);
                self.image::<L>(&x[pixels], open, y, scratch);
            }
        });
    }

    fn image<L: Lanes>(&self, x: &[f32], open: Option<&[f32]>, y: &mut [f32], scratch: &mut [f32]) {
        let (sums, scratch) = scratch.split_at_mut(self.columns.output * groups(self.f) * 4);
        let size = (self.rows.input, self.columns.input, self.c);
        let list = Nonzeros::list::<L>(x, open, self.all, size, row_len(self.f), scratch);
        let rows = y.chunks_exact_mut((self.columns.output * self.f).max(1));
        for (row, y) in rows.enumerate() {
            self.row::<L>(&list, row, sums);
            self.finish::<L>(sums, y);
        }
    }

    /// The sums of a row of output pixels.
    fn row<L: Lanes>(&self, list: &Nonzeros, row: usize, sums: &mut [f32]) {
        sums.fill(0.0);
        let sums = sums.as_chunks_mut::<4>().0;
        let (len, groups) = (row_len(self.f), groups(self.f));
        let panel = len * self.rows.taps * self.columns.taps * self.c;
        for (from, panel) in (0..groups)
            .step_by(WIDEST)
            .zip(self.panels.chunks_exact(panel.max(1)))
        {
            let own = from..groups.min(from + WIDEST);
            for row_tap in 0..self.rows.taps {
                let Some(input_row) = self.rows.meets(row, row_tap) else {
                    continue;
                };
                let values = list.row(input_row);
                for taps in self.columns.neighbours() {
                    for (column, sums) in sums.chunks_exact_mut(groups).enumerate() {
                        let Some((tap, input, count)) = self.columns.run(column, taps.clone())
                        else {
                            continue;
                        };
                        let seen = values.pixels(input, count);
                        if !seen.values.is_empty() {
                            let first = row_tap * self.columns.taps + tap;
                            let offset = first.wrapping_sub(input).wrapping_mul(self.c * len);
                            seen.add_to::<L>(&mut sums[own.clone()], panel, offset);
                        }
                    }
                }
            }
        }
    }

    /// Adds the bias, and lifts to the floor.
    fn finish<L: Lanes>(&self, sums: &[f32], y: &mut [f32]) {
        let floor = L::splat(self.floor);
        let groups = groups(self.f);
        let sums = sums.as_chunks::<4>().0.chunks_exact(groups.max(1));
        let bias = self.bias.as_chunks::<4>().0;
        for (sums, y) in sums.zip(y.chunks_exact_mut(self.f.max(1))) {
            for ((sum, bias), y) in sums.iter().zip(bias).zip(y.chunks_mut(4)) {
                let sum = L::load(sum).add(L::load(bias)).max(floor);
                match y.first_chunk_mut() {
                    Some(y) => sum.store(y),
                    None => y.copy_from_slice(&sum.to_array()[..y.len()]),
                }
            }
        }
    }
}
