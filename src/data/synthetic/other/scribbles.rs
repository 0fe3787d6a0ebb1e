//! What a hand draws that means nothing: walks, loops, zigzags, hatching, dots, and strokes that belong to no sign.
use super::super::glyph::{Glyph, chance};
use crate::base::rng::Rng;
use crate::data::digit::Point;
use alloc::vec::Vec;
use core::f32::consts::TAU;

/// The kinds of scribbles. Those with few strokes may look like a digit by chance, so each has more than any digit needs.
pub(super) const SCRIBBLES: &[fn(&mut Rng) -> Glyph] = &[
    walk, tangle, zigzag, loops, hatching, filled, dots, ticks, heap, polygon, burst, rings,
];

/// How many, at least and at most.
pub(super) fn many(rng: &mut Rng, least: u32, most: u32) -> usize {
    (least + rng.below(most - least + 1)) as usize
}

fn anywhere(rng: &mut Rng) -> Point {
    [rng.uniform(0.0, 18.0), rng.uniform(0.0, 20.0)]
}

/// A line that turns a little at each step, now to one side, now to the other.
fn walk(rng: &mut Rng) -> Glyph {
    let (mut at, mut heading, mut turn) = (anywhere(rng), rng.uniform(0.0, TAU), 0.0);
    let steps = many(rng, 14, 40);
    let step = rng.uniform(2.0, 4.5);
    let mut glyph = Glyph::at(at[0], at[1]);
    for _ in 0..steps {
        turn = 0.7 * turn + 0.5 * rng.normal();
        heading += turn;
        // What leaves the sheet turns back.
        let away = [at[0] - 9.0, at[1] - 10.0];
        if away[0] * away[0] + away[1] * away[1] > 110.0 {
            heading = libm::atan2f(-away[1], -away[0]) + 0.5 * rng.normal();
        }
        at = [
            at[0] + step * libm::cosf(heading),
            at[1] + step * libm::sinf(heading),
        ];
        glyph = glyph.to(at[0], at[1]);
    }
    glyph
}

/// One line through points anywhere.
fn tangle(rng: &mut Rng) -> Glyph {
    let start = anywhere(rng);
    let count = many(rng, 6, 16);
    (0..count).fold(Glyph::at(start[0], start[1]), |glyph, _| {
        let [x, y] = anywhere(rng);
        glyph.to(x, y)
    })
}

/// Back and forth, with corners or with bends, wherever the hand moves on to.
fn zigzag(rng: &mut Rng) -> Glyph {
    let (turns, angle) = (many(rng, 6, 16), rng.uniform(0.0, TAU));
    let (long, bent) = (rng.uniform(6.0, 18.0), chance(rng, 0.5));
    let (cos, sin) = (libm::cosf(angle), libm::sinf(angle));
    let place = |x: f32, y: f32| [cos * x - sin * y, sin * x + cos * y];
    let mut glyph = Glyph(alloc::vec![Vec::new()]);
    for turn in 0..turns {
        let across = 18.0 * turn as f32 / turns as f32 + 0.6 * rng.normal();
        let side = if turn % 2 == 0 { 0.5 } else { -0.5 };
        let [x, y] = place(across, long * (side + 0.12 * rng.normal()));
        glyph = glyph.to(x, y);
        if bent {
            let [x, y] = place(across + 0.8, 1.1 * long * side);
            glyph = glyph.to(x, y);
        }
    }
    glyph
}

/// A cord of loops, along a line or round and round.
fn loops(rng: &mut Rng) -> Glyph {
    let turns = rng.uniform(3.0, 8.0);
    let (wide, high) = (rng.uniform(2.0, 7.0), rng.uniform(2.0, 9.0));
    let (angle, length) = (rng.uniform(0.0, TAU), rng.uniform(0.0, 18.0));
    let pieces = libm::ceilf(13.0 * turns);
    let mut glyph = Glyph(alloc::vec![Vec::new()]);
    for piece in 0..=pieces as usize {
        let share = piece as f32 / pieces;
        let (sin, cos) = (
            libm::sinf(TAU * turns * share),
            libm::cosf(TAU * turns * share),
        );
        glyph = glyph.to(
            length * share * libm::cosf(angle) + wide * cos + 0.3 * rng.normal(),
            length * share * libm::sinf(angle) + high * sin + 0.3 * rng.normal(),
        );
    }
    glyph
}

/// Lines side by side, perhaps with others across.
fn hatching(rng: &mut Rng) -> Glyph {
    let mut glyph = Glyph(Vec::new());
    let layers = many(rng, 1, 2);
    for _ in 0..layers {
        let (count, angle) = (many(rng, 3, 7), rng.uniform(0.0, TAU));
        let (cos, sin) = (libm::cosf(angle), libm::sinf(angle));
        for line in 0..count {
            let across = 18.0 * (line as f32 / (count - 1) as f32 - 0.5);
            let (from, to) = (-9.0 + 1.5 * rng.normal(), 9.0 + 1.5 * rng.normal());
            glyph = glyph
                .lift(cos * from - sin * across, sin * from + cos * across)
                .to(cos * to - sin * across, sin * to + cos * across);
        }
    }
    glyph
}

/// A patch that the pen has filled.
fn filled(rng: &mut Rng) -> Glyph {
    let (wide, high) = (rng.uniform(4.0, 10.0), rng.uniform(4.0, 10.0));
    let rows = many(rng, 6, 12);
    let mut glyph = Glyph(alloc::vec![Vec::new()]);
    for row in 0..=rows {
        let level = 2.0 * row as f32 / rows as f32 - 1.0;
        let reach =
            wide * libm::sqrtf((1.0 - level * level).max(0.05)) * (1.0 + 0.15 * rng.normal());
        let side = if row % 2 == 0 { 1.0 } else { -1.0 };
        glyph = glyph
            .to(side * reach, high * level)
            .to(-side * reach, high * level);
    }
    glyph
}

fn dots(rng: &mut Rng) -> Glyph {
    let count = many(rng, 3, 12);
    (0..count).fold(Glyph(Vec::new()), |glyph, _| {
        let [x, y] = anywhere(rng);
        glyph.lift(x, y)
    })
}

/// Short strokes, each for itself.
fn ticks(rng: &mut Rng) -> Glyph {
    let count = many(rng, 4, 10);
    (0..count).fold(Glyph(Vec::new()), |glyph, _| {
        let [x, y] = anywhere(rng);
        let glyph = glyph.lift(x, y);
        glyph.to(x + 3.5 * rng.normal(), y + 3.5 * rng.normal())
    })
}

/// Lines, bows and rings laid over each other: parts that signs are made of, in no order.
fn heap(rng: &mut Rng) -> Glyph {
    let count = many(rng, 3, 6);
    (0..count).fold(Glyph(Vec::new()), |glyph, _| {
        let [x, y] = anywhere(rng);
        match rng.below(4) {
            0 | 1 => {
                let [to, down] = anywhere(rng);
                glyph.lift(x, y).to(to, down)
            }
            2 => {
                let radii = [rng.uniform(2.0, 9.0), rng.uniform(2.0, 9.0)];
                let from = rng.uniform(0.0, 360.0);
                let mut glyph = glyph;
                glyph.0.push(Vec::new());
                glyph.arc([x, y], radii, from, from + rng.uniform(90.0, 360.0))
            }
            _ => {
                let ([over, down], [to, end]) = (anywhere(rng), anywhere(rng));
                glyph.lift(x, y).to(over, down).to(to, end)
            }
        }
    })
}

/// A closed line with corners, most of them far out.
fn polygon(rng: &mut Rng) -> Glyph {
    let corners = many(rng, 3, 9);
    let (turned, deep) = (rng.uniform(0.0, TAU), rng.uniform(0.05, 0.5));
    let corner = |at: usize, reach: f32| {
        let angle = turned + TAU * at as f32 / corners as f32;
        [
            10.0 * reach * libm::cosf(angle),
            10.0 * reach * libm::sinf(angle),
        ]
    };
    let mut points: Vec<Point> = (0..corners)
        .map(|at| corner(at, 1.0 - deep * rng.unit()))
        .collect();
    points.extend(points.first().copied());
    Glyph(alloc::vec![points])
}

/// Lines from a middle outwards.
fn burst(rng: &mut Rng) -> Glyph {
    let (count, turned) = (many(rng, 5, 9), rng.uniform(0.0, TAU));
    let gap = if chance(rng, 0.5) {
        rng.uniform(1.0, 6.0)
    } else {
        0.0
    };
    (0..count).fold(Glyph(Vec::new()), |glyph, ray| {
        let angle = turned + TAU * ray as f32 / count as f32 + 0.12 * rng.normal();
        let reach = rng.uniform(7.0, 10.0);
        let (cos, sin) = (libm::cosf(angle), libm::sinf(angle));
        glyph
            .lift(gap * cos, gap * sin)
            .to(reach * cos, reach * sin)
    })
}

/// Rings in each other or side by side; two above each other would be an 8.
fn rings(rng: &mut Rng) -> Glyph {
    let count = many(rng, 2, 4);
    let apart = if chance(rng, 0.5) {
        0.0
    } else {
        rng.uniform(7.0, 12.0)
    };
    (0..count).fold(Glyph(Vec::new()), |mut glyph, ring| {
        let radius = if apart > 0.0 {
            rng.uniform(3.5, 6.0)
        } else {
            10.0 * (ring + 1) as f32 / count as f32
        };
        let from = rng.uniform(0.0, 360.0);
        glyph.0.push(Vec::new());
        let centre = [apart * ring as f32 + rng.normal(), rng.normal()];
        glyph.arc(
            centre,
            [radius, radius * rng.uniform(0.8, 1.2)],
            from,
            from + 365.0,
        )
    })
}
