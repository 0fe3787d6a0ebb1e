import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { paced } from '../state/pace';
import { changes } from '../state/session';
import { theme, tokenRgb } from '../state/theme';
import { liveTrainer } from '../state/training';
import { words } from '../words';
import { fullScale, paintSigned } from './paint';

interface Kernel {
  shape: number[];
  values: Float32Array;
}

interface Tiles {
  columns: number;
  rows: number;
  width: number;
  height: number;
  /** The weight at a point of a tile. */
  at: (tile: number, x: number, y: number) => number;
  shown: number;
  all: number;
  kind: 'tiles' | 'filters' | 'columns';
}

/** How to lay a layer's weights out as pictures, where they have one. */
function tilesOf({ shape, values }: Kernel): Tiles {
  if (shape.length === 4) {
    const [height, width, inputs, filters] = shape as [number, number, number, number];
    const columns = filters > 16 ? 16 : 8;
    const shown = Math.min(filters, 32);
    const at = (tile: number, x: number, y: number) => values[(y * width + x) * inputs * filters + tile]!;
    return {
      columns,
      rows: Math.ceil(shown / columns),
      width,
      height,
      at,
      shown,
      all: filters,
      kind: 'filters',
    };
  }
  const [inputs, units] = shape as [number, number];
  if (inputs === 784) {
    const shown = Math.min(units, 60);
    const at = (tile: number, x: number, y: number) => values[(y * 28 + x) * units + tile]!;
    return {
      columns: 10,
      rows: Math.ceil(shown / 10),
      width: 28,
      height: 28,
      at,
      shown,
      all: units,
      kind: 'tiles',
    };
  }
  const at = (_: number, x: number, y: number) => values[x * units + y]!;
  return {
    columns: 1,
    rows: 1,
    width: Math.min(inputs, 160),
    height: units,
    at,
    shown: units,
    all: units,
    kind: 'columns',
  };
}

/** Live thumbnails of what a layer has learned, from its kernel. */
export function WeightPicture({ index, params }: { index: number; params: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const kernel = useSignal<Kernel | null>(null);

  const ask = useMemo(
    () =>
      paced(async () => {
        const trainer = liveTrainer();
        if (!trainer || document.hidden) return;
        const [first] = await trainer.weights(index);
        if (first) kernel.value = first;
      }, 400),
    [index],
  );
  useSignalEffect(() => {
    changes.value;
    ask();
  });
  useEffect(() => {
    document.addEventListener('visibilitychange', ask);
    return () => document.removeEventListener('visibilitychange', ask);
  }, [ask]);

  useSignalEffect(() => {
    theme.value;
    const pen = canvas.current?.getContext('2d');
    if (!kernel.value || !pen) return;
    const { columns, rows, width, height, at, shown } = tilesOf(kernel.value);
    const [w, h] = [columns * (width + 1) - 1, rows * (height + 1) - 1];
    if (pen.canvas.width !== w || pen.canvas.height !== h) Object.assign(pen.canvas, { width: w, height: h });
    const image = pen.createImageData(w, h);
    const inks = { plus: tokenRgb('accent'), minus: tokenRgb('wrong'), full: fullScale(kernel.value.values) };
    for (let tile = 0; tile < Math.min(shown, columns * rows); tile++) {
      const left = (tile % columns) * (width + 1);
      const top = Math.floor(tile / columns) * (height + 1);
      paintSigned(image, left, top, width, height, (x, y) => at(tile, x, y), inks);
    }
    pen.putImageData(image, 0, 0);
  });

  const text = words.value.network;
  const tiles = kernel.value && tilesOf(kernel.value);
  const caption = tiles
    ? tiles.kind === 'columns'
      ? text.columns
      : text[tiles.kind](tiles.shown, tiles.all)
    : '';
  return (
    <div
      class="weights"
      data-kind={tiles?.kind}
      data-tip={caption && words.value.sentences(caption, text.sign)}
    >
      <canvas ref={canvas} width={1} height={1} role="img" aria-label={caption} />
      <span class="layer-params">{text.params(params)}</span>
    </div>
  );
}
