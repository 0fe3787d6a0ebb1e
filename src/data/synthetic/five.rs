//! Fives: with the bar written last, in one stroke with corners, or as an S.
use super::glyph::{Glyph, Style, chance};
use crate::base::rng::Rng;

pub(super) const STYLES: &[Style] = &[
    (0.45, in_two_strokes),
    (0.35, in_one_stroke),
    (0.2, as_an_s),
];

fn in_two_strokes(rng: &mut Rng) -> Glyph {
    let (shoulder, left) = (rng.uniform(5.5, 10.5), rng.uniform(1.0, 4.5));
    let stem = Glyph::at(left + rng.uniform(0.0, 2.5), 0.4).to(left, shoulder);
    let five = belly(stem, rng, shoulder);
    // The bar may hang above the stem, or begin away from it.
    let bar = five.lift(left + rng.uniform(0.0, 4.0), rng.uniform(-1.5, 2.0));
    bar.to(rng.uniform(9.0, 18.0), rng.uniform(-2.5, 1.2))
}

fn in_one_stroke(rng: &mut Rng) -> Glyph {
    let (shoulder, left) = (rng.uniform(5.5, 10.0), rng.uniform(1.0, 4.5));
    let top = Glyph::at(rng.uniform(9.0, 17.0), rng.uniform(-2.0, 1.0));
    let corner = top
        .to(left + rng.uniform(0.3, 2.5), rng.uniform(0.2, 1.8))
        .to(left, shoulder);
    belly(corner, rng, shoulder)
}

fn as_an_s(rng: &mut Rng) -> Glyph {
    let (wide, waist) = (rng.uniform(3.8, 6.4), rng.uniform(7.5, 10.5));
    let (left, end) = (rng.uniform(0.5, 2.0), rng.uniform(0.0, 3.0));
    Glyph::at(left + 2.0 * wide, rng.uniform(-0.5, 2.5))
        .to(left + wide, rng.uniform(0.0, 1.0))
        .to(left, 0.5 * waist)
        .to(left + wide, waist)
        .to(left + rng.uniform(1.7, 2.1) * wide, 0.5 * (waist + 20.0))
        .to(left + wide, 20.0)
        .to(end, rng.uniform(17.0, 20.0))
}

fn belly(stem: Glyph, rng: &mut Rng, shoulder: f32) -> Glyph {
    let half = 0.5 * (20.3 - shoulder + rng.uniform(0.0, 1.4));
    let (wide, end) = (rng.uniform(3.4, 7.0), rng.uniform(445.0, 550.0));
    // An S has no corner here.
    let from = if chance(rng, 0.6) { 265.0 } else { 300.0 };
    stem.arc([9.0 - 0.8 * wide, 20.0 - half], [wide, half], from, end)
}
