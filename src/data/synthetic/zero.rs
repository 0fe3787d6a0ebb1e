//! Zeros: round, slim, slashed, open, or with an end that curls inwards.
use super::glyph::{Glyph, Style, chance};
use crate::base::rng::Rng;

pub(super) const STYLES: &[Style] = &[
    (0.35, round),
    (0.3, slim),
    (0.13, open),
    (0.12, slashed),
    (0.1, curled),
];

/// An oval as wide as twice `width`, that ends after `turn` degrees, drawn in by a share `drift` of its width.
fn oval(rng: &mut Rng, width: f32, turn: f32, drift: f32) -> Glyph {
    let start = rng.uniform(-140.0, -20.0);
    let whole = Glyph::around([width, 10.0], [width, 10.0], start, start - turn.min(350.0));
    if turn <= 350.0 {
        return whole;
    }
    let end = (start - turn).to_radians();
    let (wide, high) = (width * (1.0 - drift), 10.0 - drift * width);
    whole.to(
        width + wide * libm::cosf(end),
        10.0 + high * libm::sinf(end),
    )
}

fn round(rng: &mut Rng) -> Glyph {
    let width = rng.uniform(6.0, 10.0);
    // Some close with a gap, some overlap; an overlap drifts inwards.
    let (turn, drift) = (rng.uniform(335.0, 395.0), rng.uniform(0.0, 0.15));
    oval(rng, width, turn, drift)
}

fn slim(rng: &mut Rng) -> Glyph {
    let width = rng.uniform(3.6, 6.5);
    let (turn, drift) = (rng.uniform(340.0, 395.0), rng.uniform(0.0, 0.15));
    oval(rng, width, turn, drift)
}

fn open(rng: &mut Rng) -> Glyph {
    let width = rng.uniform(4.5, 9.0);
    let turn = rng.uniform(300.0, 338.0);
    oval(rng, width, turn, 0.0)
}

fn slashed(rng: &mut Rng) -> Glyph {
    let width = rng.uniform(4.5, 8.0);
    let turn = rng.uniform(345.0, 380.0);
    let beyond = rng.uniform(0.6, 1.25);
    let zero = oval(rng, width, turn, 0.05);
    zero.lift(width * (1.0 + 0.7 * beyond), 10.0 - 7.5 * beyond)
        .to(width * (1.0 - 0.7 * beyond), 10.0 + 7.5 * beyond)
}

fn curled(rng: &mut Rng) -> Glyph {
    let width = rng.uniform(5.0, 8.5);
    let start = rng.uniform(-100.0, -40.0);
    let zero = Glyph::around([width, 10.0], [width, 10.0], start, start - 350.0);
    // The pen goes on in a small loop at the top, inside or above.
    let side = if chance(rng, 0.5) { 1.0 } else { -1.0 };
    zero.to(width + rng.uniform(1.5, 3.5), rng.uniform(-1.5, 1.0))
        .to(width + side * rng.uniform(2.0, 5.0), rng.uniform(-0.5, 3.5))
}
