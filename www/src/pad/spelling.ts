/** A drawing as short text, for addresses: points of a sheet of 4096 × 4096, two letters a coordinate, strokes between dots. */
import type { Stroke } from 'mapling/trainer';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~';
const SIDE = LETTERS.length ** 2 - 1;
/** How far a point may lie from the line that takes its place, as a share of the sheet: less than the eye sees. */
const STRAY = 0.002;
const MOST_STROKES = 40;
const MOST_LETTERS = 6000;

type Point = [number, number];

function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = Math.hypot(dx, dy);
  return length === 0 ? Math.hypot(x - ax, y - ay) : Math.abs(dx * (y - ay) - dy * (x - ax)) / length;
}

/** The points of a line that its shape needs (Douglas and Peucker 1973). */
function needed(points: readonly Point[], stray: number): Point[] {
  const kept = new Set([0, points.length - 1]);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let part = open.pop(); part; part = open.pop()) {
    const [from, to] = part;
    let [farthest, most] = [-1, stray];
    for (let at = from + 1; at < to; at++) {
      const off = distance(points[at]!, points[from]!, points[to]!);
      if (off > most) [farthest, most] = [at, off];
    }
    if (farthest < 0) continue;
    kept.add(farthest);
    open.push([from, farthest], [farthest, to]);
  }
  return points.filter((_, at) => kept.has(at));
}

const letters = (share: number): string => {
  const value = Math.round(Math.min(1, Math.max(0, share)) * SIDE);
  return LETTERS[Math.floor(value / LETTERS.length)]! + LETTERS[value % LETTERS.length]!;
};

/** Strokes on a sheet of this size as text; empty where that would be too long for an address. */
export function spelledInk(strokes: readonly Stroke[], size: number): string {
  const text = strokes
    .filter((stroke) => stroke.length > 0)
    .map((stroke) =>
      needed(stroke, STRAY * size)
        .map(([x, y]) => letters(x / size) + letters(y / size))
        .join(''),
    )
    .join('.');
  return text.length <= MOST_LETTERS ? text : '';
}

/** Strokes on a sheet of this size; null for a text that spells none. */
export function strokesFrom(text: string, size: number): Stroke[] | null {
  const parts = text.split('.');
  if (text.length > MOST_LETTERS || parts.length > MOST_STROKES) return null;
  if (!parts.every((part) => /^(?:[\w~]{4})+$/.test(part))) return null;
  return parts.map((part) => {
    const numbers = Array.from(part.matchAll(/../g), ([two]) => {
      const value = LETTERS.indexOf(two[0]!) * LETTERS.length + LETTERS.indexOf(two[1]!);
      return (value / SIDE) * size;
    });
    return Array.from(
      { length: numbers.length / 2 },
      (_, at): Point => [numbers[2 * at]!, numbers[2 * at + 1]!],
    );
  });
}
