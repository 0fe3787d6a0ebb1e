import { useSignalEffect } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { reading } from '../state/drawing';
import { oncePerFrame } from '../state/frame';
import { theme, tokenRgb } from '../state/theme';
import { words } from '../words';
import { explained } from './explained';
import { paintInk } from './paint';

/** The 28×28 pixels that go into the network. */
export function Seen() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const repaint = useMemo(
    () =>
      oncePerFrame(() => {
        const pixels = reading.peek()?.pixels;
        const ink = canvas.current?.getContext('2d');
        if (!ink) return;
        if (pixels) paintInk(ink, pixels, tokenRgb('ink'));
        else ink.clearRect(0, 0, 28, 28);
      }),
    [],
  );
  useSignalEffect(() => {
    theme.value;
    reading.value;
    repaint();
  });
  const text = words.value.reading;
  return (
    <figure class="seen" {...explained(text.seenTip)}>
      <canvas ref={canvas} data-part="seen" width={28} height={28} role="img" aria-label={text.seen} />
      <figcaption>{text.seen}</figcaption>
    </figure>
  );
}
