export type Point = [x: number, y: number];

/**
 * The part of the line from `from` to `to` that lies on a square sheet of this size, by Liang and Barsky's method (1984);
 * null if none does.
 */
export function clipped(from: Point, to: Point, size: number): [Point, Point] | null {
  let [enters, leaves] = [0, 1];
  for (const axis of [0, 1] as const) {
    const along = to[axis] - from[axis];
    const [low, high] = [-from[axis], size - from[axis]];
    if (along === 0) {
      if (low > 0 || high < 0) return null;
      continue;
    }
    enters = Math.max(enters, Math.min(low / along, high / along));
    leaves = Math.min(leaves, Math.max(low / along, high / along));
  }
  if (enters > leaves) return null;
  const at = (share: number): Point => [
    from[0] + share * (to[0] - from[0]),
    from[1] + share * (to[1] - from[1]),
  ];
  // The ends stay as they are where they lie on the sheet: arithmetic would move them a little.
  return [enters > 0 ? at(enters) : from, leaves < 1 ? at(leaves) : to];
}
