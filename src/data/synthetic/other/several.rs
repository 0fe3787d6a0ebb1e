//! More than one thing: digits or letters side by side, and digits that are crossed out, turned or mirrored.
use super::super::glyph::{Glyph, chance};
use super::super::style_of;
use super::form::{Form, drawn};
use crate::base::rng::Rng;

/// The left and right ends of a glyph.
fn ends(glyph: &Glyph) -> (f32, f32) {
    let points = glyph.0.iter().flatten();
    points.fold((f32::MAX, f32::MIN), |(low, high), &[x, _]| {
        (low.min(x), high.max(x))
    })
}

/// What stands beside what is there already, touching or a little apart.
fn beside(mut left: Glyph, right: Glyph, rng: &mut Rng) -> Glyph {
    let by = ends(&left).1 - ends(&right).0 + rng.uniform(-1.0, 5.0);
    let down = 1.5 * rng.normal();
    for mut stroke in right.0 {
        for [x, y] in &mut stroke {
            *x += by;
            *y += down;
        }
        left.0.push(stroke);
    }
    left
}

fn any_digit(rng: &mut Rng) -> Glyph {
    let digit = rng.below(10) as u8;
    style_of(digit, rng)(rng)
}

fn row(rng: &mut Rng, mut one: impl FnMut(&mut Rng) -> Glyph) -> Glyph {
    let first = one(rng);
    let more = if chance(rng, 0.75) { 1 } else { 2 };
    (0..more).fold(first, |row, _| {
        let next = one(rng);
        beside(row, next, rng)
    })
}

/// Two or three digits.
pub(super) fn digits(rng: &mut Rng) -> Glyph {
    row(rng, any_digit)
}

/// Two or three letters.
pub(super) fn word(rng: &mut Rng, letters: &[Form]) -> Glyph {
    row(rng, |rng| {
        drawn(letters[rng.below(letters.len() as u32) as usize], rng)
    })
}

/// A digit that is crossed out.
pub(super) fn crossed_out(rng: &mut Rng) -> Glyph {
    let digit = any_digit(rng);
    let (left, right) = ends(&digit);
    let (left, right) = (left - 2.0, right + 2.0);
    if chance(rng, 0.5) {
        return digit
            .lift(left, 2.0)
            .to(right, 18.0)
            .lift(right, 2.0)
            .to(left, 18.0);
    }
    let turns = 5 + rng.below(6) as usize;
    (0..turns).fold(digit.lift(left, rng.uniform(2.0, 8.0)), |glyph, turn| {
        let side = if turn % 2 == 0 { right } else { left };
        glyph.to(
            side + rng.normal(),
            6.0 + 10.0 * turn as f32 / turns as f32 + rng.normal(),
        )
    })
}

/// Two digits on the same place, or a digit with three strokes that do not belong to it.
pub(super) fn overlaid(rng: &mut Rng) -> Glyph {
    let mut digit = any_digit(rng);
    if chance(rng, 0.5) {
        let (right, down) = (3.0 * rng.normal(), 3.0 * rng.normal());
        let moved = |&[x, y]: &[f32; 2]| [x + right, y + down];
        let other = any_digit(rng).0;
        digit.0.extend(
            other
                .iter()
                .map(|stroke| stroke.iter().map(moved).collect()),
        );
        return digit;
    }
    (0..3).fold(digit, |glyph, _| {
        let mut anywhere = || (rng.uniform(-3.0, 16.0), rng.uniform(-3.0, 23.0));
        let ((x, y), (to, down)) = (anywhere(), anywhere());
        glyph.lift(x, y).to(to, down)
    })
}

/// A digit that lies on its side, stands on its head or is mirrored, where that is no other digit.
pub(super) fn turned(rng: &mut Rng) -> Glyph {
    type Turn = fn([f32; 2]) -> [f32; 2];
    let (digits, turn): (&[u8], Turn) = match rng.below(4) {
        0 => (&[2, 3, 4, 5, 6, 7, 8, 9], |[x, y]| [y, -x]),
        1 => (&[2, 3, 4, 5, 6, 7, 8, 9], |[x, y]| [-y, x]),
        2 => (&[3, 4, 7], |[x, y]| [-x, -y]),
        _ => (&[3, 4, 7, 9], |[x, y]| [-x, y]),
    };
    let digit = digits[rng.below(digits.len() as u32) as usize];
    let mut glyph = style_of(digit, rng)(rng);
    for point in glyph.0.iter_mut().flatten() {
        *point = turn(*point);
    }
    glyph
}
