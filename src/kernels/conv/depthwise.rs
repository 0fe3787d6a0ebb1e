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
use core::array::from_fn;
use core::ops::Range;

/// The most parts of a batch whose sums are added at the end, so that the bits do not depend on the number of threads.
const PARTS: usize = 16;
/// The sums of all parts take no more floats than this, or there is one part.
const LARGE: usize = 1 << 22;
/// Sums of about so many pixels are taken first, and then added up: rounding errors grow more slowly.
const FOLD: usize = 256;

/// What a pass does where `N` output pixels and `K` taps meet: `x[i][k]` is where the pixel that tap `k` of output `i`
/// sees begins, `out` and `tap` where the first output pixel and the first tap do.
trait Pass {
    /// Whether tiles are larger than one pixel and one tap.
    const WIDE: bool = true;

    fn tile<const N: usize, const K: usize>(&mut self, x: [[usize; K]; N], out: usize, tap: usize);
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
        let is_unit = axis.stride == 1 && axis.dilation == 1;
        let mut column = 0;
        while column < axis.output {
            let (count, own) = if !whole.contains(&column) {
                (1, inside(axis, column))
            } else if P::WIDE && whole.end - column >= 4 {
                (4, 0..axis.taps)
            } else {
                (1, 0..axis.taps)
            };
            let out = out + column * c;
            let mut tap = own.start;
            while tap < own.end {
                // Neighbouring taps of neighbours see the same pixels, which are then loaded once.
                let is_wide = P::WIDE && own.end - tap >= 3 && (is_unit || count == 1);
                let run = if is_wide { 3 } else { 1 };
                let place = column * axis.stride + tap * axis.dilation - axis.pad;
                let (at, to) = ((seen + place) * c, taps + tap * c);
                match (count, run) {
                    (4, 3) if P::WIDE => {
                        pass.tile::<4, 3>(from_fn(|i| from_fn(|k| at + (i + k) * c)), out, to);
                    }
                    (4, _) if P::WIDE => pass.tile::<4, 1>(places(at, next, apart), out, to),
                    (_, 3) if P::WIDE => pass.tile::<1, 3>(places(at, next, apart), out, to),
                    _ => pass.tile::<1, 1>([[at]], out, to),
                }
                tap += run;
            }
            column += count;
        }
    }
}

#[inline(always)]
fn places<const N: usize, const K: usize>(at: usize, next: usize, apart: usize) -> [[usize; K]; N] {
    from_fn(|i| from_fn(|k| at + i * next + k * apart))
}

/// The channels of a pixel in fours.
#[inline(always)]
fn fours(x: &[f32], at: usize, groups: usize) -> &[[f32; 4]] {
    &x[at..].as_chunks::<4>().0[..groups]
}

/// The channels of `N` neighbouring pixels in fours, for writing.
#[inline(always)]
fn fours_mut<const N: usize>(y: &mut [f32], at: usize, c: usize) -> [&mut [[f32; 4]]; N] {
    let mut pixels = y[at..].chunks_exact_mut(c.max(1));
    from_fn(|_| pixels.next().unwrap_or_default())
        .map(|pixel: &mut [f32]| &mut pixel.as_chunks_mut::<4>().0[..c / 4])
}

/// `y += x · w`.
struct Forward<'a, L> {
    x: &'a [f32],
    w: &'a [f32],
    y: &'a mut [f32],
    c: usize,
    lanes: core::marker::PhantomData<L>,
}

impl<L: Lanes> Pass for Forward<'_, L> {
    #[inline(always)]
    fn tile<const N: usize, const K: usize>(&mut self, x: [[usize; K]; N], out: usize, tap: usize) {
        let (c, groups) = (self.c, self.c / 4);
        let w: [_; K] = from_fn(|k| fours(self.w, tap + k * c, groups));
        let seen = x.map(|x| x.map(|at| fours(self.x, at, groups)));
        let y = fours_mut::<N>(self.y, out, c);
        for group in 0..groups {
            let w = w.map(|w| L::load(&w[group]));
            let sums: [L; N] = from_fn(|i| {
                (0..K).fold(L::load(&y[i][group]), |sum, k| {
                    sum.mul_add(L::load(&seen[i][k][group]), w[k])
                })
            });
            for i in 0..N {
                sums[i].store(&mut y[i][group]);
            }
        }
        for channel in 4 * groups..c {
            for (i, x) in x.iter().enumerate() {
                for (k, at) in x.iter().enumerate() {
                    let product = self.x[at + channel] * self.w[tap + k * c + channel];
                    self.y[out + i * c + channel] += product;
                }
            }
        }
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

impl<L: Lanes> Pass for Correlate<'_, L> {
    #[inline(always)]
    fn tile<const N: usize, const K: usize>(&mut self, x: [[usize; K]; N], out: usize, tap: usize) {
        let (c, groups) = (self.c, self.c / 4);
        let dy: [_; N] = from_fn(|i| fours(self.dy, out + i * c, groups));
        let seen = x.map(|x| x.map(|at| fours(self.x, at, groups)));
        let dw = fours_mut::<K>(self.dw, tap, c);
        for group in 0..groups {
            let dy = dy.map(|dy| L::load(&dy[group]));
            let sums: [L; K] = from_fn(|k| {
                (0..N).fold(L::load(&dw[k][group]), |sum, i| {
                    sum.mul_add(L::load(&seen[i][k][group]), dy[i])
                })
            });
            for k in 0..K {
                sums[k].store(&mut dw[k][group]);
            }
        }
        for channel in 4 * groups..c {
            for (i, x) in x.iter().enumerate() {
                for (k, at) in x.iter().enumerate() {
                    let product = self.x[at + channel] * self.dy[out + i * c + channel];
                    self.dw[tap + k * c + channel] += product;
                }
            }
        }
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
    fn tile<const N: usize, const K: usize>(&mut self, x: [[usize; K]; N], out: usize, tap: usize) {
        let c = self.c;
        for (i, x) in x.iter().enumerate() {
            let dy = &self.dy[out + i * c..][..c];
            for (k, &at) in x.iter().enumerate() {
                let w = &self.w[tap + k * c..][..c];
                let dx = &mut self.dx[at..][..c];
                let ((dx, dx_tail), (dy, dy_tail)) = (dx.as_chunks_mut::<4>(), dy.as_chunks::<4>());
                let (w, w_tail) = w.as_chunks::<4>();
                for ((dx, dy), w) in dx.iter_mut().zip(dy).zip(w) {
                    L::load(dx).mul_add(L::load(dy), L::load(w)).store(dx);
                }
                for ((dx, dy), w) in dx_tail.iter_mut().zip(dy_tail).zip(w_tail) {
                    *dx += dy * w;
                }
            }
        }
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
