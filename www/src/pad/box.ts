/** Where a drawing lies. It may have more points than a function takes arguments. */
import type { Stroke } from 'mapling/trainer';

export function boxOf(strokes: readonly Stroke[]): {
  left: number;
  top: number;
  right: number;
  bottom: number;
} {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const stroke of strokes)
    for (const [x, y] of stroke) {
      box.left = Math.min(box.left, x);
      box.top = Math.min(box.top, y);
      box.right = Math.max(box.right, x);
      box.bottom = Math.max(box.bottom, y);
    }
  return box;
}
