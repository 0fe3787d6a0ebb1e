import { useSignalEffect } from '@preact/signals';
import type { Stroke } from 'mapling/trainer';
import { useEffect, useRef } from 'preact/hooks';
import {
  beginStroke,
  clear,
  extendStroke,
  isEmpty,
  rescale,
  shownTest,
  showTest,
  strokes,
  undo,
} from '../state/drawing';
import { testImage, testSet } from '../state/testset';
import { theme, token } from '../state/theme';
import { words } from '../words';
import { Icon } from './icons';

/** The pen's width, as a share of the pad's. */
const PEN = 0.052;

/** Curves through the middles between points, so that a fast hand still draws a round line. */
function inkStroke(ink: CanvasRenderingContext2D, stroke: Stroke): void {
  const [first, ...rest] = stroke;
  if (!first) return;
  ink.beginPath();
  ink.moveTo(...first);
  let [x, y] = first;
  for (const [nextX, nextY] of rest) {
    ink.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    [x, y] = [nextX, nextY];
  }
  ink.lineTo(x, y);
  ink.stroke();
}

function inkPixels(ink: CanvasRenderingContext2D, pixels: Uint8Array, size: number): void {
  const cell = size / 28;
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] === 0) continue;
    ink.globalAlpha = pixels[i]! / 255;
    const [left, top] = [Math.round((i % 28) * cell), Math.round(Math.floor(i / 28) * cell)];
    ink.fillRect(left, top, Math.ceil(cell), Math.ceil(cell));
  }
  ink.globalAlpha = 1;
}

export function Pad() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef(0);
  const width = useRef(0);

  const paint = () => {
    frame.current = 0;
    const board = canvas.current;
    const ink = board?.getContext('2d');
    if (!board || !ink || !width.current) return;
    const size = width.current;
    const scale = board.width / size;
    ink.setTransform(scale, 0, 0, scale, 0, 0);
    ink.clearRect(0, 0, size, size);
    ink.lineCap = 'round';
    ink.lineJoin = 'round';
    ink.lineWidth = size * PEN;
    ink.strokeStyle = ink.fillStyle = token('ink');
    const index = shownTest.peek();
    if (index !== null) inkPixels(ink, testImage(index), size);
    else for (const stroke of strokes.peek()) inkStroke(ink, stroke);
  };
  const repaint = () => {
    frame.current ||= requestAnimationFrame(paint);
  };

  useSignalEffect(() => {
    strokes.value;
    shownTest.value;
    theme.value;
    repaint();
  });

  useEffect(() => {
    const board = canvas.current!;
    const fit = () => {
      const size = board.clientWidth;
      if (!size) return;
      if (width.current && size !== width.current) rescale(size / width.current);
      width.current = size;
      board.width = board.height = Math.round(size * devicePixelRatio);
      repaint();
    };
    const watch = new ResizeObserver(fit);
    watch.observe(board);
    fit();
    return () => watch.disconnect();
  }, []);

  const at = (event: PointerEvent): [number, number] => {
    const box = canvas.current!.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    canvas.current!.setPointerCapture(event.pointerId);
    beginStroke(at(event));
  };
  const move = (event: PointerEvent) => {
    if (!canvas.current!.hasPointerCapture(event.pointerId)) return;
    const events = event.getCoalescedEvents?.() ?? [];
    extendStroke((events.length > 0 ? events : [event]).map(at));
  };

  const text = words.value.pad;
  const index = shownTest.value;
  return (
    <div class="pad">
      <div class="pad-paper">
        <canvas
          ref={canvas}
          data-part="pad"
          role="img"
          aria-label={text.label}
          onPointerDown={down}
          onPointerMove={move}
        />
        {isEmpty.value && (
          <p class="pad-hint" aria-hidden="true">
            {text.empty}
            <small>{text.range}</small>
          </p>
        )}
        {index !== null && testSet.value && (
          <p class="pad-caption">{text.testDigit(index, testSet.value.labels[index]!)}</p>
        )}
      </div>
      <div class="pad-tools">
        <button type="button" data-part="clear" onClick={clear} data-tip={words.value.transport.key('C')}>
          <Icon name="close" />
          {text.clear}
        </button>
        <button type="button" data-part="undo" onClick={undo} data-tip={words.value.transport.key('Z')}>
          <Icon name="undo" />
          {text.undo}
        </button>
        <button type="button" data-part="test-digit" onClick={layTestDigit} data-tip={text.anotherTip}>
          <Icon name="dice" />
          {text.another}
        </button>
      </div>
    </div>
  );
}

function layTestDigit(): void {
  const count = testSet.value?.labels.length;
  if (count) showTest(Math.floor(Math.random() * count));
}
