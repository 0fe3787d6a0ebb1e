/** Which strokes of a drawing belong together: two digits side by side are read one after the other. Loaded when needed. */
import type { Stroke } from '../protocol.js';

/** Strokes nearer than this belong together. All lengths are shares of the height of the drawing's tallest part. */
const NEAR = 0.1;
/** Strokes that lie over each other by this share of the narrower one belong together too, such as the bar of a 5. */
const OVER = 0.3;
/** A part that is lower than this is no digit of its own. */
const TALL = 0.5;
/** Parts this far apart are two digits, even where both together look like one. */
export const FAR = 0.2;
/** Nearer parts may be two digits if there is this much paper between them, and if they overlap less than `BESIDE`. */
const PAPER = 0.03;
const BESIDE = 0.25;
/** The most digits in a row (`MOST`), and the most strokes that a drawing may have to be looked through for cuts (`FEW`). */
const MOST = 6;
const FEW = 8;

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export function boxOf(strokes: readonly Stroke[]): Box {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const [x, y] of strokes.flat()) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

const heightOf = (strokes: readonly Stroke[]): number => {
  const { top, bottom } = boxOf(strokes);
  return bottom - top;
};
const middleOf = (strokes: readonly Stroke[]): number => {
  const { left, right } = boxOf(strokes);
  return left + right;
};

type Point = [number, number];

/** The distance from a point to the segment between two other points. */
function toPiece([x, y]: Point, [fromX, fromY]: Point, [toX, toY]: Point): number {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const length = alongX * alongX + alongY * alongY;
  const share = length > 0 ? ((x - fromX) * alongX + (y - fromY) * alongY) / length : 0;
  const at = Math.min(1, Math.max(0, share));
  return Math.hypot(x - fromX - at * alongX, y - fromY - at * alongY);
}

/** By how much two boxes lie over each other, as a share of the narrower one's width, but at least `least` of that. */
function overlap(a: Box, b: Box, least: number): number {
  const over = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  return over / Math.max(Math.min(a.right - a.left, b.right - b.left), least);
}

/** Which side of a line a point is on. */
const side = ([x, y]: Point, [fromX, fromY]: Point, [toX, toY]: Point): number =>
  (toX - fromX) * (y - fromY) - (toY - fromY) * (x - fromX);

const cross = (a: Point, b: Point, c: Point, d: Point): boolean =>
  side(a, c, d) * side(b, c, d) < 0 && side(c, a, b) * side(d, a, b) < 0;

/** A long stroke as at most so many pieces: a scribble of thousands of points must not take longer than a digit. */
const PIECES = 32;
function thinned(stroke: Stroke): Stroke {
  if (stroke.length <= PIECES) return stroke;
  return Array.from(
    { length: PIECES },
    (_, at) => stroke[Math.round((at * (stroke.length - 1)) / (PIECES - 1))]!,
  );
}

/** How much paper lies between two strokes at least. */
function between(one: Stroke, other: Stroke): number {
  let least = Infinity;
  for (let at = 0; at < one.length; at++) {
    const [from, to] = [one[at]!, one[Math.min(at + 1, one.length - 1)]!];
    for (let place = 0; place < other.length; place++) {
      const [start, end] = [other[place]!, other[Math.min(place + 1, other.length - 1)]!];
      if (cross(from, to, start, end)) return 0;
      least = Math.min(least, toPiece(from, start, end), toPiece(start, from, to));
    }
  }
  return least;
}

/** How much paper lies between two groups of strokes at least, as a share of `height`. */
const gap = (one: readonly Stroke[], other: readonly Stroke[], height: number): number =>
  Math.min(...one.flatMap((a) => other.map((b) => between(thinned(a), thinned(b))))) / height;

/** The smallest gap between neighbours. */
export const leastGap = (parts: readonly Stroke[][]): number => {
  const height = Math.max(...parts.map(heightOf));
  return Math.min(...parts.slice(1).map((part, at) => gap(parts[at]!, part, height)));
};

const inRow = (parts: Stroke[][]): Stroke[][] => parts.sort((a, b) => middleOf(a) - middleOf(b));

/** The parts of a drawing that stand apart, from left to right; one part if it is one thing. */
export function apart(drawing: readonly Stroke[]): Stroke[][] {
  const strokes = drawing.filter((stroke) => stroke.length > 0);
  const tallest = Math.max(...strokes.map((stroke) => heightOf([stroke])));
  if (strokes.length < 2 || !(tallest > 0)) return [strokes];
  const belong = (one: Stroke, other: Stroke): boolean => {
    const over = overlap(boxOf([one]), boxOf([other]), NEAR * tallest);
    return over > OVER || between(thinned(one), thinned(other)) < NEAR * tallest;
  };
  let parts: Stroke[][] = [];
  for (const stroke of strokes) {
    const near = parts.filter((part) => part.some((other) => belong(stroke, other)));
    parts = [...parts.filter((part) => !near.includes(part)), [...near.flat(), stroke]];
  }
  // What is too low to be a digit belongs to what is nearest.
  const height = Math.max(...parts.map(heightOf));
  for (const low of parts.filter((part) => heightOf(part) < TALL * height)) {
    const others = parts.filter((part) => part !== low);
    const gaps = others.map((part) => gap(low, part, height));
    others[gaps.indexOf(Math.min(...gaps))]!.push(...low);
    parts = others;
  }
  return parts.length > MOST ? [strokes] : inRow(parts);
}

/** The two parts that a drawing falls into at each place where strokes hardly touch, widest gap first. */
export function cuts(drawing: readonly Stroke[]): Stroke[][][] {
  const strokes = drawing.filter((stroke) => stroke.length > 0);
  if (strokes.length > FEW) return [];
  const row = [...strokes].sort((a, b) => middleOf([a]) - middleOf([b]));
  const height = heightOf(row);
  return row
    .slice(1)
    .map((_, at) => [row.slice(0, at + 1), row.slice(at + 1)])
    .filter((parts) => parts.every((part) => heightOf(part) >= TALL * height))
    .filter(([left, right]) => overlap(boxOf(left!), boxOf(right!), NEAR * height) <= BESIDE)
    .map((parts) => ({ parts, paper: leastGap(parts) }))
    .filter(({ paper }) => paper >= PAPER)
    .sort((a, b) => b.paper - a.paper)
    .map(({ parts }) => parts);
}
