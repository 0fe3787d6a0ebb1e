//! Signs as a table: each is the strokes that a pen goes through, which every hand draws a little differently.
use super::super::glyph::Glyph;
use crate::base::rng::Rng;
use alloc::vec::Vec;

/// A sign's strokes, each a few points `[x, y]` in pixels of a box about 20 high, y downwards. Gentle turns become bends,
/// turns sharper than 75° are corners; one point is a dot.
pub(super) type Form = &'static [&'static [[i8; 2]]];

/// How far, in pixels, a hand's idea of a sign differs from the table at each point, besides its tremble.
const OWN: f32 = 0.7;

/// Draws a form, stretched by a hand's own proportions. Half of the hands leave no stroke where it is.
pub(super) fn drawn(form: Form, rng: &mut Rng) -> Glyph {
    let (wide, high) = (rng.uniform(0.75, 1.3), rng.uniform(0.8, 1.2));
    let apart = if rng.unit() < 0.5 { 0.0 } else { 0.8 };
    let strokes = form.iter().map(|stroke| {
        let (dx, dy) = (apart * rng.normal(), apart * rng.normal());
        let point = |&[x, y]: &[i8; 2]| {
            [
                wide * f32::from(x) + dx + OWN * rng.normal(),
                high * f32::from(y) + dy + OWN * rng.normal(),
            ]
        };
        stroke.iter().map(point).collect::<Vec<_>>()
    });
    Glyph(strokes.collect())
}
