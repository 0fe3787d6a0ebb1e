//! The ways in which people write the ten digits.
//!
//! Coordinates are pixels of a box that is 20 high, y downwards, x from about 0 to 13. A style draws at random what
//! differs from hand to hand within it; what all digits of a hand share (slant, width, tremble) is added later.
use crate::base::rng::Rng;
use crate::data::digit::Point;
use alloc::vec;
use alloc::vec::Vec;

/// A way to write a digit: how often it is chosen among its digit's styles, and the strokes.
pub(super) type Style = (f32, fn(&mut Rng) -> Glyph);

/// The styles of every digit. MNIST's writers were Americans of the 1990s; the flags, feet, crossbars and hooks
/// that people elsewhere write are more frequent here than in MNIST.
pub(super) const STYLES: [&[Style]; 10] = [
    &[(0.5, zero_round), (0.5, zero_slim)],
    &[
        (0.55, one_bare),
        (0.25, one_flagged),
        (0.2, one_with_a_foot),
    ],
    &[(0.6, two_plain), (0.4, two_with_a_loop)],
    &[(0.8, three_round), (0.2, three_with_a_flat_top)],
    &[
        (0.35, four_open_square),
        (0.35, four_open_round),
        (0.3, four_closed),
    ],
    &[(0.5, five_in_two_strokes), (0.5, five_in_one_stroke)],
    &[(0.6, six_curved), (0.4, six_straight)],
    &[
        (0.4, seven_plain),
        (0.25, seven_with_a_serif),
        (0.35, seven_crossed),
    ],
    &[(0.75, eight_in_one_stroke), (0.25, eight_of_two_circles)],
    &[
        (0.4, nine_straight),
        (0.25, nine_curved),
        (0.35, nine_hooked),
    ],
];

/// Strokes as few points, for a spline to run through.
pub(super) struct Glyph(pub(super) Vec<Vec<Point>>);

impl Glyph {
    /// Starts with the pen at `(x, y)`.
    fn at(x: f32, y: f32) -> Self {
        Glyph(vec![vec![[x, y]]])
    }

    /// Starts with an arc.
    fn around(centre: Point, radii: Point, from: f32, to: f32) -> Self {
        Glyph(vec![vec![]]).arc(centre, radii, from, to)
    }

    /// Lifts the pen and puts it down at `(x, y)`.
    fn lift(mut self, x: f32, y: f32) -> Self {
        self.0.push(vec![[x, y]]);
        self
    }

    /// Goes on to `(x, y)`.
    fn to(mut self, x: f32, y: f32) -> Self {
        if let Some(stroke) = self.0.last_mut() {
            stroke.push([x, y]);
        }
        self
    }

    /// Goes on along an ellipse; degrees count from the right, clockwise as seen.
    fn arc(mut self, centre: Point, radii: Point, from: f32, to: f32) -> Self {
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

fn zero(rng: &mut Rng, width: f32) -> Glyph {
    let start = rng.uniform(-130.0, -30.0);
    // Some close with a gap, some overlap; an overlap drifts inwards.
    let turn = rng.uniform(335.0, 395.0);
    let overlap = Glyph::around([width, 10.0], [width, 10.0], start, start - turn.min(350.0));
    let drift = rng.uniform(0.0, 0.15) * width;
    let end = (start - turn).to_radians();
    overlap.to(
        width + (width - drift) * libm::cosf(end),
        10.0 + (10.0 - drift) * libm::sinf(end),
    )
}

fn zero_round(rng: &mut Rng) -> Glyph {
    let width = rng.uniform(6.5, 9.5);
    zero(rng, width)
}

fn zero_slim(rng: &mut Rng) -> Glyph {
    let width = rng.uniform(4.2, 6.5);
    zero(rng, width)
}

fn one_bare(rng: &mut Rng) -> Glyph {
    let bow = rng.uniform(-0.5, 0.5);
    Glyph::at(6.0, 0.0).to(6.0 + bow, 10.0).to(6.0, 20.0)
}

fn one_flagged(rng: &mut Rng) -> Glyph {
    let (length, height) = (rng.uniform(2.0, 6.5), rng.uniform(2.0, 8.0));
    Glyph::at(7.0 - length, height)
        .to(7.0, 0.0)
        .to(7.0 + rng.uniform(-0.4, 0.4), 10.0)
        .to(7.0, 20.0)
}

fn one_with_a_foot(rng: &mut Rng) -> Glyph {
    let (left, right) = (rng.uniform(2.0, 5.0), rng.uniform(2.0, 5.5));
    let one = if rng.unit() < 0.8 {
        one_flagged(rng)
    } else {
        Glyph::at(7.0, 0.0).to(7.0, 20.0)
    };
    one.lift(7.0 - left, 20.0 + rng.uniform(-0.7, 0.3))
        .to(7.0 + right, 20.0 + rng.uniform(-0.7, 0.3))
}

fn two_plain(rng: &mut Rng) -> Glyph {
    let bend = rng.uniform(-0.5, 2.0);
    let head = two_head(rng)
        .to(rng.uniform(5.5, 7.5) + bend, 14.0)
        .to(0.5, 19.5);
    head.to(rng.uniform(10.5, 18.0), rng.uniform(17.5, 20.5))
}

fn two_with_a_loop(rng: &mut Rng) -> Glyph {
    let (high, wide) = (rng.uniform(1.5, 5.5), rng.uniform(1.8, 4.2));
    let (end, rise) = (rng.uniform(12.5, 19.0), rng.uniform(-0.5, 3.0));
    two_head(rng)
        .to(7.5, 14.0)
        .to(2.2 + 0.6 * wide, 18.9)
        .to(2.2, 19.8)
        .to(2.2 - wide, 19.6 - 0.5 * high)
        .to(2.2, 19.4 - high)
        .to(2.4 + wide, 19.4 - 0.5 * high)
        .to(0.4 * (2.4 + wide) + 0.6 * end, 19.8)
        .to(end, 19.8 - rise)
}

fn two_head(rng: &mut Rng) -> Glyph {
    let (wide, high) = (rng.uniform(4.0, 7.2), rng.uniform(3.2, 6.0));
    let start = rng.uniform(165.0, 240.0);
    Glyph::around([13.0 - wide, high], [wide, high], start, 385.0)
}

fn three_round(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(8.0, 10.0);
    let (start, narrow) = (rng.uniform(185.0, 235.0), rng.uniform(0.0, 1.5));
    let top = Glyph::around(
        [6.0 - narrow, 0.5 * waist],
        [5.6, 0.5 * waist],
        start,
        425.0,
    );
    three_belly(top.to(rng.uniform(3.0, 6.5), waist), rng, waist)
}

fn three_with_a_flat_top(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(7.0, 9.0);
    let top = Glyph::at(1.0, rng.uniform(0.0, 1.0)).to(rng.uniform(9.5, 11.5), 0.0);
    three_belly(top.to(rng.uniform(3.5, 6.0), waist), rng, waist)
}

fn three_belly(top: Glyph, rng: &mut Rng, waist: f32) -> Glyph {
    let (half, end) = (0.5 * (20.0 - waist), rng.uniform(470.0, 525.0));
    top.arc(
        [5.8, waist + half],
        [rng.uniform(5.4, 6.6), half],
        295.0,
        end,
    )
}

fn four_open_square(rng: &mut Rng) -> Glyph {
    let (bar, stem) = (rng.uniform(9.0, 14.0), rng.uniform(7.5, 10.5));
    Glyph::at(rng.uniform(2.0, 5.5), 0.0)
        .to(rng.uniform(0.0, 1.0), bar)
        .to(rng.uniform(11.0, 14.5), bar + rng.uniform(-1.0, 0.6))
        .lift(stem + rng.uniform(0.0, 1.0), rng.uniform(0.0, 6.0))
        .to(stem, 20.0)
}

fn four_open_round(rng: &mut Rng) -> Glyph {
    let (bottom, right) = (rng.uniform(9.0, 12.0), rng.uniform(9.5, 12.0));
    Glyph::at(rng.uniform(1.0, 2.5), rng.uniform(0.0, 2.0))
        .to(0.6, 0.55 * bottom)
        .to(1.6, bottom - 1.0)
        .to(4.5, bottom)
        .to(right, bottom - rng.uniform(0.5, 2.5))
        .lift(right + 0.6, rng.uniform(0.0, 1.5))
        .to(right, 10.0)
        .to(right - rng.uniform(0.0, 1.0), 20.0)
}

fn four_closed(rng: &mut Rng) -> Glyph {
    let (bar, stem) = (rng.uniform(10.5, 14.5), rng.uniform(7.5, 10.0));
    Glyph::at(stem, 0.0)
        .to(0.0, bar)
        .to(rng.uniform(11.5, 14.5), bar + rng.uniform(-1.0, 0.5))
        .lift(stem + rng.uniform(-0.6, 0.6), rng.uniform(0.0, 1.5))
        .to(stem, 20.0)
}

fn five_in_two_strokes(rng: &mut Rng) -> Glyph {
    let (shoulder, left) = (rng.uniform(6.0, 10.0), rng.uniform(1.0, 4.5));
    let stem = Glyph::at(left + rng.uniform(0.0, 2.0), 0.4).to(left, shoulder);
    let five = five_belly(stem, rng, shoulder);
    let bar = five.lift(left + rng.uniform(0.3, 2.5), rng.uniform(0.0, 2.0));
    bar.to(rng.uniform(10.0, 17.0), rng.uniform(-1.5, 1.0))
}

fn five_in_one_stroke(rng: &mut Rng) -> Glyph {
    let (shoulder, left) = (rng.uniform(6.0, 9.5), rng.uniform(1.0, 4.5));
    let top = Glyph::at(rng.uniform(9.5, 16.5), rng.uniform(-1.5, 1.0));
    five_belly(
        top.to(left + rng.uniform(0.3, 2.5), rng.uniform(0.4, 1.6))
            .to(left, shoulder),
        rng,
        shoulder,
    )
}

fn five_belly(stem: Glyph, rng: &mut Rng, shoulder: f32) -> Glyph {
    let half = 0.5 * (20.3 - shoulder + rng.uniform(0.0, 1.2));
    let (wide, end) = (rng.uniform(3.6, 6.8), rng.uniform(455.0, 545.0));
    // An S has no corner here.
    let from = if rng.unit() < 0.6 { 265.0 } else { 300.0 };
    stem.arc([9.0 - 0.8 * wide, 20.0 - half], [wide, half], from, end)
}

fn six_curved(rng: &mut Rng) -> Glyph {
    let stem = Glyph::at(rng.uniform(5.5, 13.0), 0.0).to(rng.uniform(3.0, 5.2), 4.0);
    six_bowl(stem.to(1.2, 9.0), rng)
}

fn six_straight(rng: &mut Rng) -> Glyph {
    six_bowl(
        Glyph::at(rng.uniform(2.0, 9.0), 0.0).to(rng.uniform(1.5, 3.0), 7.0),
        rng,
    )
}

fn six_bowl(stem: Glyph, rng: &mut Rng) -> Glyph {
    let (half, wide) = (rng.uniform(2.8, 6.0), rng.uniform(3.6, 7.0));
    // The end may stop short, meet the stem, or curl into the bowl.
    let (end, curl) = (rng.uniform(-250.0, -150.0), rng.uniform(0.6, 1.0));
    let bowl = stem.arc([0.6 + wide, 20.0 - half], [wide, half], 180.0, -80.0);
    bowl.arc(
        [0.6 + wide, 20.0 - curl * half],
        [curl * wide, curl * half],
        -110.0,
        end,
    )
}

fn seven_plain(rng: &mut Rng) -> Glyph {
    seven(Glyph::at(rng.uniform(0.0, 1.5), rng.uniform(0.0, 1.8)), rng)
}

fn seven_with_a_serif(rng: &mut Rng) -> Glyph {
    let tip = rng.uniform(2.0, 7.0);
    seven(Glyph::at(rng.uniform(0.0, 1.0), tip).to(0.8, 0.8), rng)
}

fn seven_crossed(rng: &mut Rng) -> Glyph {
    let (height, half) = (rng.uniform(8.5, 12.0), rng.uniform(2.5, 4.5));
    let plain = if rng.unit() < 0.7 {
        seven_plain(rng)
    } else {
        seven_with_a_serif(rng)
    };
    let middle = 8.6 - 0.15 * height;
    plain
        .lift(middle - half, height + rng.uniform(-0.3, 1.0))
        .to(middle + half, height + rng.uniform(-1.0, 0.3))
}

fn seven(start: Glyph, rng: &mut Rng) -> Glyph {
    let (foot, bow) = (rng.uniform(2.0, 9.5), rng.uniform(-0.3, 1.6));
    let (right, drop) = (rng.uniform(9.5, 13.0), rng.uniform(-0.4, 1.8));
    // Some turn the corner in a bend.
    let corner = if rng.unit() < 0.6 {
        start.to(right, drop)
    } else {
        start
            .to(right - 2.0, drop)
            .to(right, drop + 1.2)
            .to(right - 0.3, drop + 3.0)
    };
    corner.to(0.5 * (right + foot) - bow, 10.0).to(foot, 20.0)
}

fn eight_in_one_stroke(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(7.5, 12.5);
    let (head, belly) = (rng.uniform(2.6, 5.2), rng.uniform(2.4, 5.2));
    let (high, low) = (
        |share: f32| waist * share,
        |share: f32| waist + share * (20.0 - waist),
    );
    // The start is often far out, as is the end, and they need not meet.
    let (start, end) = (rng.uniform(0.6, 1.5), rng.uniform(0.8, 1.6));
    Glyph::at(6.5 + start * head, high(rng.uniform(0.05, 0.4)))
        .to(6.5 + 0.1 * head, high(0.0))
        .to(6.5 - 0.9 * head, high(0.25))
        .to(6.5 - 0.8 * head, high(0.62))
        .to(6.5, high(1.0))
        .to(6.5 + 0.9 * belly, low(0.42))
        .to(6.5 + 0.8 * belly, low(0.82))
        .to(6.5, low(1.0))
        .to(6.5 - 0.9 * belly, low(0.8))
        .to(6.5 - 0.85 * belly, low(0.42))
        .to(6.5, high(0.98))
        .to(6.5 + 0.65 * end * head, high(0.6))
        .to(6.5 + end * head, high(rng.uniform(0.0, 0.45)))
}

fn eight_of_two_circles(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(7.5, 10.0);
    let (top, belly) = (0.5 * waist, 0.5 * (20.0 - waist));
    let start = rng.uniform(60.0, 120.0);
    let turn = rng.uniform(340.0, 380.0);
    let head = Glyph::around(
        [6.0, top],
        [rng.uniform(3.2, 4.6), top],
        start,
        start - turn,
    );
    let (wide, start) = (rng.uniform(4.0, 5.8), rng.uniform(-120.0, -60.0));
    let mut body = Glyph::around([6.0, 20.0 - belly], [wide, belly], start, start + turn);
    Glyph(head.0.into_iter().chain(body.0.drain(..)).collect())
}

fn nine_straight(rng: &mut Rng) -> Glyph {
    let foot = rng.uniform(7.5, 11.5);
    nine_head(rng).to(0.5 * (10.8 + foot), 12.0).to(foot, 20.0)
}

fn nine_curved(rng: &mut Rng) -> Glyph {
    let foot = rng.uniform(3.0, 7.5);
    nine_head(rng)
        .to(10.4, 9.5)
        .to(0.4 * 10.4 + 0.6 * foot, 15.5)
        .to(foot, 20.0)
}

fn nine_hooked(rng: &mut Rng) -> Glyph {
    let (end, rise) = (rng.uniform(0.5, 4.5), rng.uniform(0.3, 3.5));
    let right = rng.uniform(9.8, 11.2);
    nine_head(rng)
        .to(right, 11.0)
        .to(right - 0.6, 16.5)
        .to(0.5 * (right + end) + 0.8, 19.8)
        .to(end, 20.0 - rise)
}

fn nine_head(rng: &mut Rng) -> Glyph {
    let (half, wide) = (rng.uniform(3.2, 5.8), rng.uniform(3.8, 6.0));
    let start = rng.uniform(-80.0, -5.0);
    let head = Glyph::around(
        [11.0 - wide, half],
        [wide, half],
        start,
        rng.uniform(-350.0, -325.0),
    );
    head.to(11.0, rng.uniform(0.3, 1.0) * half)
}
