//! Sevens: plain, with a serif or a hook at the beginning, crossed high or low by a bar that is lifted or drawn on.
use super::glyph::{Glyph, Style, chance};
use crate::base::rng::Rng;

pub(super) const STYLES: &[Style] = &[
    (0.3, plain),
    (0.12, with_a_serif),
    (0.12, with_a_hook),
    (0.3, crossed),
    (0.16, crossed_without_lifting),
];

fn plain(rng: &mut Rng) -> Glyph {
    written(Glyph::at(rng.uniform(0.0, 1.5), rng.uniform(0.0, 1.8)), rng).0
}

fn with_a_serif(rng: &mut Rng) -> Glyph {
    let tip = rng.uniform(2.0, 7.5);
    let start = Glyph::at(rng.uniform(0.0, 1.0), tip).to(0.8, 0.8);
    written(start, rng).0
}

/// The bar begins in a bow.
fn with_a_hook(rng: &mut Rng) -> Glyph {
    let (deep, wide) = (rng.uniform(1.5, 4.5), rng.uniform(1.0, 3.0));
    let start = Glyph::at(rng.uniform(-0.8, 0.8), deep)
        .to(0.4 * wide, 0.4)
        .to(wide + 0.6, 0.2);
    written(start, rng).0
}

/// A seven without its cross, its stem's foot, and where the cross meets the stem at this height.
fn begun(rng: &mut Rng) -> (Glyph, f32) {
    let start = match rng.unit() {
        share if share < 0.6 => Glyph::at(rng.uniform(0.0, 1.5), rng.uniform(0.0, 1.8)),
        share if share < 0.8 => {
            Glyph::at(rng.uniform(0.0, 1.0), rng.uniform(2.0, 7.0)).to(0.8, 0.8)
        }
        _ => Glyph::at(0.0, rng.uniform(1.5, 4.0))
            .to(1.0, 0.3)
            .to(2.6, 0.3),
    };
    written(start, rng)
}

fn crossed(rng: &mut Rng) -> Glyph {
    let (height, half) = (rng.uniform(7.0, 15.0), rng.uniform(2.2, 5.5));
    let (seven, foot) = begun(rng);
    let middle = 10.8 + (foot - 10.8) * height / 20.0 + rng.uniform(-1.0, 1.0);
    seven
        .lift(middle - half, height + rng.uniform(-0.3, 1.2))
        .to(middle + half, height + rng.uniform(-1.2, 0.3))
}

/// From the foot the pen goes up to the left and draws the bar, so that a line leads there.
fn crossed_without_lifting(rng: &mut Rng) -> Glyph {
    let (height, half) = (rng.uniform(8.0, 15.5), rng.uniform(2.2, 5.5));
    let (seven, foot) = begun(rng);
    let middle = 10.8 + (foot - 10.8) * height / 20.0;
    seven
        .to(
            middle - half - rng.uniform(0.0, 1.0),
            height + rng.uniform(-0.6, 1.2),
        )
        .to(middle + half, height + rng.uniform(-1.4, 0.6))
}

fn written(start: Glyph, rng: &mut Rng) -> (Glyph, f32) {
    let (foot, bow) = (rng.uniform(1.5, 10.0), rng.uniform(-0.6, 1.8));
    let (right, drop) = (rng.uniform(9.0, 13.5), rng.uniform(-0.8, 2.0));
    // Some turn the corner in a bend.
    let corner = if chance(rng, 0.6) {
        start.to(right, drop)
    } else {
        start
            .to(right - 2.0, drop)
            .to(right, drop + 1.2)
            .to(right - 0.3, drop + 3.0)
    };
    let seven = corner.to(0.5 * (right + foot) - bow, 10.0).to(foot, 20.0);
    (seven, foot)
}
