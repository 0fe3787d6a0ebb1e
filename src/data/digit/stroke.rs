//! From what a pointer reports to the line that a pen would have left.
//!
//! A slow hand gives hundreds of trembling points; a fast hand gives a handful, and straight lines between them
//! would cut every bend. Both become a smooth line. Lengths are pixels of the 20×20 box that the digit will fill.
use super::Point;
use crate::base::error::Result;
use crate::memory::vector;
use alloc::vec::Vec;

/// Points closer than this are one: finer detail than a third of the pen's width is noise.
const GRAIN: f32 = 0.8;
/// Points farther apart than this are taken as they are: a tremble is smaller.
const SPARSE: f32 = 2.5;
/// Turns between sparse points sharper than this (75°) are corners, gentler ones belong to a bend.
const CORNER_COSINE: f32 = 0.26;
/// The longest piece of a bend that may be drawn as a straight line.
const PIECE: f32 = 0.7;

/// The line through one stroke's points.
///
/// # Errors
/// `Value` where the line does not fit into memory.
pub(super) fn smooth(points: &[Point]) -> Result<Vec<Point>> {
    let line = still(&thin(points)?)?;
    let pieces = line.windows(2).map(|pair| pieces(pair[0], pair[1]));
    let mut curve = vector("digit", 1 + pieces.sum::<usize>())?;
    bend_into(&mut curve, &line);
    Ok(curve)
}

/// Replaces each run of points that lie within one grain by its mean; the ends stay where they are.
fn thin(points: &[Point]) -> Result<Vec<Point>> {
    let mean = |(sum, count): (Point, f32)| [sum[0] / count, sum[1] / count];
    let mut line = vector("digit", points.len() + 1)?;
    // The run at hand: where it began, the sum of its points, and how many there are.
    let (mut start, mut run) = ([0.0; 2], None);
    for &point in points {
        run = match run {
            Some((sum, count)) if distance(start, point) < GRAIN => {
                let sum: Point = sum;
                Some(([sum[0] + point[0], sum[1] + point[1]], count + 1.0))
            }
            before => {
                line.extend(before.map(mean));
                start = point;
                Some((point, 1.0))
            }
        };
    }
    // The last run gives way to the stroke's end, unless there is no other.
    if line.is_empty() {
        line.extend(run.map(mean));
    }
    line.extend(points.last());
    if let (Some(start), Some(&first)) = (line.first_mut(), points.first()) {
        *start = first;
    }
    Ok(line)
}

/// Takes the tremble out of dense points: each point moves half-way to the middle of its two neighbours.
fn still(line: &[Point]) -> Result<Vec<Point>> {
    let mut stilled = vector("digit", line.len())?;
    stilled.extend_from_slice(line);
    for (middle, triple) in stilled.iter_mut().skip(1).zip(line.windows(3)) {
        let &[before, here, after] = triple else {
            continue;
        };
        if distance(before, here) < SPARSE && distance(here, after) < SPARSE {
            let mean = |axis: usize| 0.25 * (before[axis] + after[axis]) + 0.5 * here[axis];
            *middle = [mean(0), mean(1)];
        }
    }
    Ok(stilled)
}

/// A centripetal Catmull-Rom spline (Yuksel, Schaefer and Keyser 2011: no cusps, no loops) through
/// all points, broken at corners.
pub(in crate::data) fn bend(line: &[Point]) -> Vec<Point> {
    let mut curve = Vec::new();
    bend_into(&mut curve, line);
    curve
}

/// How many straight pieces a bend between two points is drawn with.
fn pieces(from: Point, to: Point) -> usize {
    libm::ceilf(distance(from, to) / PIECE).max(1.0) as usize
}

/// Adds what [`bend`] gives to the end of `curve`.
fn bend_into(curve: &mut Vec<Point>, line: &[Point]) {
    curve.extend(line.first());
    for (index, pair) in line.windows(2).enumerate() {
        let &[from, to] = pair else { continue };
        // Beyond an end or a corner the spline continues as a mirror image, which leaves it straight.
        let mirrored =
            |end: Point, other: Point| [2.0 * end[0] - other[0], 2.0 * end[1] - other[1]];
        let before = index.checked_sub(1).and_then(|i| line.get(i)).copied();
        let before = before
            .filter(|&b| !corner(b, from, to))
            .unwrap_or(mirrored(from, to));
        let after = line.get(index + 2).copied();
        let after = after
            .filter(|&a| !corner(from, to, a))
            .unwrap_or(mirrored(to, from));
        let pieces = pieces(from, to);
        let spline = catmull_rom([before, from, to, after]);
        curve.extend((1..pieces).map(|piece| spline(piece as f32 / pieces as f32)));
        curve.push(to);
    }
}

fn corner(before: Point, here: Point, after: Point) -> bool {
    let (a, b) = (
        [here[0] - before[0], here[1] - before[1]],
        [after[0] - here[0], after[1] - here[1]],
    );
    a[0] * b[0] + a[1] * b[1] < CORNER_COSINE * distance(before, here) * distance(here, after)
}

/// Where the spline is between the two inner points, at 0 to 1, by the pyramid of Barry and Goldman (1988).
fn catmull_rom([p0, p1, p2, p3]: [Point; 4]) -> impl Fn(f32) -> Point {
    let knot = |a, b| libm::sqrtf(distance(a, b)).max(1e-3);
    let t1 = knot(p0, p1);
    let t2 = t1 + knot(p1, p2);
    let t3 = t2 + knot(p2, p3);
    move |t| {
        let t = t1 + (t2 - t1) * t;
        let mix = |a: Point, b: Point, from: f32, to: f32| {
            let share = (t - from) / (to - from);
            [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
        };
        let (a, b, c) = (
            mix(p0, p1, 0.0, t1),
            mix(p1, p2, t1, t2),
            mix(p2, p3, t2, t3),
        );
        mix(mix(a, b, 0.0, t2), mix(b, c, t1, t3), t1, t2)
    }
}

fn distance(a: Point, b: Point) -> f32 {
    let (x, y) = (b[0] - a[0], b[1] - a[1]);
    libm::sqrtf(x * x + y * y)
}
