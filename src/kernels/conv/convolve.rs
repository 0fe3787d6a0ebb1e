//! Images times a kernel: the forward pass and the input gradient.
//!
//! The sums of an output pixel stay in registers while the values of its patch that are not zero are walked; each value,
//! times its row of the kernel, is added to them. Patches are never copied out of the image.
use super::few;
use super::geometry::Axis;
use super::nonzeros::Nonzeros;
use super::walk::WIDEST;
use crate::kernels::sizes::{product, total};
use crate::parallel::{self, chunks, for_each_with_scratch, threads};
use crate::simd::Lanes;

/// Multiplications below which other threads are not worth waking, if nothing is zero.
pub(super) const WORTH_SHARING: usize = 400_000;

/// `y[o, f] = max(Σ x[i, c] · kernel[k, f] + bias[f], floor)`, k running over (row, column, channel) of
/// the patch of `o`.
pub(super) struct Convolution<'a> {
    pub(super) rows: Axis,
    pub(super) columns: Axis,
    pub(super) c: usize,
    pub(super) f: usize,
    /// The kernel and the bias, as [`pack`](Convolution::pack) leaves them.
    pub(super) panels: &'a [f32],
    pub(super) bias: &'a [f32],
    /// Whether zeros are multiplied too, because the kernel is not finite.
    pub(super) all: bool,
    /// The least value of the output.
    pub(super) floor: f32,
    /// Whether images are padded and multiplied four windows at a time (see [`few`](super::few)).
    pub(super) few: bool,
}

impl<'a> Convolution<'a> {
    /// The plain convolution, its kernel still missing.
    pub(super) fn new([rows, columns]: [Axis; 2], c: usize, f: usize) -> Self {
        let mut pass = Convolution {
            rows,
            columns,
            c,
            f,
            panels: &[],
            bias: &[],
            all: false,
            floor: f32::NEG_INFINITY,
            few: false,
        };
        pass.few = pass.has_few_channels();
        pass
    }

    /// The same, listing the values of images instead of padding them: for input that is gated, and for kernels that
    /// are not finite, because the zeros of the padding would make NaN of what is infinite.
    pub(super) fn listing(self, yes: bool) -> Self {
        Convolution {
            few: self.few && !yes,
            ..self
        }
    }

    /// Length of a patch.
    pub(super) fn k(&self) -> usize {
        product([self.rows.taps, self.columns.taps, self.c])
    }

    /// Filters that are summed at once.
    fn panel(&self) -> usize {
        if self.few {
            few::PANEL
        } else {
            4 * self.f.div_ceil(4).clamp(1, WIDEST)
        }
    }

    /// Floats for the sums of an output pixel.
    pub(super) fn sums_width(&self) -> usize {
        let tile = if self.few { few::PANEL } else { 4 };
        self.f.next_multiple_of(tile)
    }

    /// Floats for the sums of a row of output pixels.
    fn sums_len(&self) -> usize {
        product([self.columns.output.next_multiple_of(4), self.sums_width()])
    }

    fn panels_len(&self) -> usize {
        product([self.f.next_multiple_of(self.panel()), self.k()])
    }

    /// Floats that [`pack`](Convolution::pack) writes.
    pub(super) fn packed_len(&self) -> usize {
        total([self.panels_len(), self.sums_width()])
    }

    /// Packs a kernel, `at(k, f)`, in panels, the last filled up with zeros, and behind them the bias.
    pub(super) fn pack(
        &mut self,
        at: impl Fn(usize, usize) -> f32,
        bias: Option<&[f32]>,
        packed: &'a mut [f32],
    ) {
        let (len, k) = (self.panel(), self.k());
        let (panels, to) = packed.split_at_mut(self.panels_len());
        for (panel, packed) in panels.chunks_exact_mut((len * k).max(1)).enumerate() {
            for (k, row) in packed.chunks_exact_mut(len).enumerate() {
                for (to, filter) in row.iter_mut().zip(panel * len..) {
                    *to = if filter < self.f { at(k, filter) } else { 0.0 };
                }
            }
        }
        to.fill(0.0);
        if let Some(bias) = bias {
            to[..self.f].copy_from_slice(bias);
        }
        (self.panels, self.bias) = (panels, to);
    }

    /// Floats of scratch for [`run`](Convolution::run).
    fn scratch_len(&self) -> usize {
        let image = if self.few {
            self.scratch_of_few()
        } else {
            Nonzeros::scratch_len(self.rows.input, self.columns.input, self.c)
        };
        product([threads(), total([self.sums_len(), image])])
    }

    /// Floats for the packed kernel and for scratch.
    pub(super) fn room(&self) -> usize {
        total([self.packed_len(), self.scratch_len()])
    }

    /// Convolves images `x` into `y`; input counts only where `open`, if given, is positive. Only a pass that
    /// [lists](Convolution::listing) can be gated.
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
        let work = product([output, self.k()]);
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
        let (sums, scratch) = scratch.split_at_mut(self.sums_len());
        if self.few {
            return self.image_of_few::<L>(x, y, sums, scratch);
        }
        let size = (self.rows.input, self.columns.input, self.c);
        let list = Nonzeros::list::<L>(x, open, self.all, size, self.panel(), scratch);
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
        let (len, groups) = (self.panel(), self.sums_width() / 4);
        let panel = len * self.k();
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
    pub(super) fn finish<L: Lanes>(&self, sums: &[f32], y: &mut [f32]) {
        let floor = L::splat(self.floor);
        let groups = self.sums_width() / 4;
        let sums = sums.as_chunks::<4>().0.chunks_exact(groups.max(1));
        let bias = self.bias.as_chunks::<4>().0;
        for (sums, y) in sums.zip(y.chunks_exact_mut(self.f.max(1))) {
            let mut finished = sums
                .iter()
                .zip(bias)
                .map(|(sum, bias)| L::load(sum).add(L::load(bias)).max(floor));
            let (y, tail) = y.as_chunks_mut::<4>();
            for (y, sum) in y.iter_mut().zip(&mut finished) {
                sum.store(y);
            }
            if let Some(sum) = finished.next().filter(|_| !tail.is_empty()) {
                tail.copy_from_slice(&sum.to_array()[..tail.len()]);
            }
        }
    }
}
