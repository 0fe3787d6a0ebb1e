//! Convolution of images with few channels, as in a first layer: lists of so few values would not pay.
//! Four windows are laid out side by side and multiplied with eight filters at a time, in registers.
use super::convolve::Convolution;
use super::padded::Padded;
use crate::kernels::gemm;
use crate::kernels::{bits, number};
use crate::simd::Lanes;
use core::array::from_fn;

/// With so many channels, lists pay.
const MANY: usize = 4;
/// Filters of a panel.
pub(super) const PANEL: usize = 8;

impl Convolution<'_> {
    /// Whether this is the way to convolve.
    pub(super) fn has_few_channels(&self) -> bool {
        self.c < MANY && self.rows.spread == 1 && self.columns.spread == 1
    }

    /// The image with its padding.
    pub(super) fn padded(&self) -> Padded {
        Padded {
            rows: self.rows,
            columns: self.columns,
            c: self.c,
        }
    }

    /// Floats of scratch for [`image_of_few`](Convolution::image_of_few).
    pub(super) fn scratch_of_few(&self) -> usize {
        self.padded().len().saturating_add(5 * self.k())
    }

    /// Convolves an image; `sums` has room for a row of output pixels.
    pub(super) fn image_of_few<L: Lanes>(
        &self,
        x: &[f32],
        y: &mut [f32],
        sums: &mut [f32],
        scratch: &mut [f32],
    ) {
        let layout = self.padded();
        let (taps, scratch) = scratch.split_at_mut(self.k());
        let (windows, scratch) = scratch.split_at_mut(4 * self.k());
        let padded = &mut scratch[..layout.len()];
        padded.fill(0.0);
        layout.copy(x, padded);
        for (tap, to) in taps.chunks_exact_mut(self.c.max(1)).enumerate() {
            let at = layout.tap(tap / self.columns.taps, tap % self.columns.taps);
            for (to, at) in to.iter_mut().zip(at..) {
                *to = bits(at);
            }
        }
        let rows = y.chunks_exact_mut((self.columns.output * self.f).max(1));
        for (row, y) in rows.enumerate() {
            for (four, sums) in sums.chunks_exact_mut(4 * self.sums_width()).enumerate() {
                let seen = &padded[layout.window(row, 4 * four)..];
                let step = self.columns.stride * self.c;
                let zero = lay_out::<L>(seen, taps, step, windows.as_chunks_mut().0);
                if zero && !self.all {
                    sums.fill(0.0);
                } else {
                    self.multiply::<L>(windows, sums);
                }
            }
            self.finish::<L>(sums, y);
        }
    }

    /// The sums of four windows.
    fn multiply<L: Lanes>(&self, windows: &[f32], sums: &mut [f32]) {
        let width = self.sums_width();
        let panels = self.panels.chunks_exact(PANEL * self.k());
        for (panel, from) in panels.zip((0..width).step_by(PANEL)) {
            gemm::tile::<L>(windows, panel, PANEL, &mut sums[from..], width, false);
        }
    }
}

/// Lays out four windows, `step` apart, side by side, tap by tap; tells whether they show only zeros.
fn lay_out<L: Lanes>(seen: &[f32], taps: &[f32], step: usize, windows: &mut [[f32; 4]]) -> bool {
    let mut zero = true;
    for (tap, to) in taps.iter().zip(windows) {
        let Some(seen) = seen.get(number(*tap)..) else {
            break;
        };
        // Vectors, not arrays: what is stored in halves is slow to load whole.
        let four: L = match seen.first_chunk() {
            Some(seen) if step == 1 => L::load(seen),
            _ => L::load(&from_fn(|window| seen[window * step])),
        };
        four.store(to);
        zero &= four.is_zero();
    }
    zero
}
