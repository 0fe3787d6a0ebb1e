//! Pictures `[n, height, width, channels]` in another size or place: resized, cut out, turned, mapped. Each op says where
//! in the old picture a new pixel lies, and what is mixed there; the sums and their derivatives are in `resample.rs`.
//! Places are found in f64.
use super::resample::Taps;
use crate::base::error::{Result, bail};
use crate::base::json::Decimal;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::rc::Rc;

/// What a picture shows beyond its edges, as SciPy names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// A value that is given.
    Constant,
    /// The pixel at the edge.
    Nearest,
    /// The picture mirrored, its edge twice: `d c b a | a b c d | d c b a`.
    Reflect,
    /// The picture again: `a b c d | a b c d | a b c d`.
    Wrap,
}

impl Beyond {
    /// The pixel that is seen at `index` of an axis of `length` pixels; `None` where a given value is.
    fn pixel(self, index: f64, length: usize) -> Option<usize> {
        // Far beyond what pixels there can be, so that the arithmetic below does not overflow.
        let index = index.clamp(-1e15, 1e15) as i64;
        let last = length as i64 - 1;
        let found = match self {
            _ if (0..=last).contains(&index) => index,
            Beyond::Constant => return None,
            Beyond::Nearest => index.clamp(0, last),
            Beyond::Wrap => index.rem_euclid(length as i64),
            Beyond::Reflect => {
                let place = index.rem_euclid(2 * length as i64);
                place.min(2 * last + 1 - place)
            }
        };
        Some(found as usize)
    }

    /// Where TensorFlow looks instead of `at`, on an axis of `length` pixels: it moves places, not pixels, into the
    /// picture. Differs from [`pixel`](Beyond::pixel) between the last pixel and the first of the next copy.
    fn moved(self, at: f64, length: usize) -> f64 {
        let (length, last) = (length as f64, length as f64 - 1.0);
        let moved = match self {
            Beyond::Constant => return at,
            Beyond::Nearest => at,
            _ if (0.0..=last).contains(&at) => at,
            _ if last <= 0.0 => 0.0,
            Beyond::Wrap if at < 0.0 => at + length * (libm::trunc(-at / last) + 1.0),
            Beyond::Wrap => at - length * libm::trunc(at / last),
            Beyond::Reflect => {
                let twice = 2.0 * length;
                if at < 0.0 {
                    let at = at + twice * libm::trunc(-at / twice);
                    if at < -length { at + twice } else { -at - 1.0 }
                } else {
                    let at = at - twice * libm::trunc(at / twice);
                    if at >= length { twice - at - 1.0 } else { at }
                }
            }
        };
        moved.clamp(0.0, last)
    }
}

/// How a picture is read between its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// The nearest pixel.
    Nearest,
    /// A mixture of the four pixels around.
    Bilinear,
}

/// New pictures, and how old ones are read for them.
struct Plan<'a> {
    op: &'a str,
    /// The lengths of the new pictures. Where each is made of old pictures in the same way, `n` is 1 here.
    count: usize,
    size: (usize, usize),
    how: Interpolation,
    beyond: Beyond,
    fill: &'a [f32],
}

impl Plan<'_> {
    /// The new pictures, whose lengths are `shape`. `place` says for a new picture, a row and a column which old picture
    /// is read, and where: the row and the column, whole where the nearest pixel is wanted, not finite where the fill is.
    fn run(
        &self,
        x: &Tensor,
        shape: &Shape,
        place: &dyn Fn(usize, usize, usize) -> (usize, f64, f64),
    ) -> Result<Tensor> {
        let (pictures, old) = (x.shape()[0], (x.shape()[1], x.shape()[2]));
        if u32::try_from(pictures.saturating_mul(old.0).saturating_mul(old.1)).is_err() {
            bail!(
                Shape,
                "{}: {:?}: there are too many pixels",
                self.op,
                x.shape()
            );
        }
        let (height, width) = self.size;
        let per = if self.how == Interpolation::Nearest {
            1
        } else {
            4
        };
        let fills = self.beyond == Beyond::Constant;
        let mut taps = Taps::new(self.op, self.count * height * width, per, fills)?;
        for picture in 0..self.count {
            for row in 0..height {
                for column in 0..width {
                    let (from, y, x) = place(picture, row, column);
                    let first = from * old.0 * old.1;
                    let mut found = [(first, 0.0); 4];
                    let missing = self.read(old, first, y, x, &mut found);
                    taps.push(&found[..per], missing);
                }
            }
        }
        let blocks = shape[0] / self.count.max(1);
        Rc::new(taps).gather(x, blocks, *shape, self.fill)
    }

    /// What lies at row `y` and column `x` of the old picture of lengths `old` whose first pixel is number `first`: up to
    /// four pixels with their weights, and how much of the fill.
    fn read(
        &self,
        old: (usize, usize),
        first: usize,
        y: f64,
        x: f64,
        found: &mut [(usize, f64); 4],
    ) -> f64 {
        if !(y.is_finite() && x.is_finite()) {
            return 1.0;
        }
        let (top, left) = (libm::floor(y), libm::floor(x));
        let (down, right) = (y - top, x - left);
        let mut missing = 0.0;
        for (index, found) in found.iter_mut().enumerate() {
            let (below, beside) = (index / 2, index % 2);
            let weight = if below == 1 { down } else { 1.0 - down }
                * if beside == 1 { right } else { 1.0 - right };
            let row = self.beyond.pixel(top + below as f64, old.0);
            match row.zip(self.beyond.pixel(left + beside as f64, old.1)) {
                Some((row, column)) => *found = (first + row * old.1 + column, weight),
                None => missing += weight,
            }
        }
        missing
    }
}

/// The lengths of pictures.
fn lengths(op: &str, x: &Tensor) -> Result<[usize; 4]> {
    match x.shape()[..] {
        [n, height, width, channels] if height > 0 && width > 0 => Ok([n, height, width, channels]),
        ref other => bail!(
            Shape,
            "{op}: expected pictures [n, height, width, channels] with pixels, but got {other:?}"
        ),
    }
}

/// The whole number nearest to `x`, the greater one of two.
fn nearest(x: f64) -> f64 {
    libm::floor(x + 0.5)
}

impl Tensor {
    /// Pictures of `(height, width)` pixels. With `align_corners` the middles of the corners' pixels stay where they
    /// are; with `half_pixel_centers` a pixel lies in the middle of its square, and else at its corner.
    ///
    /// # Errors
    /// No pictures, or a size of 0.
    pub fn resize(
        &self,
        (height, width): (usize, usize),
        how: Interpolation,
        align_corners: bool,
        half_pixel_centers: bool,
    ) -> Result<Tensor> {
        let x = lengths("resize", self)?;
        let [n, rows, columns, channels] = x;
        if height == 0 || width == 0 {
            bail!(Shape, "resize: a picture of {height} × {width} pixels");
        }
        let shape = Shape::result("resize", &[n, height, width, channels])?;
        // Fractions of whole numbers, which are exact where a place is whole.
        let place = |index: usize, old: usize, new: usize| -> f64 {
            let (old, new) = match (align_corners && new > 1, old, new) {
                (true, old, new) => (old - 1, new - 1),
                (false, old, new) => (old, new),
            };
            let (old, new, index) = (old as f64, new as f64, index as f64);
            let at = if half_pixel_centers {
                (2.0 * index + 1.0) * old / (2.0 * new)
            } else {
                index * old / new
            };
            match how {
                Interpolation::Nearest if align_corners => nearest(at),
                Interpolation::Nearest => libm::floor(at),
                Interpolation::Bilinear if half_pixel_centers => at - 0.5,
                Interpolation::Bilinear => at,
            }
        };
        let plan = Plan {
            op: "resize",
            count: 1,
            size: (height, width),
            how,
            beyond: Beyond::Nearest,
            fill: &[],
        };
        plan.run(self, &shape, &|_, row, column| {
            (0, place(row, rows, height), place(column, columns, width))
        })
    }

    /// Cuts out boxes `[boxes, 4]`, each `top, left, bottom, right` as shares of the picture's last row and column, of
    /// the pictures whose numbers `of` holds, and makes each `(height, width)` pixels. Beyond the picture is `fill`.
    ///
    /// # Errors
    /// No pictures, other shapes, a size of 0, or a number of a picture that is not there.
    pub fn crop_and_resize(
        &self,
        boxes: &Tensor,
        of: &Tensor,
        (height, width): (usize, usize),
        how: Interpolation,
        fill: f32,
    ) -> Result<Tensor> {
        let x = lengths("crop_and_resize", self)?;
        let [n, rows, columns, channels] = x;
        let count = of.data().len();
        if boxes.shape()[..] != [count, 4] || of.shape().len() != 1 {
            bail!(
                Shape,
                "crop_and_resize: boxes {:?} and {:?}; expected [boxes, 4] and [boxes]",
                boxes.shape(),
                of.shape()
            );
        }
        if height == 0 || width == 0 {
            bail!(
                Shape,
                "crop_and_resize: a picture of {height} × {width} pixels"
            );
        }
        if let Some(odd) = of.data().iter().find(|&&at| !(at >= 0.0 && at < n as f32)) {
            bail!(
                Value,
                "crop_and_resize: there is no picture {} among {n}",
                Decimal::from(*odd)
            );
        }
        let shape = Shape::result("crop_and_resize", &[count, height, width, channels])?;
        let place = |index: usize, from: f32, to: f32, old: usize, new: usize| {
            let (from, to, last) = (f64::from(from), f64::from(to), old as f64 - 1.0);
            let at = if new > 1 {
                from * last + index as f64 * ((to - from) * last / (new as f64 - 1.0))
            } else {
                0.5 * (from + to) * last
            };
            match how {
                _ if !(0.0..=last).contains(&at) => f64::NAN,
                Interpolation::Nearest => nearest(at),
                Interpolation::Bilinear => at,
            }
        };
        let (corners, of) = (boxes.data().as_chunks::<4>().0, of.data());
        let plan = Plan {
            op: "crop_and_resize",
            count,
            size: (height, width),
            how,
            beyond: Beyond::Constant,
            fill: &[fill],
        };
        plan.run(self, &shape, &|index, row, column| {
            let [top, left, bottom, right] = corners[index];
            (
                of[index] as usize,
                place(row, top, bottom, rows, height),
                place(column, left, right, columns, width),
            )
        })
    }

    /// Pictures turned by `radians` against the clock about the point `(x, y)`, in pixels; each new pixel is the nearest
    /// old one. Beyond the picture is `fill`: one value for all channels, or one for each.
    ///
    /// # Errors
    /// No pictures, or a fill of another length.
    pub fn rotate(&self, radians: f64, center: (f64, f64), fill: &[f32]) -> Result<Tensor> {
        let x = lengths("rotate", self)?;
        let [_, height, width, channels] = x;
        if fill.len() != 1 && fill.len() != channels {
            bail!(
                Shape,
                "rotate: a fill of {} values for {channels} channels",
                fill.len()
            );
        }
        let (sin, cos) = libm::sincos(radians);
        let plan = Plan {
            op: "rotate",
            count: 1,
            size: (height, width),
            how: Interpolation::Nearest,
            beyond: Beyond::Constant,
            fill,
        };
        plan.run(self, self.shape(), &|_, row, column| {
            let (x, y) = (column as f64 - center.0, row as f64 - center.1);
            (
                0,
                nearest(x * sin + y * cos + center.1),
                nearest(x * cos - y * sin + center.0),
            )
        })
    }

    /// Pictures of `(height, width)` pixels mapped by rows of eight numbers `a`, one row for each picture or one for all:
    /// the new pixel `(x, y)` is the old one at `(a₀x + a₁y + a₂, a₃x + a₄y + a₅) / (a₆x + a₇y + 1)`. Places beyond the
    /// picture are moved into it as TensorFlow does.
    ///
    /// # Errors
    /// No pictures, another number of rows, or a size of 0.
    pub fn project(
        &self,
        rows: &Tensor,
        (height, width): (usize, usize),
        how: Interpolation,
        beyond: Beyond,
        fill: f32,
    ) -> Result<Tensor> {
        let x = lengths("transform", self)?;
        let [n, old_height, old_width, channels] = x;
        let maps = rows.shape().first().copied().unwrap_or(0);
        if rows.shape()[..] != [maps, 8] || (maps != 1 && maps != n) {
            bail!(
                Shape,
                "transform: {:?} for {n} pictures; expected [{n}, 8] or [1, 8]",
                rows.shape()
            );
        }
        if height == 0 || width == 0 {
            bail!(Shape, "transform: a picture of {height} × {width} pixels");
        }
        let shape = Shape::result("transform", &[n, height, width, channels])?;
        let (rows, _) = rows.data().as_chunks::<8>();
        let plan = Plan {
            op: "transform",
            count: n,
            size: (height, width),
            how,
            beyond: Beyond::Constant,
            fill: &[fill],
        };
        plan.run(self, &shape, &|picture, y, x| {
            let a = rows[picture % rows.len()].map(f64::from);
            let (x, y) = (x as f64, y as f64);
            let depth = a[6] * x + a[7] * y + 1.0;
            if depth == 0.0 {
                return (picture, f64::NAN, f64::NAN);
            }
            let across = beyond.moved((a[0] * x + a[1] * y + a[2]) / depth, old_width);
            let down = beyond.moved((a[3] * x + a[4] * y + a[5]) / depth, old_height);
            match how {
                Interpolation::Nearest => (picture, nearest(down), nearest(across)),
                Interpolation::Bilinear => (picture, down, across),
            }
        })
    }

    /// Each picture mapped by six numbers `a`: the new pixel `(x, y)` is the old one at
    /// `(a₀x + a₁y + a₂, a₃x + a₄y + a₅)`.
    ///
    /// # Errors
    /// No pictures, or another number of maps.
    pub fn affine(
        &self,
        maps: &[[f64; 6]],
        how: Interpolation,
        beyond: Beyond,
        fill: f32,
    ) -> Result<Tensor> {
        let lengths = lengths("affine", self)?;
        let [n, height, width, _] = lengths;
        if maps.len() != n {
            bail!(Shape, "affine: {} maps for {n} pictures", maps.len());
        }
        let plan = Plan {
            op: "affine",
            count: n,
            size: (height, width),
            how,
            beyond,
            fill: &[fill],
        };
        plan.run(self, self.shape(), &|picture, y, x| {
            let (a, x, y) = (maps[picture], x as f64, y as f64);
            let (across, down) = (a[0] * x + a[1] * y + a[2], a[3] * x + a[4] * y + a[5]);
            match how {
                Interpolation::Nearest => (picture, libm::round(down), libm::round(across)),
                Interpolation::Bilinear => (picture, down, across),
            }
        })
    }
}
