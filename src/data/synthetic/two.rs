//! Twos: with a corner, a loop or a curl at the bottom, a base that is flat or waves, a head that is round or pointed.
use super::glyph::{Glyph, Style, chance};
use crate::base::rng::Rng;

pub(super) const STYLES: &[Style] = &[
    (0.4, plain),
    (0.3, with_a_loop),
    (0.15, with_a_wave),
    (0.15, angular),
];

fn head(rng: &mut Rng) -> Glyph {
    let (wide, high) = (rng.uniform(3.6, 7.4), rng.uniform(2.8, 6.2));
    let start = rng.uniform(150.0, 240.0);
    Glyph::around([13.0 - wide, high], [wide, high], start, 385.0)
}

fn plain(rng: &mut Rng) -> Glyph {
    let bend = rng.uniform(-0.5, 2.0);
    let corner = rng.uniform(0.0, 1.5);
    let head = head(rng)
        .to(rng.uniform(5.5, 7.5) + bend, 14.0)
        .to(corner, 19.5);
    head.to(rng.uniform(10.0, 18.0), rng.uniform(17.0, 21.0))
}

fn with_a_loop(rng: &mut Rng) -> Glyph {
    let (high, wide) = (rng.uniform(1.0, 5.8), rng.uniform(1.4, 4.4));
    let (end, rise) = (rng.uniform(11.5, 19.0), rng.uniform(-1.0, 3.5));
    head(rng)
        .to(7.5, 14.0)
        .to(2.2 + 0.6 * wide, 18.9)
        .to(2.2, 19.8)
        .to(2.2 - wide, 19.6 - 0.5 * high)
        .to(2.2, 19.4 - high)
        .to(2.4 + wide, 19.4 - 0.5 * high)
        .to(0.4 * (2.4 + wide) + 0.6 * end, 19.8)
        .to(end, 19.8 - rise)
}

/// The base rises and falls again, as a tilde.
fn with_a_wave(rng: &mut Rng) -> Glyph {
    let (rise, fall) = (rng.uniform(0.8, 2.8), rng.uniform(0.0, 1.5));
    let end = rng.uniform(11.5, 17.5);
    head(rng)
        .to(rng.uniform(6.0, 8.0), 13.5)
        .to(0.6, 19.3)
        .to(0.33 * end, 19.5 - rise)
        .to(0.7 * end, 19.4 + 0.6 * fall)
        .to(end, 19.4 - rise)
}

/// As a Z, with a top that is short or bent down.
fn angular(rng: &mut Rng) -> Glyph {
    let (right, drop) = (rng.uniform(8.5, 12.0), rng.uniform(0.0, 2.0));
    let start = Glyph::at(rng.uniform(0.0, 2.5), rng.uniform(0.5, 4.5));
    let top = if chance(rng, 0.5) {
        start.to(0.55 * right, 0.0).to(right, drop + 1.5)
    } else {
        start.to(right, drop)
    };
    top.to(rng.uniform(0.0, 1.5), 19.5)
        .to(rng.uniform(9.5, 15.0), rng.uniform(18.0, 21.0))
}
