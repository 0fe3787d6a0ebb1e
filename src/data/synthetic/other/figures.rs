//! Things made of parts, as people and animals, plants and tools are: outlines with something in them or on them, trunks
//! with branches, and signs of no script.
use super::super::glyph::{Glyph, chance};
use super::outlines::{OUTLINES, around, closed};
use super::scribbles::many;
use crate::base::rng::Rng;
use crate::data::digit::Point;
use alloc::vec::Vec;
use core::f32::consts::TAU;

/// The kinds of figures.
pub(super) const FIGURES: &[fn(&mut Rng) -> Glyph] =
    &[filled, handled, stacked, branched, comb, body, sign, sign];

/// Places a part: as large as `size`, around `middle`.
fn placed(part: Glyph, size: f32, middle: Point) -> Vec<Vec<Point>> {
    let all = || part.0.iter().flatten();
    let ends = |axis: usize| {
        all().fold((f32::MAX, f32::MIN), |(low, high), point| {
            (low.min(point[axis]), high.max(point[axis]))
        })
    };
    let [(left, right), (top, bottom)] = [ends(0), ends(1)];
    let scale = size / (right - left).max(bottom - top).max(0.1);
    let place = |&[x, y]: &Point| {
        [
            middle[0] + scale * (x - 0.5 * (left + right)),
            middle[1] + scale * (y - 0.5 * (top + bottom)),
        ]
    };
    part.0
        .iter()
        .map(|stroke| stroke.iter().map(place).collect())
        .collect()
}

fn oval(rng: &mut Rng) -> Glyph {
    let flat = rng.uniform(0.6, 1.0);
    let points = around(16, |_| 1.0);
    if chance(rng, 0.5) {
        closed(points.iter().map(|&[x, y]| [x, flat * y]).collect())
    } else {
        closed(points.iter().map(|&[x, y]| [flat * x, y]).collect())
    }
}

/// A hull: an oval, a box, or any outline.
fn hull(rng: &mut Rng) -> Glyph {
    match rng.below(4) {
        0 | 1 => oval(rng),
        2 => {
            let (wide, high) = (rng.uniform(8.0, 20.0), rng.uniform(8.0, 20.0));
            closed(alloc::vec![
                [0.0, 0.0],
                [wide, 0.0],
                [wide, high],
                [0.0, high]
            ])
        }
        _ => outline(rng),
    }
}

fn outline(rng: &mut Rng) -> Glyph {
    OUTLINES[rng.below(OUTLINES.len() as u32) as usize](rng)
}

/// A small part: a dot, a ring, a line, a bow, an angle.
fn part(rng: &mut Rng) -> Glyph {
    let (from, to) = (rng.uniform(0.0, 360.0), rng.uniform(70.0, 240.0));
    match rng.below(6) {
        0 => Glyph::at(0.0, 0.0),
        1 => oval(rng),
        2 | 3 => Glyph::at(0.0, 0.0).to(10.0 * rng.normal(), 10.0 * rng.normal()),
        4 => Glyph::around([0.0, 0.0], [10.0, rng.uniform(3.0, 10.0)], from, from + to),
        _ => Glyph::at(10.0 * rng.normal(), 0.0)
            .to(5.0 * rng.normal(), 10.0)
            .to(10.0 * rng.normal(), 10.0 * rng.normal()),
    }
}

/// A hull with two to five parts in it, or lines across: faces, windows, wheels, clocks.
fn filled(rng: &mut Rng) -> Glyph {
    let mut whole = placed(hull(rng), 20.0, [0.0, 0.0]);
    for _ in 0..many(rng, 2, 5) {
        let middle = [rng.uniform(-5.0, 5.0), rng.uniform(-5.0, 5.0)];
        let size = rng.uniform(2.5, 9.0);
        whole.extend(placed(part(rng), size, middle));
    }
    // Many things are the same on both sides.
    if chance(rng, 0.35) {
        let (x, y) = (rng.uniform(2.5, 5.5), rng.uniform(-5.0, 5.0));
        let (eye, size) = (part(rng), rng.uniform(1.5, 4.0));
        whole.extend(placed(Glyph(eye.0.clone()), size, [x, y]));
        whole.extend(placed(eye, size, [-x, y]));
    }
    Glyph(whole)
}

/// A hull on whose edge something sits: legs, ears, rays, stems, handles.
fn handled(rng: &mut Rng) -> Glyph {
    let is_plain = chance(rng, 0.5);
    let body = if is_plain { oval(rng) } else { outline(rng) };
    let mut whole = placed(body, 16.0, [0.0, 0.0]);
    let edge: Vec<Point> = whole.first().cloned().unwrap_or_default();
    // One stem on an oval would be a 6 or a 9.
    let least = if is_plain { 3 } else { 1 };
    for _ in 0..many(rng, least, 5) {
        let Some(&[x, y]) = edge.get(rng.below(edge.len().max(1) as u32) as usize) else {
            continue;
        };
        let long = rng.uniform(0.25, 0.9);
        match rng.below(4) {
            0 | 1 => {
                let bend = 2.0 * rng.normal();
                whole.push(alloc::vec![
                    [x, y],
                    [x * (1.0 + 0.5 * long) + bend, y * (1.0 + 0.5 * long) + bend],
                    [x * (1.0 + long), y * (1.0 + long)],
                ]);
            }
            2 => {
                let size = rng.uniform(3.0, 8.0);
                whole.extend(placed(hull(rng), size, [1.3 * x, 1.3 * y]));
            }
            _ => {
                let apart = rng.uniform(2.0, 5.0);
                let tip = [x * (1.0 + long), y * (1.0 + long)];
                whole.push(alloc::vec![
                    [x - apart, y - 0.3 * apart],
                    tip,
                    [x + apart, y + 0.3 * apart],
                ]);
            }
        }
    }
    if chance(rng, 0.3) {
        let size = rng.uniform(3.0, 7.0);
        whole.extend(placed(
            part(rng),
            size,
            [2.0 * rng.normal(), 2.0 * rng.normal()],
        ));
    }
    Glyph(whole)
}

/// Hulls on each other, of which one is no oval, in a column, a row, or anywhere.
fn stacked(rng: &mut Rng) -> Glyph {
    let mut whole = Vec::new();
    let mut at = 0.0;
    let column = chance(rng, 0.7);
    for number in 0..many(rng, 2, 3) {
        let piece = if number == 0 { outline(rng) } else { hull(rng) };
        let size = rng.uniform(6.0, 14.0);
        let middle = at + 0.45 * size;
        let aside = 1.5 * rng.normal();
        at += 0.9 * size;
        whole.extend(placed(
            piece,
            size,
            if column {
                [aside, middle]
            } else {
                [middle, aside]
            },
        ));
    }
    if chance(rng, 0.5) {
        whole.reverse();
        for point in whole.iter_mut().flatten() {
            point[1] = -point[1];
        }
    }
    Glyph(whole)
}

/// A trunk with branches on it, each of which may branch again.
fn branched(rng: &mut Rng) -> Glyph {
    let turned = if chance(rng, 0.6) {
        0.25 * TAU
    } else {
        rng.uniform(0.0, TAU)
    };
    let trunk = bough([0.0, 0.0], turned + 0.1 * rng.normal(), 20.0, rng);
    let mut glyph = Glyph(alloc::vec![trunk.clone()]);
    let both = chance(rng, 0.4);
    for _ in 0..many(rng, 2, 5) {
        let from = trunk[rng.below(trunk.len() as u32) as usize];
        let (angle, long) = (rng.uniform(0.4, 2.2), rng.uniform(4.0, 13.0));
        let side = if chance(rng, 0.5) { 1.0 } else { -1.0 };
        let branch = bough(from, turned + side * angle, long, rng);
        if chance(rng, 0.25) {
            let twig = bough(branch[2], turned + side * (angle + 0.8), 0.5 * long, rng);
            glyph.0.push(twig);
        }
        glyph.0.push(branch);
        if both {
            glyph.0.push(bough(from, turned - side * angle, long, rng));
        }
    }
    glyph
}

/// A line from a point in a direction, a little bent: five points.
fn bough([x, y]: Point, angle: f32, long: f32, rng: &mut Rng) -> Vec<Point> {
    let bend = if chance(rng, 0.5) {
        0.0
    } else {
        0.5 * rng.normal()
    };
    (0..5)
        .map(|at| {
            let share = at as f32 / 4.0;
            let angle = angle + bend * share;
            [
                x + long * share * libm::cosf(angle),
                y + long * share * libm::sinf(angle),
            ]
        })
        .collect()
}

/// Teeth on a line, rungs between two lines, a grid.
fn comb(rng: &mut Rng) -> Glyph {
    let (count, long) = (many(rng, 2, 5), rng.uniform(5.0, 14.0));
    let upright = chance(rng, 0.5);
    let place = |along: f32, across: f32| {
        if upright {
            [across, along]
        } else {
            [along, across]
        }
    };
    let mut lines = alloc::vec![alloc::vec![place(0.0, 0.0), place(20.0, 0.0)]];
    if chance(rng, 0.5) {
        let beyond = if chance(rng, 0.5) {
            0.0
        } else {
            rng.uniform(0.0, 5.0)
        };
        lines.push(alloc::vec![
            place(0.0, long - beyond),
            place(20.0, long - beyond),
        ]);
    }
    let over = if chance(rng, 0.4) {
        rng.uniform(0.0, 6.0)
    } else {
        0.0
    };
    for tooth in 0..count {
        let along = 20.0 * (tooth as f32 + 0.5 + 0.15 * rng.normal()) / count as f32;
        let to = long * rng.uniform(0.8, 1.1);
        lines.push(alloc::vec![
            place(along, -over),
            place(along + rng.normal(), to),
        ]);
    }
    Glyph(lines)
}

/// A head, a body and limbs.
fn body(rng: &mut Rng) -> Glyph {
    let (head, size) = (hull(rng), rng.uniform(5.0, 9.0));
    let mut whole = placed(head, size, [0.0, 0.5 * size]);
    let foot = rng.uniform(12.0, 16.0);
    if chance(rng, 0.7) {
        whole.push(alloc::vec![[0.0, size], [rng.normal(), foot]]);
    } else {
        let middle = [0.0, 0.5 * (size + foot)];
        whole.extend(placed(hull(rng), foot - size, middle));
    }
    let limbs = [(size + 2.0, 0.7), (foot, 0.95)];
    for (from, chance_of) in limbs {
        if !chance(rng, chance_of) {
            continue;
        }
        let (wide, down) = (rng.uniform(3.0, 8.0), rng.uniform(-5.0, 7.0));
        let down = if from == foot { down.abs() + 1.0 } else { down };
        for side in [-1.0, 1.0] {
            let end = [
                side * wide + 0.7 * rng.normal(),
                from + down + 0.7 * rng.normal(),
            ];
            whole.push(alloc::vec![[0.0, from], end]);
        }
    }
    Glyph(whole)
}

/// A sign of no script, of more strokes than a digit has: lines and bows between the places of a grid.
fn sign(rng: &mut Rng) -> Glyph {
    let place = |rng: &mut Rng| {
        [
            6.0 * rng.below(3) as f32 + 0.8 * rng.normal(),
            10.0 * rng.below(3) as f32 + 0.8 * rng.normal(),
        ]
    };
    let mut glyph = Glyph(Vec::new());
    for _ in 0..many(rng, 3, 4) {
        let [x, y] = place(rng);
        glyph = glyph.lift(x, y);
        for _ in 0..many(rng, 1, 2) {
            let [x, y] = place(rng);
            glyph = glyph.to(x, y);
        }
    }
    if chance(rng, 0.4) {
        let middle = place(rng);
        glyph
            .0
            .extend(placed(part(rng), rng.uniform(3.0, 9.0), middle));
    }
    glyph
}
