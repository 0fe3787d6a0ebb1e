//! The kernel's gradient where images have one channel: what of the image is not zero is listed, and each
//! value adds its row of `dy`, all filters at once.
use super::correlate::Gradient;
use super::nonzeros::Nonzeros;
use crate::simd::Lanes;
use core::ops::Range;

impl Gradient<'_> {
    /// Whether this is the way: rows of an image must meet neighbouring pixels of `dy`.
    pub(super) fn has_one_channel(&self) -> bool {
        self.g.c == 1 && self.g.stride.1 == 1
    }

    /// Floats of scratch for an image.
    pub(super) fn scratch_of_one_channel(&self) -> usize {
        let g = &self.g;
        let dy = g.oh.saturating_mul(g.ow);
        dy.saturating_mul(g.f.next_multiple_of(4))
            .saturating_add(Nonzeros::scratch_len(g.h, g.w, 1))
    }

    /// Adds the gradients of these images: `sums` holds a row of all filters for each tap.
    pub(super) fn part_of_one_channel<L: Lanes>(
        &self,
        images: Range<usize>,
        sums: &mut [f32],
        db: &mut [f32],
        scratch: &mut [f32],
    ) {
        let g = &self.g;
        let [rows, columns] = g.forward_axes();
        let width = g.f.next_multiple_of(4);
        let (dy, scratch) = scratch.split_at_mut(g.oh * g.ow * width);
        for image in images {
            let finite = self.gate::<L>(image, db, dy);
            let x = &self.x[image * g.h * g.w..][..g.h * g.w];
            let list = Nonzeros::list::<L>(x, None, !finite, (g.h, g.w, 1), width, scratch);
            for (tap, sums) in sums.chunks_exact_mut(width).enumerate() {
                let (row_tap, column_tap) = (tap / g.kw, tap % g.kw);
                // The outputs whose input is inside.
                let left = column_tap * g.dilation.1;
                let first = g.pad_left.saturating_sub(left);
                let end = (g.w + g.pad_left).saturating_sub(left).min(columns.output);
                if first >= end {
                    continue;
                }
                let input = first + left - g.pad_left;
                for row in 0..g.oh {
                    let Some(input_row) = rows.meets(row, row_tap) else {
                        continue;
                    };
                    let seen = list.row(input_row).pixels(input, end - first);
                    if !seen.values.is_empty() {
                        let offset = (row * g.ow + first).wrapping_sub(input);
                        seen.add_to::<L>(sums.as_chunks_mut().0, dy, offset.wrapping_mul(width));
                    }
                }
            }
        }
    }

    /// Brings the sums into the kernel's order.
    pub(super) fn collect_one_channel(&self, sums: &[f32], dw: &mut [f32]) {
        let f = self.g.f.max(1);
        let taps = sums.chunks_exact(f.next_multiple_of(4));
        for (sums, dw) in taps.zip(dw.chunks_exact_mut(f)) {
            dw.copy_from_slice(&sums[..f]);
        }
    }

    /// Copies what counts of an image's `dy`, adds it up in `db`, and tells whether all of it is finite.
    fn gate<L: Lanes>(&self, image: usize, db: &mut [f32], dy: &mut [f32]) -> bool {
        let g = &self.g;
        let zero = L::splat(0.0);
        let mut check = zero;
        let pixels = image * g.oh * g.ow..;
        for (pixel, to) in pixels.zip(dy.chunks_exact_mut(g.f.next_multiple_of(4))) {
            let here = pixel * g.f..(pixel + 1) * g.f;
            let from = &self.dy[here.clone()];
            let open = self.open.map(|open| &open[here]);
            let mut groups = from.as_chunks::<4>().0.iter().enumerate();
            let (to, tail) = to.split_at_mut(from.len() / 4 * 4);
            let (sums, sums_tail) = db.as_chunks_mut::<4>();
            for ((to, sum), (i, dy)) in to
                .as_chunks_mut::<4>()
                .0
                .iter_mut()
                .zip(sums)
                .zip(&mut groups)
            {
                let mut dy = L::load(dy);
                if let Some(open) = open {
                    let Some(open) = open[4 * i..].first_chunk() else {
                        break;
                    };
                    dy = L::select(zero.lt(L::load(open)), dy, zero);
                }
                dy.store(to);
                L::load(sum).add(dy).store(sum);
                check = check.add(dy.sub(dy));
            }
            for (i, (to, sum)) in tail.iter_mut().zip(sums_tail).enumerate() {
                let at = from.len() / 4 * 4 + i;
                let counts = open.is_none_or(|open| open[at] > 0.0);
                *to = if counts { from[at] } else { 0.0 };
                *sum += *to;
                let rest = L::splat(*to);
                check = check.add(rest.sub(rest));
            }
        }
        check.is_zero()
    }
}
