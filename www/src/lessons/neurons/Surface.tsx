import { useEffect, useRef } from 'preact/hooks';
import { paintSigned } from '../../parts/paint';
import { theme, tokenRgb } from '../../state/theme';
import { CELLS } from './model';

/** Where half an answer lies, and how far answers reach from there. */
export const middleOf = (activation: string): number => (activation === 'sigmoid' ? 0.5 : 0);

/** A unit's answer over the plane: green where it is high, orange where it is low. */
export function Surface({ values, middle }: { values: Float32Array | undefined; middle: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = theme.value;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !values) return;
    const image = context.createImageData(CELLS, CELLS);
    let full = 1e-6;
    for (const value of values) full = Math.max(full, Math.abs(value - middle));
    paintSigned(image, 0, 0, CELLS, CELLS, (x, y) => values[y * CELLS + x]! - middle, {
      plus: tokenRgb('accent'),
      minus: tokenRgb('wrong'),
      full: 1.35 * full,
    });
    context.putImageData(image, 0, 0);
  }, [values, middle, shown]);
  return <canvas ref={canvas} class="surface" width={CELLS} height={CELLS} />;
}
