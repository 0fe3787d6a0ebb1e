/** Pictures that are like one: what the same hand might have drawn a moment later. */
import { digit } from '../../data/drawing.js';
import type { Draws } from '../../data/draws.js';
import type { Stroke } from '../protocol.js';
import { boxOf } from './blobs.js';

/** Height and width of a picture, and its pixels. */
const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** How far likes go: turned, as the tangent of half the angle; slanted; wider or higher, as a share; moved, in pixels. */
const TURN = 0.08;
const SLANT = 0.18;
const STRETCH = 0.14;
const MOVE = 1.4;
/** How far a hand strays, as a share of the drawing's size, and how many points it takes to stray elsewhere. */
const STRAY = 0.025;
const KNOTS = 5;

/** What is taught: a drawing, or a picture of which only the pixels are known. */
export type Original = { strokes: Stroke[] } | { pixels: Float32Array };

/** A number from −1 to 1, more often near 0. */
const around = (draws: Draws): number => (draws.next() + draws.next()) / 2 ** 32 - 1;

/** A map of the plane that keeps lines straight. */
export type Affine = [xx: number, xy: number, yx: number, yy: number];

function drawn(draws: Draws): Affine {
  const [turn, slant] = [TURN * around(draws), SLANT * around(draws)];
  const [wide, high] = [1 + STRETCH * around(draws), 1 + STRETCH * around(draws)];
  // Without sines, of which engines have their own.
  const [cos, sin] = [(1 - turn * turn) / (1 + turn * turn), (2 * turn) / (1 + turn * turn)];
  return [wide * cos, slant * cos - high * sin, wide * sin, slant * sin + high * cos];
}

/** The picture of the original itself, 0 to 1. */
export const pictureOf = (original: Original): Float32Array =>
  'pixels' in original ? original.pixels : (digit(original.strokes).dataSync() as Float32Array);

/** A picture like the original. */
export function like(original: Original, draws: Draws): Float32Array {
  const affine = drawn(draws);
  if ('pixels' in original)
    return warped(original.pixels, affine, MOVE * around(draws), MOVE * around(draws));
  const picture = digit(redrawn(original.strokes, affine, draws)).dataSync() as Float32Array;
  // A drawing is centred by its mass, and scans of others lie a little beside that.
  return warped(picture, [1, 0, 0, 1], (MOVE / 2) * around(draws), (MOVE / 2) * around(draws));
}

/** Hands leave some hundred points. Of a drawing that has more than these, one in so many is enough for what is like it. */
const POINTS = 2000;

function thinned(strokes: Stroke[]): Stroke[] {
  const every = Math.ceil(strokes.reduce((sum, { length }) => sum + length, 0) / POINTS);
  if (every <= 1) return strokes;
  return strokes.map((stroke) => stroke.filter((_, at) => at % every === 0 || at === stroke.length - 1));
}

/** The same strokes by a hand that is not quite steady. */
function redrawn(given: Stroke[], [xx, xy, yx, yy]: Affine, draws: Draws): Stroke[] {
  const strokes = thinned(given);
  const { left, top, right, bottom } = boxOf(strokes);
  const size = Math.max(right - left, bottom - top, 1e-6);
  return strokes.map((stroke) => {
    // Between some points where it strays at random, it does so smoothly.
    const knots = Array.from({ length: KNOTS }, () => [
      STRAY * size * around(draws),
      STRAY * size * around(draws),
    ]);
    return stroke.map(([x, y], at): [number, number] => {
      const way = ((KNOTS - 1) * at) / Math.max(1, stroke.length - 1);
      const [knot, share] = [
        Math.min(KNOTS - 2, Math.floor(way)),
        way - Math.min(KNOTS - 2, Math.floor(way)),
      ];
      const stray = (axis: 0 | 1): number =>
        knots[knot]![axis]! * (1 - share) + knots[knot + 1]![axis]! * share;
      const [px, py] = [x - left, y - top];
      return [xx * px + xy * py + stray(0), yx * px + yy * py + stray(1)];
    });
  });
}

/** A picture turned, slanted and stretched around its middle, and moved; between pixels in straight lines. */
export function warped(
  pixels: Float32Array,
  [xx, xy, yx, yy]: Affine,
  right: number,
  down: number,
): Float32Array {
  const scale = 1 / (xx * yy - xy * yx);
  const middle = (SIDE - 1) / 2;
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : pixels[y * SIDE + x]!;
  return Float32Array.from({ length: PIXELS }, (_, place) => {
    const [x, y] = [(place % SIDE) - middle - right, Math.floor(place / SIDE) - middle - down];
    const [fromX, fromY] = [middle + scale * (yy * x - xy * y), middle + scale * (xx * y - yx * x)];
    const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
    const [over, below] = [fromX - left, fromY - top];
    const row = (line: number): number => at(left, line) * (1 - over) + at(left + 1, line) * over;
    return row(top) * (1 - below) + row(top + 1) * below;
  });
}
