//! Ones: bare, with a short flag, with an upstroke as long as the stem, with a foot.
use super::glyph::{Glyph, Style, chance};
use crate::base::rng::Rng;

pub(super) const STYLES: &[Style] = &[
    (0.42, bare),
    (0.2, flagged),
    (0.22, with_a_long_upstroke),
    (0.16, with_a_foot),
];

fn bare(rng: &mut Rng) -> Glyph {
    let bow = rng.uniform(-0.7, 0.7);
    Glyph::at(6.0, 0.0).to(6.0 + bow, 10.0).to(6.0, 20.0)
}

/// The stem, after an upstroke from so far left and so far down.
fn stem(rng: &mut Rng, left: f32, down: f32) -> Glyph {
    let bow = rng.uniform(-0.6, 0.6);
    let begun = Glyph::at(7.0 - left, down);
    // A long upstroke is bent, one way or the other.
    let bent = if down > 7.0 {
        let swing = rng.uniform(-0.9, 0.9);
        begun.to(7.0 - 0.45 * left + swing, 0.45 * down + swing)
    } else {
        begun
    };
    bent.to(7.0, 0.0).to(7.0 + bow, 10.0).to(7.0, 20.0)
}

fn flagged(rng: &mut Rng) -> Glyph {
    let (left, down) = (rng.uniform(1.8, 6.0), rng.uniform(1.5, 7.0));
    stem(rng, left, down)
}

fn with_a_long_upstroke(rng: &mut Rng) -> Glyph {
    let (left, down) = (rng.uniform(3.5, 10.0), rng.uniform(7.0, 18.0));
    stem(rng, left, down)
}

fn with_a_foot(rng: &mut Rng) -> Glyph {
    let (left, right) = (rng.uniform(1.8, 5.5), rng.uniform(1.8, 6.0));
    let one = match rng.unit() {
        share if share < 0.5 => flagged(rng),
        share if share < 0.8 => with_a_long_upstroke(rng),
        _ => Glyph::at(7.0, 0.0).to(7.0, 20.0),
    };
    let foot = rng.uniform(-0.7, 0.4);
    if chance(rng, 0.8) {
        return one
            .lift(7.0 - left, 20.0 + foot)
            .to(7.0 + right, 20.0 + rng.uniform(-0.7, 0.3));
    }
    // Without lifting: back to the left, and over.
    one.to(7.0 - left, 20.0 + foot).to(7.0 + right, 20.0)
}
