//! The kernel's gradient: the sum of images times `dy`.
//!
//! For each filter, the places where `dy` is not zero are listed. While a list is walked, a part of the filter's gradient
//! stays in registers, and each entry adds the pixels that the filter saw at that place. One image is finished before
//! the next, so that its values stay in the cache.
//!
//! A batch is divided into a few parts. Threads share out the parts, and the parts' sums are added at the end. The number
//! of parts depends on the sizes alone, so the bits do not depend on the number of threads.
use super::convolve::WORTH_SHARING;
use super::geometry::Conv2d;
use super::nonzeros::gather;
use super::padded::Padded;
use super::sums::{Block, Sums, are_long};
use super::walk::List;
use crate::kernels::elementwise::accumulate;
use crate::kernels::reduce::is_finite;
use crate::kernels::sizes::{product, total};
use crate::kernels::{bits, number};
use crate::parallel::{LINE, chunks, for_each_with_scratch, piece, threads};
use crate::simd::Lanes;
use core::ops::Range;

/// The most parts of a batch.
const PARTS: usize = 16;
/// The sums of all parts take no more floats than this: for large kernels there are fewer parts, but at least four.
const LARGE: usize = 1 << 22;

/// The most floats in which the windows of an image are laid out.
const UNFOLDED: usize = 1 << 22;

/// What the gradient of a kernel is made of.
#[derive(Clone, Copy)]
pub(super) struct Gradient<'a> {
    pub(super) g: Conv2d,
    pub(super) x: &'a [f32],
    pub(super) dy: &'a [f32],
    /// Where `dy` counts: where this, if given, is positive.
    pub(super) open: Option<&'a [f32]>,
}

/// How what a filter sees is read from a padded image: as runs of neighbouring floats.
pub(super) struct View {
    g: Conv2d,
    padded: Padded,
    /// Runs down and across; one across wherever neighbouring taps see neighbouring pixels.
    runs: (usize, usize),
    /// Groups of four that hold a run.
    groups: usize,
}

impl View {
    fn new(g: &Conv2d) -> Self {
        let [rows, columns] = g.forward_axes();
        let (across, run) = if g.dilation.1 == 1 {
            (1, g.kw * g.c)
        } else {
            (g.kw, g.c)
        };
        View {
            g: *g,
            padded: Padded {
                rows,
                columns,
                c: g.c,
            },
            runs: (g.kh, across),
            groups: run.div_ceil(4).max(1),
        }
    }

    /// Floats that a filter's gradient takes, each run filled up to whole groups.
    pub(super) fn sums(&self) -> usize {
        product([self.runs.0, self.runs.1, self.groups, 4])
    }

    /// Where among a filter's sums the gradient of a tap and a channel is.
    pub(super) fn place(&self, tap: usize, channel: usize) -> usize {
        let g = &self.g;
        if self.runs.1 == 1 {
            tap / g.kw * self.groups * 4 + tap % g.kw * g.c + channel
        } else {
            tap * self.groups * 4 + channel
        }
    }

    /// Whether runs are so short that they had better be laid out one after the other for every pixel, and not so many
    /// that this would take much memory.
    fn is_unfolded(&self) -> bool {
        self.groups <= 2 && product([self.g.oh, self.g.ow, self.sums()]) <= UNFOLDED
    }

    fn unfolded_len(&self) -> usize {
        if self.is_unfolded() {
            let pixels = self.g.oh.saturating_mul(self.g.ow);
            pixels.saturating_mul(self.sums())
        } else {
            0
        }
    }

    /// Whether windows reach over the image's edge.
    fn has_padding(&self) -> bool {
        let [rows, columns] = [&self.padded.rows, &self.padded.columns];
        [rows, columns].into_iter().any(|axis| axis.has_padding())
    }

    /// Where run number `run` of a window lies.
    fn offset(&self, run: usize) -> usize {
        self.padded.tap(run / self.runs.1, run % self.runs.1)
    }

    /// Lays out all runs of every pixel one after the other.
    fn unfold<L: Lanes>(&self, padded: &[f32], unfolded: &mut [f32]) {
        let g = &self.g;
        let mut pixels = unfolded.chunks_exact_mut(self.sums().max(1));
        for row in 0..g.oh {
            for (column, pixel) in (0..g.ow).zip(&mut pixels) {
                let place = self.padded.window(row, column);
                for (run, to) in pixel.chunks_exact_mut(4 * self.groups).enumerate() {
                    let at = place + self.offset(run);
                    let seen = padded[at..].as_chunks::<4>().0;
                    for (to, seen) in to.as_chunks_mut::<4>().0.iter_mut().zip(seen) {
                        L::load(seen).store(to);
                    }
                }
            }
        }
    }

    /// Floats of scratch for an image.
    fn scratch_len(&self) -> usize {
        if !self.padded.pays() {
            return 0;
        }
        let lists = total([product([2, self.g.oh, self.g.ow]), 3]);
        total([
            self.padded.len(),
            self.unfolded_len(),
            product([self.g.f, lists]),
        ])
    }

    /// Brings the filters' gradients into the kernel's order.
    fn collect(&self, sums: &[f32], dw: &mut [f32]) {
        let g = &self.g;
        for (k, dw) in dw.chunks_exact_mut(g.f.max(1)).enumerate() {
            let at = self.place(k / g.c, k % g.c);
            for (dw, sums) in dw.iter_mut().zip(sums.chunks_exact(self.sums())) {
                *dw = sums[at];
            }
        }
    }
}

impl Gradient<'_> {
    /// Floats for a filter's sums.
    fn sums(&self) -> usize {
        if self.has_one_channel() {
            self.g.kh * self.g.kw
        } else {
            View::new(&self.g).sums()
        }
    }

    /// Floats for the sums of all filters.
    fn sums_len(&self) -> usize {
        product([self.sums(), self.g.f.next_multiple_of(4)])
    }

    /// Floats for the sums of a part, and for those of the bias.
    fn part_len(&self) -> usize {
        let len = total([self.sums_len(), self.g.f]).max(1);
        product([len.div_ceil(LINE), LINE])
    }

    /// How many images a part has.
    fn images(&self) -> usize {
        let parts = (LARGE / self.part_len()).clamp(4, PARTS);
        self.g.n.div_ceil(parts).max(2)
    }

    fn parts(&self) -> usize {
        self.g.n.div_ceil(self.images()).max(1)
    }

    /// Whether sums go over so many pixels that they are added up in blocks.
    fn is_long(&self) -> bool {
        are_long(product([self.images(), self.g.oh, self.g.ow]))
    }

    /// Floats of scratch that [`run`](Gradient::run) needs.
    pub(super) fn scratch_len(&self) -> usize {
        let image = if self.has_one_channel() {
            self.scratch_of_one_channel()
        } else {
            View::new(&self.g).scratch_len()
        };
        let long = if self.is_long() { 2 } else { 0 };
        let thread = total([product([long, self.part_len()]), image]);
        total([
            product([self.parts(), self.part_len()]),
            product([threads(), thread]),
        ])
    }

    /// `dw[k, f] = Σ x[i, c] · dy[o, f]` over the pixels `o` of all images, in order within a part; `db[f] = Σ dy[o, f]`.
    pub(super) fn run<L: Lanes>(&self, dw: &mut [f32], db: &mut [f32], scratch: &mut [f32]) {
        let g = &self.g;
        let (len, images) = (self.part_len(), self.images());
        let (parts, scratch) = scratch.split_at_mut(self.parts() * len);
        let view = View::new(g);
        let work = product([images, g.oh, g.ow, g.f, g.kh, g.kw, g.c]);
        let at_once = piece(self.parts(), WORTH_SHARING / work.max(1), 1);
        for_each_with_scratch(
            chunks(parts, product([at_once, len])),
            scratch,
            |index, parts, scratch| {
                for (part, sums) in (index * at_once..).zip(parts.chunks_exact_mut(len)) {
                    let bias = self.sums_len()..self.sums_len() + g.f;
                    let (mut sums, scratch) = Sums::new(sums, bias, self.is_long(), scratch);
                    let images = part * images..g.n.min((part + 1) * images);
                    if self.has_one_channel() {
                        self.part_of_one_channel::<L>(images, &mut sums, scratch);
                    } else {
                        self.part::<L>(&view, images, &mut sums, scratch);
                    }
                    sums.finish();
                }
            },
        );
        let (sum, others) = parts.split_at_mut(len);
        for other in others.chunks_exact(len) {
            accumulate::<L>(sum, other);
        }
        let (sums, of_bias) = sum.split_at(self.sums_len());
        db.copy_from_slice(&of_bias[..g.f]);
        if self.has_one_channel() {
            self.collect_one_channel(sums, dw);
        } else {
            view.collect(sums, dw);
        }
    }

    /// Adds the gradients of these images.
    fn part<L: Lanes>(
        &self,
        view: &View,
        images: Range<usize>,
        sums: &mut Sums,
        scratch: &mut [f32],
    ) {
        let g = &self.g;
        let (long, pays) = (sums.are_long(), view.padded.pays());
        let (padded, scratch) = scratch.split_at_mut(if pays { view.padded.len() } else { 0 });
        let (unfolded, scratch) = scratch.split_at_mut(if pays { view.unfolded_len() } else { 0 });
        padded.fill(0.0);
        let (padding, pixels) = (view.has_padding(), g.oh * g.ow * g.f);
        for image in images {
            // The padding's zeros would make NaN of what is infinite.
            if !pays || padding && !is_finite::<L>(&self.dy[image * pixels..][..pixels]) {
                for block in Block::all(g, long) {
                    sums.add::<L>(|sums, db| self.direct(view, image, &block, sums, db));
                }
                continue;
            }
            let size = g.h * g.w * g.c;
            let x = &self.x[image * size..][..size];
            let all = !is_finite::<L>(x);
            view.padded.copy(x, padded);
            let rows = if view.is_unfolded() {
                view.unfold::<L>(padded, unfolded);
                &*unfolded
            } else {
                &*padded
            };
            let (lists, pixel) = scratch.split_at_mut(g.f * (2 * g.oh * g.ow + 1));
            for block in Block::all(g, long) {
                let lists = self.list::<L>(view, (image, &block), all, lists, pixel);
                sums.add::<L>(|sums, db| {
                    for ((list, sums), db) in lists.zip(sums.chunks_exact_mut(view.sums())).zip(db)
                    {
                        *db = list.values.iter().fold(*db, |sum, value| sum + value);
                        let sums = sums.as_chunks_mut::<4>().0;
                        if view.is_unfolded() {
                            list.add_to::<L>(sums, rows, 0);
                            continue;
                        }
                        for (run, sums) in sums.chunks_exact_mut(view.groups).enumerate() {
                            let offset = view.offset(run);
                            list.add_to::<L>(sums, rows, offset);
                        }
                    }
                });
            }
        }
    }

    /// For each filter, the pixels of a block of an image where its gradient is not zero.
    fn list<'a, L: Lanes>(
        &self,
        view: &View,
        (image, block): (usize, &Block),
        all: bool,
        lists: &'a mut [f32],
        pixel: &mut [f32],
    ) -> impl Iterator<Item = List<'a>> {
        let g = &self.g;
        let pixels = g.oh * g.ow;
        let (lens, lists) = lists.split_at_mut(g.f);
        let (values, filters) = pixel.split_at_mut(g.f);
        lens.fill(bits(0));
        for row in block.rows.clone() {
            for column in block.columns.clone() {
                let at = row * g.ow + column;
                let place = bits(if view.is_unfolded() {
                    at * view.sums()
                } else {
                    view.padded.window(row, column)
                });
                let from = (image * pixels + at) * g.f;
                let here = from..from + g.f;
                let open = self.open.map(|open| &open[here.clone()]);
                let count = gather::<L>(&self.dy[here], open, all, (0, 1), values, filters);
                for (value, filter) in values.iter().zip(&*filters).take(count) {
                    let filter = number(*filter);
                    let len = number(lens[filter]);
                    lists[2 * filter * pixels + len] = *value;
                    lists[(2 * filter + 1) * pixels + len] = place;
                    lens[filter] = bits(len + 1);
                }
            }
        }
        lists
            .chunks_exact((2 * pixels).max(1))
            .zip(&*lens)
            .map(move |(list, len)| {
                let (values, places) = list.split_at(pixels);
                let len = number(*len);
                List {
                    values: &values[..len],
                    places: &places[..len],
                }
            })
    }
}
