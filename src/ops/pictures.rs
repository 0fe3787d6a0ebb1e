//! Pictures `[n, height, width, channels]` in another size or place: resized, cut out, turned, mapped. Each op says where
//! in the old picture a new pixel lies, and what is mixed there; the sums and their derivatives are in `resample.rs`.
//! Places are found in f64.
use super::resample::Taps;
use crate::base::error::{Result, bail};
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

/// The pixels of all pictures, and what is read beyond their edges.
struct Reader {
    height: usize,
    width: usize,
    how: Interpolation,
    beyond: Beyond,
    taps: Taps,
}

impl Reader {
    fn new(
        op: &str,
        x: [usize; 4],
        count: usize,
        how: Interpolation,
        beyond: Beyond,
    ) -> Result<Self> {
        let [n, height, width, _] = x;
        if u32::try_from(n.saturating_mul(height).saturating_mul(width)).is_err() {
            bail!(Shape, "{op}: {x:?}: there are too many pixels");
        }
        let per = if how == Interpolation::Nearest { 1 } else { 4 };
        Ok(Reader {
            height,
            width,
            how,
            beyond,
            taps: Taps::new(op, count, per, beyond == Beyond::Constant)?,
        })
    }

    /// Adds the new pixel that lies at row `y` and column `x` of picture number `picture`. Where the nearest pixel is
    /// wanted, both are whole.
    fn read(&mut self, picture: usize, y: f64, x: f64) {
        let first = picture * self.height * self.width;
        let mut taps = [(first, 0.0); 4];
        let mut missing = 0.0;
        let mut tap = |index: usize, row: f64, column: f64, weight: f64| {
            let row = self.beyond.pixel(row, self.height);
            match row.zip(self.beyond.pixel(column, self.width)) {
                Some((row, column)) => taps[index] = (first + row * self.width + column, weight),
                None => missing += weight,
            }
        };
        if !(y.is_finite() && x.is_finite()) {
            missing = 1.0;
        } else if self.how == Interpolation::Nearest {
            tap(0, y, x, 1.0);
        } else {
            let (top, left) = (libm::floor(y), libm::floor(x));
            let (down, right) = (y - top, x - left);
            tap(0, top, left, (1.0 - down) * (1.0 - right));
            tap(1, top, left + 1.0, (1.0 - down) * right);
            tap(2, top + 1.0, left, down * (1.0 - right));
            tap(3, top + 1.0, left + 1.0, down * right);
        }
        let per = if self.how == Interpolation::Nearest {
            1
        } else {
            4
        };
        self.taps.push(&taps[..per], missing);
    }

    /// Adds a new pixel that is the fill.
    fn skip(&mut self) {
        self.read(0, f64::NAN, f64::NAN);
    }

    /// The new pixels: `blocks` is in how many pieces the old ones are read, each in the same way.
    fn finish(self, x: &Tensor, blocks: usize, shape: Shape, fill: &[f32]) -> Result<Tensor> {
        Rc::new(self.taps).gather(x, blocks, shape, fill)
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
        let mut reader = Reader::new("resize", x, height * width, how, Beyond::Nearest)?;
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
        for row in 0..height {
            let y = place(row, rows, height);
            for column in 0..width {
                reader.read(0, y, place(column, columns, width));
            }
        }
        reader.finish(self, n, shape, &[])
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
                "crop_and_resize: there is no picture {odd} among {n}"
            );
        }
        let shape = Shape::result("crop_and_resize", &[count, height, width, channels])?;
        let pixels = count * height * width;
        let mut reader = Reader::new("crop_and_resize", x, pixels, how, Beyond::Constant)?;
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
        let (corners, _) = boxes.data().as_chunks::<4>();
        for (&[top, left, bottom, right], &of) in corners.iter().zip(of.data()) {
            for row in 0..height {
                let y = place(row, top, bottom, rows, height);
                for column in 0..width {
                    reader.read(of as usize, y, place(column, left, right, columns, width));
                }
            }
        }
        reader.finish(self, 1, shape, &[fill])
    }

    /// Pictures turned by `radians` against the clock about the point `(x, y)`, in pixels; each new pixel is the nearest
    /// old one. Beyond the picture is `fill`: one value for all channels, or one for each.
    ///
    /// # Errors
    /// No pictures, or a fill of another length.
    pub fn rotate(&self, radians: f64, center: (f64, f64), fill: &[f32]) -> Result<Tensor> {
        let x = lengths("rotate", self)?;
        let [n, height, width, channels] = x;
        if fill.len() != 1 && fill.len() != channels {
            bail!(
                Shape,
                "rotate: a fill of {} values for {channels} channels",
                fill.len()
            );
        }
        let (sin, cos) = libm::sincos(radians);
        let mut reader = Reader::new(
            "rotate",
            x,
            height * width,
            Interpolation::Nearest,
            Beyond::Constant,
        )?;
        for row in 0..height {
            for column in 0..width {
                let (x, y) = (column as f64 - center.0, row as f64 - center.1);
                reader.read(
                    0,
                    nearest(x * sin + y * cos + center.1),
                    nearest(x * cos - y * sin + center.0),
                );
            }
        }
        reader.finish(self, n, *self.shape(), fill)
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
        let mut reader = Reader::new("transform", x, n * height * width, how, Beyond::Constant)?;
        let (rows, _) = rows.data().as_chunks::<8>();
        for (picture, row) in (0..n).zip(rows.iter().cycle()) {
            let a = row.map(f64::from);
            for y in 0..height {
                for x in 0..width {
                    let (x, y) = (x as f64, y as f64);
                    let depth = a[6] * x + a[7] * y + 1.0;
                    if depth == 0.0 {
                        reader.skip();
                        continue;
                    }
                    let across = (a[0] * x + a[1] * y + a[2]) / depth;
                    let down = (a[3] * x + a[4] * y + a[5]) / depth;
                    let across = beyond.moved(across, old_width);
                    let down = beyond.moved(down, old_height);
                    match how {
                        Interpolation::Nearest => {
                            reader.read(picture, nearest(down), nearest(across));
                        }
                        Interpolation::Bilinear => reader.read(picture, down, across),
                    }
                }
            }
        }
        reader.finish(self, 1, shape, &[fill])
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
        let mut reader = Reader::new("affine", lengths, n * height * width, how, beyond)?;
        for (picture, a) in maps.iter().enumerate() {
            for y in 0..height {
                for x in 0..width {
                    let (x, y) = (x as f64, y as f64);
                    let (across, down) = (a[0] * x + a[1] * y + a[2], a[3] * x + a[4] * y + a[5]);
                    match how {
                        Interpolation::Nearest => {
                            reader.read(picture, libm::round(down), libm::round(across));
                        }
                        Interpolation::Bilinear => reader.read(picture, down, across),
                    }
                }
            }
        }
        reader.finish(self, 1, *self.shape(), &[fill])
    }
}
