//! Fours: open or closed, square or round, with a long crossbar, with a low or a short stem, in one stroke.
use super::glyph::{Glyph, Style, chance};
use crate::base::rng::Rng;

pub(super) const STYLES: &[Style] = &[
    (0.24, open_square),
    (0.24, open_round),
    (0.18, closed),
    (0.14, with_a_low_stem),
    (0.12, in_one_stroke),
    (0.08, with_a_loop),
];

fn open_square(rng: &mut Rng) -> Glyph {
    let (bar, stem) = (rng.uniform(8.0, 14.5), rng.uniform(7.0, 11.0));
    Glyph::at(rng.uniform(1.0, 5.5), 0.0)
        .to(rng.uniform(0.0, 1.0), bar)
        .to(rng.uniform(10.5, 16.5), bar + rng.uniform(-1.2, 0.8))
        .lift(stem + rng.uniform(-0.3, 1.5), rng.uniform(-0.5, 6.5))
        .to(stem, 20.0)
}

fn open_round(rng: &mut Rng) -> Glyph {
    let (bottom, right) = (rng.uniform(8.0, 12.5), rng.uniform(9.0, 12.5));
    Glyph::at(rng.uniform(0.5, 3.0), rng.uniform(-0.5, 2.5))
        .to(0.6, 0.55 * bottom)
        .to(1.6, bottom - 1.0)
        .to(4.5, bottom)
        .to(right, bottom - rng.uniform(0.5, 3.0))
        .lift(right + 0.6, rng.uniform(-0.5, 2.0))
        .to(right, 10.0)
        .to(right - rng.uniform(0.0, 1.5), 20.0)
}

fn closed(rng: &mut Rng) -> Glyph {
    let (bar, stem) = (rng.uniform(10.0, 15.0), rng.uniform(7.0, 10.5));
    let triangle = Glyph::at(stem, 0.0)
        .to(0.0, bar)
        .to(rng.uniform(11.0, 16.0), bar + rng.uniform(-1.0, 0.6));
    if chance(rng, 0.75) {
        return triangle
            .lift(stem + rng.uniform(-0.6, 0.6), rng.uniform(0.0, 1.8))
            .to(stem, 20.0);
    }
    // The stem begins in the middle of the bar's height.
    triangle
        .lift(stem + rng.uniform(-0.3, 1.0), rng.uniform(4.0, 8.5))
        .to(stem, 20.0)
}

/// The left part takes most of the height, and a short stem crosses its bar.
fn with_a_low_stem(rng: &mut Rng) -> Glyph {
    let (bar, stem) = (rng.uniform(11.5, 16.5), rng.uniform(6.0, 10.0));
    let top = Glyph::at(rng.uniform(2.0, 8.0), 0.0);
    let left = if chance(rng, 0.5) {
        top.to(0.4, bar)
    } else {
        top.to(1.4, 0.5 * bar).to(0.6, bar - 2.0).to(1.8, bar)
    };
    left.to(rng.uniform(9.5, 14.0), bar + rng.uniform(-2.0, 0.6))
        .lift(stem + rng.uniform(-0.2, 1.6), bar - rng.uniform(2.5, 6.5))
        .to(stem + rng.uniform(-0.8, 0.4), 20.0)
}

/// Down, across, up to the top on the right and down again, without lifting.
fn in_one_stroke(rng: &mut Rng) -> Glyph {
    let (bar, stem) = (rng.uniform(8.5, 13.0), rng.uniform(8.0, 11.0));
    let left =
        Glyph::at(rng.uniform(0.5, 3.5), rng.uniform(0.0, 3.0)).to(rng.uniform(0.0, 1.4), bar);
    let turn = rng.uniform(0.6, 2.4);
    left.to(0.5 * stem, bar + rng.uniform(-0.4, 0.6))
        .to(stem - 0.3, bar - turn)
        .to(stem + 0.6, rng.uniform(0.0, 4.0))
        .to(stem + 0.2, bar)
        .to(stem - rng.uniform(0.0, 1.2), 20.0)
}

/// The bar comes back in a loop and becomes the stem.
fn with_a_loop(rng: &mut Rng) -> Glyph {
    let (bar, right) = (rng.uniform(9.0, 13.5), rng.uniform(8.0, 12.0));
    let high = rng.uniform(2.0, 6.0);
    Glyph::at(rng.uniform(2.5, 7.0), 0.0)
        .to(0.8, 0.7 * bar)
        .to(1.6, bar)
        .to(0.55 * right, bar + 0.8)
        .to(right, bar - 0.5 * high)
        .to(right - 1.4, bar - high)
        .to(right - 2.4, bar - 0.3 * high)
        .to(right - rng.uniform(1.8, 3.4), 20.0)
}
