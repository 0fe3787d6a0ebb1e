/** The line along which a surface passes a level, as the path of a drawing: one piece for each cell that it crosses. */
export function contour(values: Float32Array, cells: number, level: number): string {
  const at = (x: number, y: number) => values[y * cells + x]! - level;
  const pieces: string[] = [];
  for (let y = 0; y + 1 < cells; y++) {
    for (let x = 0; x + 1 < cells; x++) {
      // Most cells lie on one side altogether.
      const isBelow = at(x, y) < 0;
      if (isBelow === at(x + 1, y) < 0 && isBelow === at(x + 1, y + 1) < 0 && isBelow === at(x, y + 1) < 0)
        continue;
      const corners = [
        [x, y],
        [x + 1, y],
        [x + 1, y + 1],
        [x, y + 1],
      ] as const;
      const ends: string[] = [];
      for (const [i, from] of corners.entries()) {
        const to = corners[(i + 1) % 4]!;
        const [a, b] = [at(...from), at(...to)];
        if (a < 0 === b < 0) continue;
        const share = a / (a - b);
        const place = ([0, 1] as const).map((axis) => from[axis] + share * (to[axis] - from[axis]) + 0.5);
        ends.push(place.map((value) => ((100 * value) / cells).toFixed(2)).join(' '));
      }
      for (let i = 0; i + 1 < ends.length; i += 2) pieces.push(`M${ends[i]}L${ends[i + 1]}`);
    }
  }
  return pieces.join('');
}
