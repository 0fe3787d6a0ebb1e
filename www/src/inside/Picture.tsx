import { useSignalEffect } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { paintSigned } from '../parts/paint';
import { oncePerFrame } from '../state/frame';
import { theme, tokenRgb } from '../state/theme';

/** Values of a picture that stands still while nothing changes: green above zero, orange below. */
export function Picture({
  width,
  height,
  value,
  full,
  label,
}: {
  width: number;
  height: number;
  value: (x: number, y: number) => number;
  /** The size at which a value has its colour whole. */
  full: number;
  label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef({ value, full });
  latest.current = { value, full };
  const repaint = useMemo(
    () =>
      oncePerFrame(() => {
        const pen = canvas.current?.getContext('2d');
        if (!pen) return;
        const { width, height } = canvas.current!;
        const image = pen.createImageData(width, height);
        const inks = { plus: tokenRgb('accent'), minus: tokenRgb('wrong'), full: latest.current.full || 1 };
        paintSigned(image, 0, 0, width, height, latest.current.value, inks);
        pen.putImageData(image, 0, 0);
      }),
    [],
  );
  useLayoutEffect(repaint);
  useSignalEffect(() => {
    theme.value;
    repaint();
  });
  // Without a label it stands in something that has one.
  const heard = label ? ({ role: 'img', 'aria-label': label } as const) : { 'aria-hidden': true };
  return <canvas ref={canvas} width={width} height={height} {...heard} />;
}

/** The largest size among values. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let at = 0; at < values.length; at++) most = Math.max(most, Math.abs(values[at]!));
  return most;
}
