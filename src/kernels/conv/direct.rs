//! The kernel's gradient by its definition, tap by tap: slow, but what lies outside the image is never touched, so it
//! needs no padded copy and keeps infinities to themselves. For gradients that are not finite, and for dilation and
//! strides so large that a padded copy would be mostly zeros. Its sums go in the same order as those of the other ways.
use super::correlate::{Gradient, View};
use super::sums::Block;

impl Gradient<'_> {
    /// Adds the gradients of a block of an image to `sums`, which lie as `view` says, and to those of the bias, `db`.
    pub(super) fn direct(
        &self,
        view: &View,
        image: usize,
        block: &Block,
        sums: &mut [f32],
        db: &mut [f32],
    ) {
        let g = &self.g;
        let [rows, columns] = g.forward_axes();
        let filter = view.sums();
        for (row, column) in block.pixels() {
            let pixel = row * g.ow + column;
            let from = (image * g.oh * g.ow + pixel) * g.f;
            let dy = |f: usize| match self.open {
                Some(open) if open[from + f] <= 0.0 || open[from + f].is_nan() => 0.0,
                _ => self.dy[from + f],
            };
            db.iter_mut().enumerate().for_each(|(f, db)| *db += dy(f));
            for tap in 0..g.kh * g.kw {
                let met = (
                    rows.meets(row, tap / g.kw),
                    columns.meets(column, tap % g.kw),
                );
                let (Some(y), Some(x)) = met else {
                    continue;
                };
                let seen = &self.x[((image * g.h + y) * g.w + x) * g.c..][..g.c];
                for (channel, x) in seen.iter().enumerate() {
                    let at = view.place(tap, channel);
                    for f in 0..g.f {
                        sums[f * filter + at] += x * dy(f);
                    }
                }
            }
        }
    }
}
