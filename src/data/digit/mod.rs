//! A drawing becomes what MNIST would have made of it.
//!
//! MNIST's makers fitted each digit into 20×20 pixels, keeping its aspect, which turned black and
//! white into greys, and moved it by whole pixels until its centre of mass was the middle of a
//! 28×28 image (LeCun, Bottou, Bengio and Haffner 1998, section III-A). A drawing has lines instead
//! of pixels, so it is fitted first and then drawn with the pen of MNIST's average digit.
mod bitmap;
pub(super) mod stroke;

use crate::base::error::{Result, bail};
use crate::base::json::Decimal;
use crate::memory::vector;
use crate::simd::{Lanes, Native};
use alloc::vec::Vec;

pub use bitmap::from_pixels;

/// A position `[x, y]`, y downwards, in any unit.
pub type Point = [f32; 2];

/// The side of the image.
pub const SIDE: usize = 28;
/// The pixels of one image, row-major, 0 for paper to 1 for ink.
pub type Image = [f32; SIDE * SIDE];

/// The side of the box that the ink fills.
const BOX: usize = 20;
/// MNIST's average pen in pixels, measured as twice the ink's area over its outline (median 2.4,
/// 98 % within 1.4 to 4.3).
const PEN: f32 = 2.45;
/// The width in pixels of the greys between paper and ink, chosen so that a drawing has as many grey
/// and as many black pixels as an MNIST digit written with the same pen.
const EDGE: f32 = 1.15;
type Boxed = [[f32; BOX]; BOX];

/// Draws strokes of any size, anywhere, as MNIST's makers would have.
///
/// Each stroke is the path of the pen from where it touches the paper to where it leaves it; one point makes a
/// dot. The number of points does not matter: few points are joined by a curve, many trembling ones are smoothed.
///
/// # Errors
/// `Value` if there is no point at all or a coordinate is not finite; `Memory` if so many points do not fit.
pub fn rasterize(strokes: &[impl AsRef<[Point]>]) -> Result<Image> {
    let mut lines = vector("digit", strokes.len())?;
    for stroke in strokes {
        let mut line = vector("digit", stroke.as_ref().len())?;
        line.extend_from_slice(stroke.as_ref());
        lines.push(line);
    }
    if lines.iter().all(Vec::is_empty) {
        bail!(
            Value,
            "digit: the drawing is empty: draw at least one stroke"
        );
    }
    if let Some(&[x, y]) = lines
        .iter()
        .flatten()
        .find(|[x, y]| !(x.is_finite() && y.is_finite()))
    {
        let (x, y) = (Decimal::from(x), Decimal::from(y));
        bail!(Value, "digit: the point ({x}, {y}) is not finite");
    }
    fit(&mut lines, BOX as f32);
    for line in &mut lines {
        *line = stroke::smooth(line)?;
    }
    Ok(draw(lines, PEN))
}

/// Draws smooth lines with a round pen of `pen` pixels, the ink filling the box.
pub(super) fn draw(mut lines: Vec<Vec<Point>>, pen: f32) -> Image {
    fit(&mut lines, BOX as f32 - pen);
    let mut nearest: Boxed = [[f32::INFINITY; BOX]; BOX];
    let reach = 0.5 * (pen + EDGE);
    for line in &lines {
        if let &[dot] = line.as_slice() {
            approach(&mut nearest, dot, dot, reach);
        }
        for piece in line.windows(2) {
            if let &[from, to] = piece {
                approach(&mut nearest, from, to, reach);
            }
        }
    }
    // How dark a pixel is follows from its distance alone, so joins and ends are round.
    let [reach, edge, black, paper] = [reach, EDGE, 1.0, 0.0].map(Native::splat);
    for pixels in nearest.as_flattened_mut().as_chunks_mut().0 {
        let distance = Native::load(pixels).sqrt();
        let ink = reach.sub(distance).div(edge).max(paper).min(black);
        ink.store(pixels);
    }
    centre(&nearest)
}

/// Moves and scales the lines so that the longer side of their bounding box is `side` and its middle
/// is the middle of the box. A single spot has no size and is only moved.
fn fit(lines: &mut [Vec<Point>], side: f32) {
    // f64, because the distance between two f32 may be more than f32 can hold.
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for point in lines.iter().flatten() {
        for ((low, high), &at) in low.iter_mut().zip(&mut high).zip(point) {
            (*low, *high) = (low.min(f64::from(at)), high.max(f64::from(at)));
        }
    }
    let extent = (high[0] - low[0]).max(high[1] - low[1]);
    let scale = if extent > 0.0 {
        f64::from(side) / extent
    } else {
        0.0
    };
    for point in lines.iter_mut().flatten() {
        for ((at, low), high) in point.iter_mut().zip(low).zip(high) {
            *at = (0.5 * BOX as f64 + (f64::from(*at) - 0.5 * (low + high)) * scale) as f32;
        }
    }
}

/// Adds the piece of line `from`–`to`: lowers each pixel's squared distance to the nearest ink to its squared
/// distance from this piece, for the pixels that lie within `reach` of it and a few beside them.
fn approach(nearest: &mut Boxed, from: Point, to: Point, reach: f32) {
    let span = |axis: usize| {
        let low = from[axis].min(to[axis]) - reach - 0.5;
        let high = from[axis].max(to[axis]) + reach + 0.5;
        // `as` saturates, so what lies outside of the box is cut off.
        (libm::ceilf(low) as usize, (high as usize).min(BOX))
    };
    let ((left, right), (top, bottom)) = (span(0), span(1));
    let along = [to[0] - from[0], to[1] - from[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let per_length = Native::splat(if length > 0.0 { 1.0 / length } else { 0.0 });
    let [start, along_x, along_y] = [from[0], along[0], along[1]].map(Native::splat);
    let [zero, one] = [0.0, 1.0].map(Native::splat);
    for (y, row) in nearest.iter_mut().enumerate().take(bottom).skip(top) {
        let dy = y as f32 + 0.5 - from[1];
        let risen = Native::splat(dy * along[1]);
        let dy = Native::splat(dy);
        let fours = row.as_chunks_mut().0.iter_mut().enumerate();
        for (four, nearest) in fours.take(right.div_ceil(4)).skip(left / 4) {
            let middles = [0.5, 1.5, 2.5, 3.5].map(|middle| (4 * four) as f32 + middle);
            let dx = Native::load(&middles).sub(start);
            let share = dx.mul(along_x).add(risen).mul(per_length);
            let share = share.max(zero).min(one);
            let (dx, dy) = (dx.sub(share.mul(along_x)), dy.sub(share.mul(along_y)));
            let square = dx.mul(dx).add(dy.mul(dy));
            Native::load(nearest).min(square).store(nearest);
        }
    }
}

/// Puts the box into the image, moved by whole pixels so that the centre of mass is in the middle.
fn centre(boxed: &Boxed) -> Image {
    let (mut mass, mut moment_x, mut moment_y) = (0.0, 0.0, 0.0);
    for (y, row) in boxed.iter().enumerate() {
        for (x, &ink) in row.iter().enumerate() {
            mass += ink;
            moment_x += ink * x as f32;
            moment_y += ink * y as f32;
        }
    }
    // No ink is lost: a box never moves farther than to the image's edge.
    let offset = |moment: f32| {
        libm::roundf(SIDE as f32 / 2.0 - moment / mass).clamp(0.0, (SIDE - BOX) as f32) as usize
    };
    let (left, top) = (offset(moment_x), offset(moment_y));
    let mut image = [0.0; SIDE * SIDE];
    for (row, line) in image.chunks_exact_mut(SIDE).skip(top).zip(boxed) {
        for (pixel, &ink) in row.iter_mut().skip(left).zip(line) {
            *pixel = ink.min(1.0);
        }
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    fn seven() -> Vec<Vec<Point>> {
        vec![
            vec![[10.0, 10.0], [60.0, 12.0], [40.0, 60.0], [30.0, 100.0]],
            vec![[25.0, 55.0], [55.0, 53.0]],
        ]
    }

    fn moved(strokes: &[Vec<Point>], place: impl Fn(Point) -> Point) -> Vec<Vec<Point>> {
        strokes
            .iter()
            .map(|stroke| stroke.iter().map(|&point| place(point)).collect())
            .collect()
    }

    /// The mean over pixels of how much two images differ.
    pub(super) fn difference(a: &Image, b: &Image) -> f32 {
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f32>() / a.len() as f32
    }

    /// The middle of the ink, in pixel indices.
    pub(super) fn centre_of_mass(image: &Image) -> (f32, f32) {
        let mass: f32 = image.iter().sum();
        let moment = |place: fn(usize) -> usize| -> f32 {
            image
                .iter()
                .enumerate()
                .map(|(index, ink)| ink * place(index) as f32)
                .sum()
        };
        (
            moment(|index| index % SIDE) / mass,
            moment(|index| index / SIDE) / mass,
        )
    }

    /// The number of rows and of columns with ink.
    pub(super) fn inked(image: &Image) -> (usize, usize) {
        let rows = image
            .chunks(SIDE)
            .filter(|row| row.iter().any(|&ink| ink > 0.0))
            .count();
        let columns = (0..SIDE)
            .filter(|&x| image.iter().skip(x).step_by(SIDE).any(|&ink| ink > 0.0))
            .count();
        (rows, columns)
    }

    #[test]
    fn the_ink_is_20_pixels_high_centred_by_mass_and_saturates() {
        let image = rasterize(&seven()).unwrap();
        assert_eq!(inked(&image).0, 20);
        let (x, y) = centre_of_mass(&image);
        assert!(
            (x - 14.0).abs() < 0.501 && (y - 14.0).abs() < 0.501,
            "({x}, {y})"
        );
        assert!(image.iter().all(|ink| (0.0..=1.0).contains(ink)));
        let (black, ink) = (
            image.iter().filter(|&&ink| ink == 1.0).count(),
            image.iter().sum::<f32>(),
        );
        assert!(
            black > 40 && (70.0..110.0).contains(&ink),
            "{black} black pixels, ink {ink}"
        );
    }

    #[test]
    fn size_and_place_do_not_matter() {
        let image = rasterize(&seven()).unwrap();
        for (scale, shift) in [
            (1e-3, 0.0),
            (0.1, 400.0),
            (7.0, -300.0),
            (1e6, 1e8),
            (1e30, 0.0),
        ] {
            let other = rasterize(&moved(&seven(), |[x, y]| {
                [x * scale + shift, y * scale + shift]
            }))
            .unwrap();
            assert!(
                difference(&image, &other) < 1e-3,
                "scale {scale}, shift {shift}"
            );
        }
    }

    #[test]
    fn many_trembling_points_give_the_image_of_a_few_calm_ones() {
        let mut rng = crate::base::rng::Rng::new(1);
        // Not a circle: its centre of mass lies between two pixels and may fall either way.
        let arc = |points: usize, tremble: f32, rng: &mut crate::base::rng::Rng| {
            let point = |index: usize| {
                let angle = index as f32 / points as f32 * 4.0;
                let mut tremble = || tremble * rng.uniform(-1.0, 1.0);
                [
                    100.0 * libm::cosf(angle) + tremble(),
                    100.0 * libm::sinf(angle) + tremble(),
                ]
            };
            rasterize(&[(0..=points).map(point).collect::<Vec<_>>()]).unwrap()
        };
        let calm = arc(200, 0.0, &mut rng);
        for (points, tremble, limit) in [
            (8, 0.0, 0.006),
            (12, 0.0, 0.003),
            (5000, 0.0, 0.002),
            (200, 2.0, 0.01),
            (2000, 2.0, 0.01),
        ] {
            let other = arc(points, tremble, &mut rng);
            let difference = difference(&calm, &other);
            assert!(
                difference < limit,
                "{points} points, tremble {tremble}: {difference}"
            );
        }
    }

    #[test]
    fn sparse_corners_stay_sharp() {
        let corner = rasterize(&[vec![[0.0, 0.0], [10.0, 0.0], [10.0, 20.0]]]).unwrap();
        let exact = draw(vec![vec![[0.0, 0.0], [10.0, 0.0], [10.0, 20.0]]], PEN);
        assert!(difference(&corner, &exact) < 1e-6);
    }

    #[test]
    fn a_dot_is_a_disc_in_the_middle() {
        let dot = rasterize(&[vec![[3.0, 4.0]]]).unwrap();
        let (x, y) = centre_of_mass(&dot);
        assert!((x - 14.0).abs() < 0.501 && (y - 14.0).abs() < 0.501);
        assert_eq!(inked(&dot), (4, 4));
        assert_eq!(dot, rasterize(&[vec![[3.0, 4.0]; 3], vec![]]).unwrap());
    }

    #[test]
    fn empty_and_infinite_drawings_are_refused() {
        for empty in [vec![], vec![Vec::<Point>::new()], vec![vec![], vec![]]] {
            let error = rasterize(&empty).unwrap_err().to_string();
            assert_eq!(
                error,
                "digit: the drawing is empty: draw at least one stroke"
            );
        }
        for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert!(
                rasterize(&[vec![[0.0, 0.0], [1.0, odd]]])
                    .unwrap_err()
                    .to_string()
                    .ends_with("is not finite")
            );
        }
    }

    #[test]
    fn no_finite_drawing_panics_or_leaves_the_range() {
        let mut rng = crate::base::rng::Rng::new(2);
        let extremes = [
            0.0,
            -0.0,
            1.0,
            f32::MIN_POSITIVE,
            1e-45,
            f32::MAX,
            f32::MIN,
            1e20,
            -3e-20,
        ];
        for round in 0..300 {
            let strokes: Vec<Vec<Point>> = (0..1 + round % 4)
                .map(|_| {
                    let mut at = || match extremes.get(rng.below(18) as usize) {
                        Some(&extreme) => extreme,
                        None => rng.uniform(-300.0, 300.0),
                    };
                    (0..round % 7).map(|_| [at(), at()]).collect()
                })
                .collect();
            if let Ok(image) = rasterize(&strokes) {
                assert!(
                    image.iter().all(|ink| (0.0..=1.0).contains(ink)),
                    "{strokes:?}"
                );
                assert!(image.iter().sum::<f32>() > 1.0, "{strokes:?}");
            }
        }
        let scribble: Vec<Point> = (0..20_000).map(|_| [rng.unit(), rng.unit()]).collect();
        assert!(rasterize(&[scribble]).unwrap().iter().sum::<f32>() > 350.0);
    }

    #[test]
    fn a_fixed_drawing_has_the_same_bits_everywhere() {
        let image = rasterize(&seven()).unwrap();
        let hash = image.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, ink| {
            (hash ^ u64::from(ink.to_bits())).wrapping_mul(0x0100_0000_01b3)
        });
        assert_eq!(hash, 0xec4e_f9ed_b826_6e96, "{hash:#x}");
    }
}
