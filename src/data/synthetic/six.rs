//! Sixes: with a stem that is curved or straight, and a bowl that is round, tiny, flattened or open.
use super::glyph::{Glyph, Style, chance};
use crate::base::rng::Rng;

pub(super) const STYLES: &[Style] = &[(0.4, round), (0.2, tiny), (0.2, flattened), (0.2, open)];

fn stem(rng: &mut Rng, bowl: f32) -> Glyph {
    let top = 20.0 - 2.0 * bowl;
    if chance(rng, 0.6) {
        let curved = Glyph::at(rng.uniform(5.0, 13.5), rng.uniform(0.0, 1.5));
        return curved
            .to(rng.uniform(2.8, 5.5), 0.4 * top)
            .to(1.2, 0.85 * top);
    }
    Glyph::at(rng.uniform(1.5, 9.0), 0.0).to(rng.uniform(1.2, 3.0), 0.7 * top)
}

/// The stem, and a bowl that goes round from the left by the bottom as far as `end`; from the top on it is drawn in by
/// `curl`.
fn written(rng: &mut Rng, half: f32, wide: f32, end: f32, curl: f32) -> Glyph {
    let bowl = stem(rng, half).arc([0.6 + wide, 20.0 - half], [wide, half], 180.0, -80.0);
    bowl.arc(
        [0.6 + wide, 20.0 - curl * half],
        [curl * wide, curl * half],
        -110.0,
        end,
    )
}

fn round(rng: &mut Rng) -> Glyph {
    let (half, wide) = (rng.uniform(3.2, 6.2), rng.uniform(3.6, 7.0));
    // The end may meet the stem, or curl into the bowl.
    let (end, curl) = (rng.uniform(-250.0, -150.0), rng.uniform(0.6, 1.0));
    written(rng, half, wide, end, curl)
}

fn tiny(rng: &mut Rng) -> Glyph {
    let (half, wide) = (rng.uniform(1.4, 3.2), rng.uniform(1.8, 4.0));
    let end = rng.uniform(-230.0, -150.0);
    written(rng, half, wide, end, 1.0)
}

fn flattened(rng: &mut Rng) -> Glyph {
    let (half, wide) = (rng.uniform(1.6, 3.4), rng.uniform(4.0, 7.5));
    let (end, curl) = (rng.uniform(-250.0, -150.0), rng.uniform(0.7, 1.0));
    written(rng, half, wide, end, curl)
}

/// The bowl stops before it meets the stem.
fn open(rng: &mut Rng) -> Glyph {
    let (half, wide) = (rng.uniform(2.8, 5.5), rng.uniform(3.4, 6.5));
    let end = rng.uniform(-140.0, -60.0);
    let bowl = stem(rng, half);
    bowl.arc([0.6 + wide, 20.0 - half], [wide, half], 180.0, end)
}
