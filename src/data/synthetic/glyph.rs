//! Strokes as few points, for a spline to run through, and what all digits' styles are written with.
use crate::base::rng::Rng;
use crate::data::digit::Point;
use alloc::vec;
use alloc::vec::Vec;

/// A way to write a digit: how often it is chosen among its digit's styles, and what draws its strokes. A style draws at
/// random what differs from hand to hand within it; what all digits of a hand share (slant, width, tremble) is added
/// later. Coordinates are pixels of a box that is 20 high, y downwards, x from about 0 to 13.
pub(super) type Style = (f32, fn(&mut Rng) -> Glyph);

/// Strokes as few points.
pub(super) struct Glyph(pub(super) Vec<Vec<Point>>);

impl Glyph {
    /// Starts with the pen at `(x, y)`.
    pub(super) fn at(x: f32, y: f32) -> Self {
        Glyph(vec![vec![[x, y]]])
    }

    /// Starts with an arc.
    pub(super) fn around(centre: Point, radii: Point, from: f32, to: f32) -> Self {
        Glyph(vec![vec![]]).arc(centre, radii, from, to)
    }

    /// Lifts the pen and puts it down at `(x, y)`.
    pub(super) fn lift(mut self, x: f32, y: f32) -> Self {
        self.0.push(vec![[x, y]]);
        self
    }

    /// Goes on to `(x, y)`.
    pub(super) fn to(mut self, x: f32, y: f32) -> Self {
        if let Some(stroke) = self.0.last_mut() {
            stroke.push([x, y]);
        }
        self
    }

    /// Goes on along an ellipse; degrees count from the right, clockwise as seen.
    pub(super) fn arc(mut self, centre: Point, radii: Point, from: f32, to: f32) -> Self {
        let pieces = libm::ceilf((to - from).abs() / 27.0);
        for piece in 0..=pieces as usize {
            let angle = (from + (to - from) * piece as f32 / pieces).to_radians();
            self = self.to(
                centre[0] + radii[0] * libm::cosf(angle),
                centre[1] + radii[1] * libm::sinf(angle),
            );
        }
        self
    }
}

/// Whether something happens that happens so often.
pub(super) fn chance(rng: &mut Rng, share: f32) -> bool {
    rng.unit() < share
}
