//! Nines: straight, curved, or with the tail hooked far to the left; with a head that is round, tiny, flattened or open.
use super::glyph::{Glyph, Style, chance};
use crate::base::rng::Rng;

pub(super) const STYLES: &[Style] = &[(0.38, straight), (0.24, curved), (0.38, hooked)];

fn straight(rng: &mut Rng) -> Glyph {
    let foot = rng.uniform(7.0, 12.0);
    let (head, low) = head(rng);
    head.to(0.5 * (10.8 + foot), 0.5 * (low + 20.0))
        .to(foot, 20.0)
}

fn curved(rng: &mut Rng) -> Glyph {
    let foot = rng.uniform(2.5, 8.0);
    let (head, low) = head(rng);
    head.to(10.4, low + 1.5)
        .to(0.4 * 10.4 + 0.6 * foot, 0.4 * low + 12.0)
        .to(foot, 20.0)
}

/// The tail turns at the bottom and runs far to the left, and may rise there.
fn hooked(rng: &mut Rng) -> Glyph {
    let (end, rise) = (rng.uniform(-3.0, 4.5), rng.uniform(-0.5, 4.5));
    let right = rng.uniform(9.0, 11.4);
    let (head, low) = head(rng);
    let turn = rng.uniform(0.6, 0.85);
    head.to(right, low + 0.3 * (20.0 - low))
        .to(right - 0.7, low + turn * (20.0 - low))
        .to(0.5 * (right + end) + rng.uniform(0.0, 1.5), 19.8)
        .to(end, 20.0 - rise)
}

/// The head, with the pen back at its right, and how far down it reaches.
fn head(rng: &mut Rng) -> (Glyph, f32) {
    let (half, wide) = match rng.unit() {
        // Round; tiny; flattened.
        share if share < 0.55 => (rng.uniform(3.2, 5.8), rng.uniform(3.6, 6.2)),
        share if share < 0.75 => (rng.uniform(1.4, 3.2), rng.uniform(1.8, 3.8)),
        _ => (rng.uniform(1.1, 3.0), rng.uniform(4.0, 6.8)),
    };
    let start = rng.uniform(-85.0, 0.0);
    // An open head comes back to the right well below its start, or not quite to the right.
    let is_open = chance(rng, 0.25);
    let end = if is_open {
        rng.uniform(-320.0, -285.0)
    } else {
        rng.uniform(-352.0, -325.0)
    };
    let begun = Glyph::around([11.0 - wide, half], [wide, half], start, end);
    let height = if is_open {
        rng.uniform(0.7, 1.6)
    } else {
        rng.uniform(0.2, 1.0)
    };
    (begun.to(11.0, height * half), 2.0 * half)
}
