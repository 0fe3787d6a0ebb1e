//! Threes: round, with a flat top, with a loop or a point at the waist.
use super::glyph::{Glyph, Style};
use crate::base::rng::Rng;

pub(super) const STYLES: &[Style] = &[
    (0.55, round),
    (0.18, with_a_flat_top),
    (0.15, with_a_loop),
    (0.12, with_a_shallow_waist),
];

fn round(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(7.0, 11.0);
    let top = head(rng, waist);
    belly(top.to(rng.uniform(2.5, 7.0), waist), rng, waist)
}

fn head(rng: &mut Rng, waist: f32) -> Glyph {
    let (start, narrow) = (rng.uniform(175.0, 240.0), rng.uniform(0.0, 2.0));
    Glyph::around(
        [6.0 - narrow, 0.5 * waist],
        [5.6, 0.5 * waist],
        start,
        425.0,
    )
}

fn with_a_flat_top(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(6.5, 9.5);
    let top = Glyph::at(1.0, rng.uniform(-0.5, 1.5)).to(rng.uniform(9.0, 12.0), 0.0);
    belly(top.to(rng.uniform(3.0, 6.5), waist), rng, waist)
}

/// The pen turns back in a small loop.
fn with_a_loop(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(8.0, 10.5);
    let (left, size) = (rng.uniform(2.5, 5.0), rng.uniform(0.6, 1.8));
    let top = head(rng, waist);
    let turned = top
        .to(left + size, waist + 0.4 * size)
        .to(left, waist + 0.2)
        .to(left + 0.6 * size, waist - size)
        .to(left + 2.4 * size, waist - 0.2);
    belly(turned, rng, waist)
}

/// The two bows hardly meet: nearly a bracket.
fn with_a_shallow_waist(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(8.0, 11.0);
    let top = head(rng, waist);
    belly(top.to(rng.uniform(7.0, 9.0), waist), rng, waist)
}

fn belly(top: Glyph, rng: &mut Rng, waist: f32) -> Glyph {
    let (half, end) = (0.5 * (20.0 - waist), rng.uniform(455.0, 535.0));
    top.arc(
        [5.8, waist + half],
        [rng.uniform(5.0, 7.0), half],
        295.0,
        end,
    )
}
