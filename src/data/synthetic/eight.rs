//! Eights: in one stroke that begins at the top or at the waist, of two rings, or open at the top.
use super::glyph::{Glyph, Style};
use crate::base::rng::Rng;

pub(super) const STYLES: &[Style] = &[
    (0.5, in_one_stroke),
    (0.2, of_two_rings),
    (0.18, open_at_the_top),
    (0.12, from_the_waist),
];

/// From the start above on the right over the waist, round the belly and back up to `end`, both as shares of the head.
fn woven(rng: &mut Rng, waist: f32, start: [f32; 2], end: [f32; 2]) -> Glyph {
    let (head, belly) = (rng.uniform(2.4, 5.4), rng.uniform(2.4, 5.6));
    let (high, low) = (
        |share: f32| waist * share,
        |share: f32| waist + share * (20.0 - waist),
    );
    Glyph::at(6.5 + start[0] * head, high(start[1]))
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
        .to(6.5 + 0.65 * end[0] * head, high(0.6))
        .to(6.5 + end[0] * head, high(end[1]))
}

fn in_one_stroke(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(7.0, 12.5);
    // The start is often far out, as is the end, and they need not meet.
    let start = [rng.uniform(0.6, 1.5), rng.uniform(0.05, 0.4)];
    let end = [rng.uniform(0.8, 1.6), rng.uniform(0.0, 0.45)];
    woven(rng, waist, start, end)
}

fn open_at_the_top(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(7.0, 11.5);
    let start = [rng.uniform(0.4, 1.1), rng.uniform(0.1, 0.5)];
    // The end flies past the start, or stops far below.
    let end = if rng.unit() < 0.5 {
        [rng.uniform(1.4, 2.4), rng.uniform(-0.15, 0.1)]
    } else {
        [rng.uniform(0.7, 1.2), rng.uniform(0.45, 0.75)]
    };
    woven(rng, waist, start, end)
}

fn from_the_waist(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(7.5, 11.0);
    let (head, belly) = (rng.uniform(2.6, 4.8), rng.uniform(3.0, 5.4));
    let half = 0.5 * waist;
    let low = 0.5 * (20.0 - waist);
    Glyph::at(6.0, waist)
        .to(6.0 - head, half)
        .to(6.0, 0.0)
        .to(6.0 + head, half)
        .to(6.0, waist)
        .to(6.0 - belly, 20.0 - low)
        .to(6.0, 20.0)
        .to(6.0 + belly, 20.0 - low)
        .to(6.0 + rng.uniform(-0.5, 1.5), waist + rng.uniform(-0.8, 0.8))
}

fn of_two_rings(rng: &mut Rng) -> Glyph {
    let waist = rng.uniform(7.0, 10.5);
    let (top, belly) = (0.5 * waist, 0.5 * (20.0 - waist));
    let start = rng.uniform(60.0, 120.0);
    let turn = rng.uniform(335.0, 385.0);
    let head = Glyph::around(
        [6.0 + rng.uniform(-0.8, 0.8), top],
        [rng.uniform(3.0, 4.8), top],
        start,
        start - turn,
    );
    let (wide, start) = (rng.uniform(3.6, 6.0), rng.uniform(-120.0, -60.0));
    let mut body = Glyph::around([6.0, 20.0 - belly], [wide, belly], start, start + turn);
    Glyph(head.0.into_iter().chain(body.0.drain(..)).collect())
}
