//! Closed lines that are no oval: blobs, clouds, moons, polygons, and the same on both sides.
use super::super::glyph::{Glyph, chance};
use super::scribbles::many;
use crate::base::rng::Rng;
use crate::data::digit::Point;
use alloc::vec::Vec;
use core::f32::consts::{PI, TAU};

/// The kinds of outlines.
pub(super) const OUTLINES: &[fn(&mut Rng) -> Glyph] = &[
    blob, lobes, cornered, stepped, lens, drop, symmetric, mirrored,
];

/// Closes a line of points.
pub(super) fn closed(mut points: Vec<Point>) -> Glyph {
    points.extend(points.first().copied());
    Glyph(alloc::vec![points])
}

/// Points of a closed line around the middle of the box, at this distance from it for each angle.
pub(super) fn around(count: usize, reach: impl Fn(f32) -> f32) -> Vec<Point> {
    let point = |at: usize| {
        let angle = TAU * at as f32 / count as f32;
        let reach = 10.0 * reach(angle);
        [reach * libm::cosf(angle), reach * libm::sinf(angle)]
    };
    (0..count).map(point).collect()
}

/// A hull with dents and bulges, three or more: two would be an oval.
fn blob(rng: &mut Rng) -> Glyph {
    let waves: Vec<(f32, f32, f32)> = (0..2)
        .map(|_| {
            (
                many(rng, 3, 6) as f32,
                rng.uniform(0.08, 0.25),
                rng.uniform(0.0, TAU),
            )
        })
        .collect();
    let flat = rng.uniform(0.6, 1.0);
    let points = around(40, |angle| {
        waves.iter().fold(1.0, |sum, (count, deep, phase)| {
            sum + deep * libm::cosf(count * angle + phase)
        })
    });
    closed(points.iter().map(|&[x, y]| [x, flat * y]).collect())
}

/// Arcs side by side on a ring, outwards or inwards: flowers, clouds, gears. Some are flat below.
fn lobes(rng: &mut Rng) -> Glyph {
    let count = many(rng, 4, 9) as f32;
    let deep = rng.uniform(0.15, 0.4) * if chance(rng, 0.7) { 1.0 } else { -1.0 };
    let (phase, flat) = (rng.uniform(0.0, PI), rng.uniform(0.55, 1.0));
    let floor = if chance(rng, 0.35) {
        rng.uniform(-1.0, 5.0)
    } else {
        20.0
    };
    let points = around(64, |angle| {
        1.0 + deep * libm::fabsf(libm::sinf(0.5 * count * angle + phase))
    });
    let level = |&[x, y]: &Point| [x, (flat * y).min(floor)];
    closed(points.iter().map(level).collect())
}

/// Straight sides: a curve through corners alone would round them off.
fn straight(corners: &[Point]) -> Vec<Point> {
    let mut points = Vec::new();
    for (at, from) in corners.iter().enumerate() {
        let to = corners.get(at + 1).or(corners.first()).unwrap_or(from);
        for share in [0.0, 0.12, 0.88] {
            points.push([
                from[0] + share * (to[0] - from[0]),
                from[1] + share * (to[1] - from[1]),
            ]);
        }
    }
    points
}

/// A polygon with straight sides, some of its corners drawn in.
fn cornered(rng: &mut Rng) -> Glyph {
    let count = many(rng, 3, 10);
    let (turned, notched) = (rng.uniform(0.0, TAU), chance(rng, 0.5));
    let corners: Vec<Point> = (0..count)
        .map(|at| {
            let angle = turned + TAU * (at as f32 + 0.25 * rng.normal()) / count as f32;
            let least = if notched && at % 2 == 0 { 0.35 } else { 0.8 };
            let reach = 10.0 * rng.uniform(least, 1.0);
            [reach * libm::cosf(angle), reach * libm::sinf(angle)]
        })
        .collect();
    closed(straight(&corners))
}

/// A skyline: up and down at right angles, or with gables, and a floor.
fn stepped(rng: &mut Rng) -> Glyph {
    let (count, high) = (many(rng, 2, 5), rng.uniform(8.0, 20.0));
    let wide = rng.uniform(12.0, 20.0);
    let mut corners = alloc::vec![[0.0, high]];
    for step in 0..count {
        let level = rng.uniform(0.0, 0.7) * high;
        let (from, to) = (step as f32 / count as f32, (step + 1) as f32 / count as f32);
        corners.push([wide * from, level]);
        if chance(rng, 0.3) {
            corners.push([wide * 0.5 * (from + to), level - rng.uniform(2.0, 6.0)]);
        }
        corners.push([wide * to, level]);
    }
    corners.push([wide, high]);
    let turned = if chance(rng, 0.7) {
        0.0
    } else {
        0.5 * PI * many(rng, 1, 3) as f32
    };
    let (cos, sin) = (libm::cosf(turned), libm::sinf(turned));
    for point in &mut corners {
        let [x, y] = *point;
        *point = [cos * x - sin * y, sin * x + cos * y];
    }
    closed(straight(&corners))
}

/// Two arcs between the same ends: a lens, a leaf, a moon; some leaves have a vein.
fn lens(rng: &mut Rng) -> Glyph {
    let turned = rng.uniform(0.0, TAU);
    let (cos, sin) = (libm::cosf(turned), libm::sinf(turned));
    let place = |along: f32, across: f32| [cos * along - sin * across, sin * along + cos * across];
    let (one, other) = (rng.uniform(3.0, 11.0), rng.uniform(-7.0, 7.0));
    let arc = |bulge: f32, share: f32| {
        place(
            10.0 * (2.0 * share - 1.0),
            bulge * libm::sinf(PI * share.clamp(0.0, 1.0)),
        )
    };
    let mut points: Vec<Point> = (0..=8).map(|at| arc(one, at as f32 / 8.0)).collect();
    points.extend((1..8).rev().map(|at| arc(other, at as f32 / 8.0)));
    let leaf = closed(points);
    if chance(rng, 0.3) {
        let [[x, y], [to, down]] = [
            arc(0.5 * (one + other), 0.0),
            place(rng.uniform(2.0, 14.0), 0.0),
        ];
        return leaf.lift(x, y).to(to, down);
    }
    leaf
}

/// Straight to a tip on one side and round on the other: drops, cones, shields.
fn drop(rng: &mut Rng) -> Glyph {
    let (turned, wide) = (rng.uniform(0.0, TAU), rng.uniform(4.0, 9.0));
    let (cos, sin) = (libm::cosf(turned), libm::sinf(turned));
    let long = rng.uniform(9.0, 18.0);
    let mut points = alloc::vec![
        [0.0, -long],
        [0.1 * wide, -0.9 * long],
        [0.88 * wide, -0.12 * long]
    ];
    points.extend((0..=6).map(|at| {
        let angle = PI * at as f32 / 6.0;
        [wide * libm::cosf(angle), wide * libm::sinf(angle)]
    }));
    points.extend([[-0.88 * wide, -0.12 * long], [-0.1 * wide, -0.9 * long]]);
    let mut cone = closed(points);
    // A line between the straight part and the round one.
    if chance(rng, 0.3) {
        cone = cone.lift(-wide, 0.0).to(wide, 0.0);
    }
    for point in cone.0.iter_mut().flatten() {
        let [x, y] = *point;
        *point = [cos * x - sin * y, sin * x + cos * y];
    }
    cone
}

/// A few points down one side.
fn flank(rng: &mut Rng, least: u32, most: u32) -> Vec<Point> {
    let count = many(rng, least, most);
    let mut points: Vec<Point> = (0..count)
        .map(|at| {
            let down = 20.0 * (at as f32 + 0.5 + 0.3 * rng.normal()) / count as f32;
            [rng.uniform(1.0, 11.0), down]
        })
        .collect();
    if chance(rng, 0.4) {
        points = straight(&points);
        points.truncate(3 * count - 2);
    }
    points
}

const fn to_left([x, y]: Point) -> Point {
    [-x, y]
}

/// An outline that is the same on both sides: vases, bells, butterflies, masks.
fn symmetric(rng: &mut Rng) -> Glyph {
    let right = flank(rng, 3, 7);
    let mut points = alloc::vec![[0.0, rng.uniform(-3.0, 6.0)]];
    points.extend(right.iter().copied());
    points.push([0.0, rng.uniform(14.0, 23.0)]);
    points.extend(right.iter().rev().copied().map(to_left));
    let outline = closed(points);
    if chance(rng, 0.25) {
        return outline.lift(0.0, 1.0).to(0.0, 19.0);
    }
    outline
}

/// One or two lines beside an axis, and the same lines on its other side.
fn mirrored(rng: &mut Rng) -> Glyph {
    let mut glyph = Glyph(Vec::new());
    for _ in 0..many(rng, 1, 2) {
        let line = flank(rng, 3, 5);
        glyph.0.push(line.iter().copied().map(to_left).collect());
        glyph.0.push(line);
    }
    if chance(rng, 0.5) {
        let (from, to) = (rng.uniform(-4.0, 8.0), rng.uniform(12.0, 24.0));
        glyph = glyph.lift(0.0, from).to(0.0, to);
    }
    glyph
}
