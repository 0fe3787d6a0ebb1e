//! Depthwise convolution: every channel is convolved with a kernel of its own, `y[o, c] = Σ x[i, c] · w[tap, c]`.
//!
//! The three passes (forward, the input's gradient, the kernel's gradient) walk the same meetings of output pixels and
//! taps, up to four neighbouring pixels and three neighbouring taps at once, and for each of these tiles over the
//! channels, four at a time. Taps outside the image are never touched, so that infinities stay where they are.
use super::convolve::WORTH_SHARING;
use super::geometry::{Axis, Conv2d};
use crate::kernels::elementwise::accumulate;
use crate::kernels::sizes::product;
use crate::parallel::{self, chunks, for_each_piece};
use crate::simd::Lanes;
use core::ops::Range;

/// The most parts of a batch whose sums are added at the end, so that the bits do not depend on the number of threads.
const PARTS: usize = 16;
/// The sums of all parts take no more floats than this, or there is one part.
const LARGE: usize = 1 << 22;
/// Sums of about so many pixels are taken first, and then added up: rounding errors grow more slowly.
const FOLD: usize = 256;

/// What a pass does where output pixels and taps meet: `x` is where the pixel that the first tap of the first output
/// sees begins, `out` and `tap` where that output pixel and that tap do. Tiles are written out, because loops over arrays
/// of lanes stay loops where functions are compiled for size.
trait Pass {
    /// Whether there are tiles of more than one pixel and one tap.
    const WIDE: bool = true;

    /// One pixel and one tap.
    fn one(&mut self, x: usize, out: usize, tap: usize);

    /// One pixel and three taps, which see pixels that lie `apart`.
    fn three(&mut self, _x: usize, _apart: usize, _out: usize, _tap: usize) {}

    /// Four pixels and three taps, where neighbours see neighbours: six pixels are loaded once.
    fn twelve(&mut self, _x: usize, _out: usize, _tap: usize) {}
}

/// The taps of `output` that lie inside.
fn inside(axis: &Axis, output: usize) -> Range<usize> {
    let from = output * axis.stride;
    let first = axis.pad.saturating_sub(from).div_ceil(axis.dilation);
    let end = (axis.input + axis.pad).saturating_sub(from);
    let end = end.div_ceil(axis.dilation).min(axis.taps);
    first.min(end)..end
}

/// The outputs all of whose taps lie inside.
fn whole(axis: &Axis) -> Range<usize> {
    let reach = (axis.taps - 1) * axis.dilation;
    let end = (axis.input + axis.pad).saturating_sub(reach);
    let end = end.div_ceil(axis.stride).min(axis.output);
    axis.pad.div_ceil(axis.stride).min(end)..end
}

/// Where tiles begin.
struct Walk {
    rows: Axis,
    columns: Axis,
    c: usize,
}

impl Walk {
    fn forward(g: &Conv2d) -> Self {
        let [rows, columns] = g.forward_axes();
        Walk {
            rows,
            columns,
            c: g.c,
        }
    }

    /// Visits the meetings of a row of output pixels, whose first begins at `out`, with an image.
    #[inline(always)]
    fn row<P: Pass>(&self, row: usize, out: usize, pass: &mut P) {
        for tap in inside(&self.rows, row) {
            let seen = row * self.rows.stride + tap * self.rows.dilation - self.rows.pad;
            let taps = tap * self.columns.taps * self.c;
            self.columns(seen * self.columns.input, out, taps, pass);
        }
    }

    /// The same for one row of taps: `seen` is the first pixel of the row of the image that they meet.
    #[inline(always)]
    fn columns<P: Pass>(&self, seen: usize, out: usize, taps: usize, pass: &mut P) {
        let (axis, c, whole) = (&self.columns, self.c, whole(&self.columns));
        let (next, apart) = (axis.stride * c, axis.dilation * c);
        let is_wide = P::WIDE && axis.taps >= 3 && axis.stride == 1 && axis.dilation == 1;
        let mut column = 0;
        while column < axis.output {
            let (mut count, mut own) = (1, 0..axis.taps);
            if !whole.contains(&column) {
                own = inside(axis, column);
            } else if is_wide && whole.end - column >= 4 {
                count = 4;
            }
            let out = out + column * c;
            let mut tap = own.start;
            while tap < own.end {
                let place = column * axis.stride + tap * axis.dilation - axis.pad;
                let (at, to) = ((seen + place) * c, taps + tap * c);
                if P::WIDE && own.end - tap >= 3 {
                    if count == 4 {
                        pass.twelve(at, out, to);
                    } else {
                        pass.three(at, apart, out, to);
                    }
                    tap += 3;
                } else {
                    for i in 0..count {
                        pass.one(at + i * next, out + i * c, to);
                    }
                    tap += 1;
                }
            }
            column += count;
        }
    }
}

/// The channels of a pixel in fours.
#[inline(always)]
fn fours(x: &[f32], at: usize, groups: usize) -> &[[f32; 4]] {
    &x[at..].as_chunks::<4>().0[..groups]
}

/// The same, for writing.
#[inline(always)]
fn fours_mut(y: &mut [f32], groups: usize) -> &mut [[f32; 4]] {
    &mut y.as_chunks_mut::<4>().0[..groups]
}

/// `y += a · b`.
fn add_product<L: Lanes>(y: &mut [f32], a: &[f32], b: &[f32]) {
    let ((y, y_tail), (a, a_tail), (b, b_tail)) = (
        y.as_chunks_mut::<4>(),
        a.as_chunks::<4>(),
        b.as_chunks::<4>(),
    );
    for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
        L::load(y).mul_add(L::load(a), L::load(b)).store(y);
    }
    for ((y, a), b) in y_tail.iter_mut().zip(a_tail).zip(b_tail) {
        *y += a * b;
    }
}

/// `y += x · w`.
struct Forward<'a, L> {
    x: &'a [f32],
    w: &'a [f32],
    y: &'a mut [f32],
    c: usize,
    lanes: core::marker::PhantomData<L>,
}

impl<L: Lanes> Forward<'_, L> {
    /// The channels that fill no four, of `count` pixels and three taps.
    fn rest(&mut self, [x, next, apart]: [usize; 3], count: usize, out: usize, tap: usize) {
        let (c, full) = (self.c, self.c / 4 * 4);
        if full == c {
            return;
        }
        for i in 0..count {
            for k in 0..3 {
                add_product::<L>(
                    &mut self.y[out + i * c..][full..c],
                    &self.x[x + i * next + k * apart..][full..c],
                    &self.w[tap + k * c..][full..c],
                );
            }
        }
    }
}

impl<L: Lanes> Pass for Forward<'_, L> {
    #[inline(always)]
    fn one(&mut self, x: usize, out: usize, tap: usize) {
        let c = self.c;
        add_product::<L>(
            &mut self.y[out..][..c],
            &self.x[x..][..c],
            &self.w[tap..][..c],
        );
    }

    #[inline(always)]
    fn three(&mut self, x: usize, apart: usize, out: usize, tap: usize) {
        let (c, groups) = (self.c, self.c / 4);
        let w = |k: usize| fours(self.w, tap + k * c, groups);
        let seen = |k: usize| fours(self.x, x + k * apart, groups);
        let ((w0, w1, w2), (x0, x1, x2)) = ((w(0), w(1), w(2)), (seen(0), seen(1), seen(2)));
        let y = fours_mut(&mut self.y[out..], groups);
        for g in 0..groups {
            L::load(&y[g])
                .mul_add(L::load(&x0[g]), L::load(&w0[g]))
                .mul_add(L::load(&x1[g]), L::load(&w1[g]))
                .mul_add(L::load(&x2[g]), L::load(&w2[g]))
                .store(&mut y[g]);
        }
        self.rest([x, 0, apart], 1, out, tap);
    }

    #[inline(always)]
    fn twelve(&mut self, x: usize, out: usize, tap: usize) {
        let (c, groups) = (self.c, self.c / 4);
        let w = |k: usize| fours(self.w, tap + k * c, groups);
        let seen = |i: usize| fours(self.x, x + i * c, groups);
        let (w0, w1, w2) = (w(0), w(1), w(2));
        let (x0, x1, x2, x3, x4, x5) = (seen(0), seen(1), seen(2), seen(3), seen(4), seen(5));
        let (y0, rest) = self.y[out..].split_at_mut(c);
        let (y1, rest) = rest.split_at_mut(c);
        let (y2, y3) = rest.split_at_mut(c);
        let (y0, y1) = (fours_mut(y0, groups), fours_mut(y1, groups));
        let (y2, y3) = (fours_mut(y2, groups), fours_mut(y3, groups));
        for g in 0..groups {
            let (w0, w1, w2) = (L::load(&w0[g]), L::load(&w1[g]), L::load(&w2[g]));
            let (a, b, c) = (L::load(&x0[g]), L::load(&x1[g]), L::load(&x2[g]));
            let (d, e, f) = (L::load(&x3[g]), L::load(&x4[g]), L::load(&x5[g]));
            let sum = |y: &[f32; 4], a: L, b: L, c: L| {
                L::load(y).mul_add(a, w0).mul_add(b, w1).mul_add(c, w2)
            };
            let (s0, s1) = (sum(&y0[g], a, b, c), sum(&y1[g], b, c, d));
            let (s2, s3) = (sum(&y2[g], c, d, e), sum(&y3[g], d, e, f));
            s0.store(&mut y0[g]);
            s1.store(&mut y1[g]);
            s2.store(&mut y2[g]);
            s3.store(&mut y3[g]);
        }
        self.rest([x, c, c], 4, out, tap);
    }
}

/// `dw += x · dy`.
struct Correlate<'a, L> {
    x: &'a [f32],
    dy: &'a [f32],
    dw: &'a mut [f32],
    c: usize,
    lanes: core::marker::PhantomData<L>,
}

impl<L: Lanes> Correlate<'_, L> {
    /// The channels that fill no four, of `count` pixels and three taps.
    fn rest(&mut self, [x, next, apart]: [usize; 3], count: usize, out: usize, tap: usize) {
        let (c, full) = (self.c, self.c / 4 * 4);
        if full == c {
            return;
        }
        for k in 0..3 {
            for i in 0..count {
                add_product::<L>(
                    &mut self.dw[tap + k * c..][full..c],
                    &self.x[x + i * next + k * apart..][full..c],
                    &self.dy[out + i * c..][full..c],
                );
            }
        }
    }
}

impl<L: Lanes> Pass for Correlate<'_, L> {
    #[inline(always)]
    fn one(&mut self, x: usize, out: usize, tap: usize) {
        let c = self.c;
        add_product::<L>(
            &mut self.dw[tap..][..c],
            &self.x[x..][..c],
            &self.dy[out..][..c],
        );
    }

    #[inline(always)]
    fn three(&mut self, x: usize, apart: usize, out: usize, tap: usize) {
        let (c, groups) = (self.c, self.c / 4);
        let seen = |k: usize| fours(self.x, x + k * apart, groups);
        let ((x0, x1, x2), dy) = ((seen(0), seen(1), seen(2)), fours(self.dy, out, groups));
        let (w0, rest) = self.dw[tap..].split_at_mut(c);
        let (w1, w2) = rest.split_at_mut(c);
        let (w0, w1, w2) = (
            fours_mut(w0, groups),
            fours_mut(w1, groups),
            fours_mut(w2, groups),
        );
        for g in 0..groups {
            let dy = L::load(&dy[g]);
            let add = |w: &mut [f32; 4], x| L::load(w).mul_add(L::load(x), dy).store(w);
            add(&mut w0[g], &x0[g]);
            add(&mut w1[g], &x1[g]);
            add(&mut w2[g], &x2[g]);
        }
        self.rest([x, 0, apart], 1, out, tap);
    }

    #[inline(always)]
    fn twelve(&mut self, x: usize, out: usize, tap: usize) {
        let (c, groups) = (self.c, self.c / 4);
        let dy = |i: usize| fours(self.dy, out + i * c, groups);
        let seen = |i: usize| fours(self.x, x + i * c, groups);
        let (d0, d1, d2, d3) = (dy(0), dy(1), dy(2), dy(3));
        let (x0, x1, x2, x3, x4, x5) = (seen(0), seen(1), seen(2), seen(3), seen(4), seen(5));
        let (w0, rest) = self.dw[tap..].split_at_mut(c);
        let (w1, w2) = rest.split_at_mut(c);
        let (w0, w1, w2) = (
            fours_mut(w0, groups),
            fours_mut(w1, groups),
            fours_mut(w2, groups),
        );
        for g in 0..groups {
            let (d0, d1) = (L::load(&d0[g]), L::load(&d1[g]));
            let (d2, d3) = (L::load(&d2[g]), L::load(&d3[g]));
            let (a, b, c) = (L::load(&x0[g]), L::load(&x1[g]), L::load(&x2[g]));
            let (d, e, f) = (L::load(&x3[g]), L::load(&x4[g]), L::load(&x5[g]));
            let add = |w: &mut [f32; 4], a: L, b: L, c: L, d: L| {
                L::load(w)
                    .mul_add(a, d0)
                    .mul_add(b, d1)
                    .mul_add(c, d2)
                    .mul_add(d, d3)
                    .store(w);
            };
            add(&mut w0[g], a, b, c, d);
            add(&mut w1[g], b, c, d, e);
            add(&mut w2[g], c, d, e, f);
        }
        self.rest([x, c, c], 4, out, tap);
    }
}

/// `dx += dy · w`, pixel by pixel: for windows that lie apart, which would see mostly nothing the other way around.
struct Scatter<'a, L> {
    dx: &'a mut [f32],
    dy: &'a [f32],
    w: &'a [f32],
    c: usize,
    lanes: core::marker::PhantomData<L>,
}

impl<L: Lanes> Pass for Scatter<'_, L> {
    const WIDE: bool = false;

    #[inline(always)]
    fn one(&mut self, x: usize, out: usize, tap: usize) {
        let c = self.c;
        add_product::<L>(
            &mut self.dx[x..][..c],
            &self.dy[out..][..c],
            &self.w[tap..][..c],
        );
    }
}

/// Images in a piece of work: they are shared out whole.
fn images_at_once(g: &Conv2d) -> usize {
    let work = product([g.oh, g.ow, g.kh * g.kw, g.c]);
    parallel::piece(g.n, WORTH_SHARING / work.max(1), 1)
}

/// Convolves each image of `x` into `y`.
fn convolve<L: Lanes>(walk: &Walk, images: usize, x: &[f32], w: &[f32], y: &mut [f32]) {
    let (input, output) = (
        walk.rows.input * walk.columns.input * walk.c,
        walk.rows.output * walk.columns.output * walk.c,
    );
    for_each_piece(y, (images * output).max(1), |index, y| {
        y.fill(0.0);
        let own = (index * images..).zip(y.chunks_exact_mut(output.max(1)));
        for (image, y) in own {
            let mut pass = Forward::<L> {
                x: &x[image * input..][..input],
                w,
                y,
                c: walk.c,
                lanes: core::marker::PhantomData,
            };
            for row in 0..walk.rows.output {
                walk.row(row, row * walk.columns.output * walk.c, &mut pass);
            }
        }
    });
}

/// `y = x * w`, channel by channel: `x` is n×h×w×c, `w` kh×kw×c, `y` n×oh×ow×c. `g` is the geometry of a kernel with
/// one filter.
pub fn depthwise<L: Lanes>(g: &Conv2d, x: &[f32], w: &[f32], y: &mut [f32]) {
    convolve::<L>(&Walk::forward(g), images_at_once(g), x, w, y);
}

/// The gradient of the input of [`depthwise`]: `dx` (n×h×w×c) from `dy` (n×oh×ow×c) and the kernel. `scratch` is as long
/// as the kernel.
pub fn depthwise_input_gradient<L: Lanes>(
    g: &Conv2d,
    dy: &[f32],
    w: &[f32],
    dx: &mut [f32],
    scratch: &mut [f32],
) {
    let (c, images) = (g.c, images_at_once(g));
    if g.stride == (1, 1) {
        // A convolution with the kernel turned by half a turn.
        let taps = w.chunks_exact(c.max(1)).rev();
        for (to, tap) in scratch.chunks_exact_mut(c.max(1)).zip(taps) {
            to.copy_from_slice(tap);
        }
        let [rows, columns] = g.backward_axes();
        return convolve::<L>(&Walk { rows, columns, c }, images, dy, scratch, dx);
    }
    let (walk, input, output) = (Walk::forward(g), g.h * g.w * c, g.oh * g.ow * c);
    for_each_piece(dx, (images * input).max(1), |index, dx| {
        dx.fill(0.0);
        let own = (index * images..).zip(dx.chunks_exact_mut(input.max(1)));
        for (image, dx) in own {
            let mut pass = Scatter::<L> {
                dx,
                dy: &dy[image * output..][..output],
                w,
                c,
                lanes: core::marker::PhantomData,
            };
            for row in 0..g.oh {
                walk.row(row, row * g.ow * c, &mut pass);
            }
        }
    });
}

/// Images in a part of the batch. It depends on the sizes alone.
fn part(g: &Conv2d) -> usize {
    let all = product([2 * PARTS, g.kh, g.kw, g.c]);
    let parts = if all > LARGE { 1 } else { PARTS };
    g.n.div_ceil(parts).max(1)
}

/// Floats of scratch for [`depthwise_kernel_gradient`].
pub fn depthwise_scratch_len(g: &Conv2d) -> usize {
    product([2 * g.n.div_ceil(part(g)), g.kh, g.kw, g.c])
}

/// The gradient of the kernel of [`depthwise`]: `dw` (kh×kw×c) from the input `x` and `dy` (n×oh×ow×c).
pub fn depthwise_kernel_gradient<L: Lanes>(
    g: &Conv2d,
    x: &[f32],
    dy: &[f32],
    dw: &mut [f32],
    scratch: &mut [f32],
) {
    let (walk, images, c) = (Walk::forward(g), part(g), g.c);
    let (input, output) = (g.h * g.w * c, g.oh * g.ow * c);
    let fold = (FOLD / g.ow.max(1)).max(1);
    let work = product([g.n, output, g.kh * g.kw]);
    let parts = chunks(scratch, (2 * dw.len()).max(1));
    let one = |index: usize, sums: &mut [f32]| {
        let (sums, few) = sums.split_at_mut(sums.len() / 2);
        sums.fill(0.0);
        for image in index * images..g.n.min((index + 1) * images) {
            for from in (0..g.oh).step_by(fold) {
                few.fill(0.0);
                let mut pass = Correlate::<L> {
                    x: &x[image * input..][..input],
                    dy: &dy[image * output..][..output],
                    dw: few,
                    c,
                    lanes: core::marker::PhantomData,
                };
                for row in from..g.oh.min(from + fold) {
                    walk.row(row, row * g.ow * c, &mut pass);
                }
                accumulate::<L>(sums, few);
            }
        }
    };
    parallel::alone_if(work < WORTH_SHARING, || parallel::for_each_of(parts, one));
    dw.fill(0.0);
    for sums in scratch.chunks_exact((2 * dw.len()).max(1)) {
        accumulate::<L>(dw, &sums[..dw.len()]);
    }
}
