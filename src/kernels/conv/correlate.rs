//! Images times gradients: the kernel's gradient.
//!
//! For each filter the places are listed where `dy` is not zero. A part of the filter's gradient stays in
//! registers while its list is walked; each entry adds what the filter saw there. Image by image, so that
//! what is walked stays in the cache.
use super::geometry::Conv2d;
use super::nonzeros::{all_finite, bits, number};
use super::walk::List;
use crate::simd::Lanes;

/// How what a filter sees of an image is read: as runs of neighbouring floats in a padded copy.
struct View {
    g: Conv2d,
    /// Rows and columns of the padded copy: what windows reach.
    rows: usize,
    columns: usize,
    /// Runs down and across; one across wherever neighbouring taps see neighbouring pixels.
    runs: (usize, usize),
    /// Floats of a run, and groups of four that hold them.
    run: usize,
    groups: usize,
}

impl View {
    fn new(g: &Conv2d) -> Self {
        let reach = |count: usize, stride: usize, taps: usize, dilation: usize| {
            count.saturating_sub(1) * stride + (taps - 1) * dilation + 1
        };
        let (across, run) = if g.dilation.1 == 1 {
            (1, g.kw * g.c)
        } else {
            (g.kw, g.c)
        };
        View {
            g: *g,
            rows: reach(g.oh, g.stride.0, g.kh, g.dilation.0),
            columns: reach(g.ow, g.stride.1, g.kw, g.dilation.1),
            runs: (g.kh, across),
            run,
            groups: run.div_ceil(4),
        }
    }

    /// Floats that a filter's gradient takes, each run filled up to whole groups.
    fn sums(&self) -> usize {
        self.runs.0 * self.runs.1 * self.groups * 4
    }

    /// Whether runs are so short that they had better be laid out one after the other for every pixel.
    fn is_unfolded(&self) -> bool {
        self.groups <= 2
    }

    /// Floats of the padded copy. The last run may be read past its end.
    fn padded_len(&self) -> usize {
        self.rows * self.columns * self.g.c + 3
    }

    fn unfolded_len(&self) -> usize {
        if self.is_unfolded() {
            self.g.oh * self.g.ow * self.sums()
        } else {
            0
        }
    }

    /// Where the run of taps (`down`, `across`) lies, from a pixel's place on.
    fn offset(&self, down: usize, across: usize) -> usize {
        let (rows, columns) = self.g.dilation;
        (down * rows * self.columns + across * columns) * self.g.c
    }

    /// Copies an image into the middle of `padded`, which is zero elsewhere.
    fn pad(&self, image: &[f32], padded: &mut [f32]) {
        let g = &self.g;
        let width = g.w.min(self.columns.saturating_sub(g.pad_left)) * g.c;
        let to = padded.chunks_exact_mut((self.columns * g.c).max(1));
        let from = image.chunks_exact((g.w * g.c).max(1));
        for (to, from) in to.skip(g.pad_top).zip(from) {
            to[g.pad_left * g.c..][..width].copy_from_slice(&from[..width]);
        }
    }

    /// Lays out all runs of every pixel one after the other.
    fn unfold(&self, padded: &[f32], unfolded: &mut [f32]) {
        let g = &self.g;
        let mut pixels = unfolded.chunks_exact_mut(self.sums().max(1));
        for row in 0..g.oh {
            for (column, pixel) in (0..g.ow).zip(&mut pixels) {
                let place = self.place(row, column);
                for (run, to) in pixel.chunks_exact_mut(4 * self.groups).enumerate() {
                    let at = place + self.offset(run / self.runs.1, run % self.runs.1);
                    for (group, to) in to.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                        to.copy_from_slice(&padded[at + 4 * group..][..4]);
                    }
                }
            }
        }
    }

    /// Where the window of an output pixel begins in the padded copy.
    fn place(&self, row: usize, column: usize) -> usize {
        (row * self.g.stride.0 * self.columns + column * self.g.stride.1) * self.g.c
    }
}

/// Floats of scratch that [`kernel_gradient`] needs.
pub(super) fn scratch_len(g: &Conv2d) -> usize {
    let view = View::new(g);
    view.sums() * g.f + view.padded_len() + view.unfolded_len() + g.f * (2 * g.oh * g.ow + 1)
}

/// `dw[k, f] = Σ x[i, c] · dy[o, f]` over the pixels `o` of all images, in order; `dy` counts only where
/// `open`, if given, is positive. `db[f] = Σ dy[o, f]`, if asked for.
pub(super) fn kernel_gradient<L: Lanes>(
    g: &Conv2d,
    x: &[f32],
    dy: &[f32],
    open: Option<&[f32]>,
    dw: &mut [f32],
    mut db: Option<&mut [f32]>,
    scratch: &mut [f32],
) {
    let view = View::new(g);
    let (sums, scratch) = scratch.split_at_mut(view.sums() * g.f);
    let (padded, scratch) = scratch.split_at_mut(view.padded_len());
    let (unfolded, scratch) = scratch.split_at_mut(view.unfolded_len());
    let (lens, lists) = scratch.split_at_mut(g.f);
    sums.fill(0.0);
    padded.fill(0.0);
    if let Some(db) = &mut db {
        db.fill(0.0);
    }
    let (pixels, filters) = (g.oh * g.ow, g.f);
    for image in 0..g.n {
        let x = &x[image * g.h * g.w * g.c..][..g.h * g.w * g.c];
        let all = !all_finite::<L>(x);
        view.pad(x, padded);
        if view.is_unfolded() {
            view.unfold(padded, unfolded);
        }
        // The lists: for every filter, values, then places.
        lens.fill(bits(0));
        let from = image * pixels * filters;
        for row in 0..g.oh {
            for column in 0..g.ow {
                let pixel = row * g.ow + column;
                let place = bits(if view.is_unfolded() {
                    pixel * view.sums()
                } else {
                    view.place(row, column)
                });
                let at = from + pixel * filters;
                let dy = &dy[at..][..filters];
                for f in 0..filters {
                    let value = match open {
                        Some(open) if open[at + f] <= 0.0 => 0.0,
                        _ => dy[f],
                    };
                    let len = number(lens[f]);
                    lists[2 * f * pixels + len] = value;
                    lists[(2 * f + 1) * pixels + len] = place;
                    lens[f] = bits(len + usize::from(all | (value != 0.0)));
                }
            }
        }
        for (f, sums) in sums.chunks_exact_mut(view.sums().max(1)).enumerate() {
            let len = number(lens[f]);
            let values = &lists[2 * f * pixels..][..len];
            let places = &lists[(2 * f + 1) * pixels..][..len];
            if let Some(db) = &mut db {
                db[f] = values.iter().fold(db[f], |sum, value| sum + value);
            }
            let list = List { values, places };
            let sums = sums.as_chunks_mut::<4>().0;
            if view.is_unfolded() {
                list.add_to::<L>(sums, unfolded, 0);
            } else {
                for (run, sums) in sums.chunks_exact_mut(view.groups).enumerate() {
                    let offset = view.offset(run / view.runs.1, run % view.runs.1);
                    list.add_to::<L>(sums, padded, offset);
                }
            }
        }
    }
    let (across, kw) = (view.runs.1, g.kw);
    for (k, dw) in dw.chunks_exact_mut(filters.max(1)).enumerate() {
        let (ky, kx, c) = (k / g.c / kw, k / g.c % kw, k % g.c);
        let at = if across == 1 {
            ky * view.groups * 4 + kx * g.c + c
        } else {
            (ky * kw + kx) * view.groups * 4 + c
        };
        for (dw, sums) in dw.iter_mut().zip(sums.chunks_exact(view.sums())) {
            *dw = sums[at];
        }
    }
}
