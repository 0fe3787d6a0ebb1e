//! Pooling of NHWC images: the maximum or the average of each window, channel by channel.
//!
//! Padding holds no values, as in TensorFlow: a maximum is that of the pixels inside the image, and an average divides
//! by their number.
use super::conv::{Padding, Windows};
use super::elementwise;
use super::reduce::is_finite;
use super::sizes::{LIMIT, bytes, product};
use crate::base::error::{Result, bail};
use crate::kernels::bits;
use crate::memory::refusal;
use crate::parallel::{self, chunks, for_each_of, for_each_piece};
use crate::simd::Lanes;
use core::ops::Range;

/// The geometry of pooling `n×h×w×c` images by windows of `kh×kw` into `n×oh×ow×c`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool2d {
    /// Images.
    pub n: usize,
    /// Height of an image.
    pub h: usize,
    /// Width of an image.
    pub w: usize,
    /// Channels, of input and output.
    pub c: usize,
    /// Height of a window.
    pub kh: usize,
    /// Width of a window.
    pub kw: usize,
    /// Height of the output.
    pub oh: usize,
    /// Width of the output.
    pub ow: usize,
    /// Rows and columns from one window to the next.
    pub stride: (usize, usize),
    /// Rows that the first window reaches above the image.
    pub pad_top: usize,
    /// Columns that the first window reaches left of the image.
    pub pad_left: usize,
}

impl Pool2d {
    /// The geometry for images of shape `x` (n, h, w, c) and windows of `size` (rows, columns).
    ///
    /// # Errors
    /// A shape of another rank, a size or stride of 0, a window larger than the image with
    /// [`Padding::Valid`], or more values than can be numbered.
    pub fn new(
        x: &[usize],
        size: (usize, usize),
        stride: (usize, usize),
        padding: Padding,
    ) -> Result<Self> {
        let &[n, h, w, c] = x else {
            bail!(Shape, "pool2d: {x:?}: expected [n, h, w, c]");
        };
        let (kh, kw) = size;
        if [kh, kw, stride.0, stride.1].contains(&0) {
            bail!(
                Value,
                "pool2d: size {size:?}, strides {stride:?}: all must be at least 1"
            );
        }
        if product([n, h, w, c]) > LIMIT {
            return Err(refusal("pool2d", bytes(product([n, h, w, c]))));
        }
        let rows = Windows::new(h, kh, stride.0, 1, padding);
        let columns = Windows::new(w, kw, stride.1, 1, padding);
        let (Some(rows), Some(columns)) = (rows, columns) else {
            bail!(
                Shape,
                "pool2d: {x:?}, size {size:?}: the window is larger than the image"
            );
        };
        let (oh, ow, pad_top, pad_left) = (rows.count, columns.count, rows.pad, columns.pad);
        Ok(Pool2d {
            n,
            h,
            w,
            c,
            kh,
            kw,
            oh,
            ow,
            stride,
            pad_top,
            pad_left,
        })
    }

    /// The output's shape.
    pub fn out_shape(&self) -> [usize; 4] {
        [self.n, self.oh, self.ow, self.c]
    }

    /// The images of piece number `index`, where a piece has `at_once`.
    fn piece(&self, index: usize, at_once: usize) -> Range<usize> {
        index * at_once..self.n.min((index + 1) * at_once)
    }

    /// Calls `visit` with (output pixel, first input pixel of its image, rows, columns) of every window of
    /// `images`; output pixels are counted from the first of them.
    #[inline(always)]
    fn for_each_window(
        &self,
        images: Range<usize>,
        mut visit: impl FnMut(usize, usize, Range<usize>, Range<usize>),
    ) {
        let mut pixel = 0;
        for image in images {
            for oy in 0..self.oh {
                let top = oy * self.stride.0;
                let rows = top.saturating_sub(self.pad_top)
                    ..(top + self.kh - self.pad_top.min(top + self.kh)).min(self.h);
                for ox in 0..self.ow {
                    let left = ox * self.stride.1;
                    let end = left + self.kw - self.pad_left.min(left + self.kw);
                    let columns = left.saturating_sub(self.pad_left)..end.min(self.w);
                    visit(pixel, image * self.h * self.w, rows.clone(), columns);
                    pixel += 1;
                }
            }
        }
    }
}

/// Floats below which other threads are not worth waking.
const WORTH_SHARING: usize = 1 << 16;

/// Sums of more pixels than this are taken in double precision.
const LONG: usize = 8192;

/// Images in a piece of work, where an image has `len` floats.
fn images_at_once(n: usize, len: usize) -> usize {
    parallel::piece(n, WORTH_SHARING / len.max(1), 1)
}

/// `y` (n×oh×ow×c) is the maximum of each window of `x`, and `places` where in `x` it stands first, whole
/// numbers that ride in floats as bits. NaN counts as the greatest.
pub fn max_forward<L: Lanes>(g: &Pool2d, x: &[f32], y: &mut [f32], places: &mut [f32]) {
    let images = images_at_once(g.n, g.h * g.w * g.c);
    let piece = images * g.oh * g.ow * g.c;
    for_each_of(
        (chunks(y, piece), chunks(places, piece)),
        |index, (y, places)| {
            let (of, own) = (g.h * g.w * g.c, g.piece(index, images));
            // Image by image, so that an image that was checked for NaN is still in the cache when it is pooled.
            let sizes = (g.oh * g.ow * g.c).max(1);
            let outputs = y
                .chunks_exact_mut(sizes)
                .zip(places.chunks_exact_mut(sizes));
            for (image, (y, places)) in own.zip(outputs) {
                let one = image..image + 1;
                if is_finite::<L>(&x[image * of..][..of]) {
                    max_of_images::<L, false>(g, one, x, y, places);
                } else {
                    max_of_images::<L, true>(g, one, x, y, places);
                }
            }
        },
    );
}

/// [`max_forward`] of some images; only if `NAN` is NaN looked for.
fn max_of_images<L: Lanes, const NAN: bool>(
    g: &Pool2d,
    images: Range<usize>,
    x: &[f32],
    y: &mut [f32],
    places: &mut [f32],
) {
    let c = g.c;
    let lanes = L::load(&[0, 1, 2, 3].map(bits));
    g.for_each_window(images, |pixel, image, rows, columns| {
        let y = &mut y[pixel * c..(pixel + 1) * c];
        let places = &mut places[pixel * c..(pixel + 1) * c];
        let first = (image + rows.start * g.w + columns.start) * c;
        let (y, y_tail) = y.as_chunks_mut::<4>();
        let (places, places_tail) = places.as_chunks_mut::<4>();
        for (group, (y, place)) in y.iter_mut().zip(places).enumerate() {
            let Some(value) = x.get(first + 4 * group..).and_then(|x| x.first_chunk()) else {
                return;
            };
            let (mut max, mut max_at) = (L::load(value), L::splat(bits(first + 4 * group)));
            for row in rows.clone() {
                let mut at = (image + row * g.w + columns.start) * c + 4 * group;
                for _ in columns.clone() {
                    let Some(value) = x.get(at..).and_then(|x| x.first_chunk()) else {
                        return;
                    };
                    let value = L::load(value);
                    let place = L::splat(bits(at));
                    // What becomes of a lane: the value if it is larger or NaN, unless the maximum is NaN already.
                    let better = |yes: L, no: L| {
                        let larger = L::select(max.lt(value), yes, no);
                        if NAN {
                            let larger = L::select(value.eq(value), larger, yes);
                            L::select(max.eq(max), larger, no)
                        } else {
                            larger
                        }
                    };
                    (max, max_at) = (better(value, max), better(place, max_at));
                    at += c;
                }
            }
            max.store(y);
            max_at.add_bits(lanes).store(place);
        }
        let tail = c - y_tail.len()..;
        for ((channel, y), place) in tail.zip(y_tail).zip(places_tail) {
            let mut max_at = first + channel;
            for row in rows.clone() {
                for column in columns.clone() {
                    let at = (image + row * g.w + column) * c + channel;
                    if x[max_at] < x[at] || NAN && x[at].is_nan() && !x[max_at].is_nan() {
                        max_at = at;
                    }
                }
            }
            (*y, *place) = (x[max_at], bits(max_at));
        }
    });
}

/// The gradient of [`max_forward`] over `n` images: `dx` is 0 but for `dx[places[i]] += dy[i]`.
pub fn max_gradient(n: usize, places: &[f32], dy: &[f32], dx: &mut [f32]) {
    assert_eq!(places.len(), dy.len());
    let (from, to) = (dy.len() / n.max(1), dx.len() / n.max(1));
    let images = images_at_once(n, to);
    for_each_piece(dx, images * to, |index, dx| {
        // Image by image, so that a cleared image is still in the cache when its gradients are added.
        for (image, dx) in (index * images..).zip(dx.chunks_mut(to)) {
            dx.fill(0.0);
            let own = image * from..(image + 1) * from;
            for (place, dy) in places[own.clone()].iter().zip(&dy[own]) {
                dx[place.to_bits() as usize - image * to] += dy;
            }
        }
    });
}

/// `y[i] = x[places[i]]`: the gradient of [`max_gradient`].
pub fn gather(places: &[f32], x: &[f32], y: &mut [f32]) {
    assert_eq!(places.len(), y.len());
    for (place, y) in places.iter().zip(y) {
        *y = x[place.to_bits() as usize];
    }
}

/// `y` (n×oh×ow×c) is the average of each window of `x`.
pub fn average_forward<L: Lanes>(g: &Pool2d, x: &[f32], y: &mut [f32]) {
    let c = g.c;
    let at_once = images_at_once(g.n, g.h * g.w * c);
    for_each_piece(y, at_once * g.oh * g.ow * c, |index, y| {
        g.for_each_window(g.piece(index, at_once), |pixel, image, rows, columns| {
            let y = &mut y[pixel * c..(pixel + 1) * c];
            let count = rows.len() * columns.len();
            if count > LONG {
                return average_long(g, x, image, (rows, columns), y);
            }
            y.fill(0.0);
            for row in rows {
                for column in columns.clone() {
                    let at = (image + row * g.w + column) * c;
                    elementwise::accumulate::<L>(y, &x[at..at + c]);
                }
            }
            let count = L::splat(count as f32);
            elementwise::map_in_place::<L>(y, |y| y.div(count));
        });
    });
}

/// The averages of a window with very many pixels, in double precision, so that rounding errors do not add up.
fn average_long(
    g: &Pool2d,
    x: &[f32],
    image: usize,
    (rows, columns): (Range<usize>, Range<usize>),
    y: &mut [f32],
) {
    let count = (rows.len() * columns.len()) as f64;
    for (channel, y) in y.iter_mut().enumerate() {
        let mut sum = 0.0f64;
        for row in rows.clone() {
            for column in columns.clone() {
                sum += f64::from(x[(image + row * g.w + column) * g.c + channel]);
            }
        }
        *y = (sum / count) as f32;
    }
}

/// The gradient of [`average_forward`]: `dx` (n×h×w×c) from `dy` (n×oh×ow×c).
pub fn average_gradient<L: Lanes>(g: &Pool2d, dy: &[f32], dx: &mut [f32]) {
    let c = g.c;
    let at_once = images_at_once(g.n, g.h * g.w * c);
    for_each_piece(dx, at_once * g.h * g.w * c, |index, dx| {
        dx.fill(0.0);
        let images = g.piece(index, at_once);
        let first = images.start;
        let dy = &dy[first * g.oh * g.ow * c..];
        g.for_each_window(images, |pixel, image, rows, columns| {
            let share = 1.0 / (rows.len() * columns.len()) as f32;
            let dy = &dy[pixel * c..(pixel + 1) * c];
            let image = image - first * g.h * g.w;
            for row in rows {
                for column in columns.clone() {
                    let at = (image + row * g.w + column) * c;
                    elementwise::axpy::<L>(share, dy, &mut dx[at..at + c]);
                }
            }
        });
    });
}
