import type { StepInside } from 'mapling/trainer';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { paintInk } from '../parts/paint';
import { theme, tokenRgb } from '../state/theme';

const PIXELS = 28 * 28;

/** A digit of the batch, as training saw it. What stands beside it says what it is. */
export function BatchDigit({ now, at }: { now: StepInside; at: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = theme.value;
  useLayoutEffect(() => {
    const pixels = now.pixels.subarray(at * PIXELS, (at + 1) * PIXELS);
    paintInk(canvas.current!.getContext('2d')!, pixels, tokenRgb('ink'), 1);
  }, [now, at, scheme]);
  return (
    <span aria-hidden="true">
      <canvas ref={canvas} width={28} height={28} />
    </span>
  );
}
