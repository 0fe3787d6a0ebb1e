import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { LayerInside } from 'mapling/trainer';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { laterWords } from '../later/words';
import { fullScale, paintSigned } from '../parts/paint';
import { oncePerFrame } from '../state/frame';
import { inside } from '../state/inside';
import { paced } from '../state/pace';
import { changes, network } from '../state/session';
import { theme, tokenRgb } from '../state/theme';
import { liveTrainer } from '../state/trainer';
import { words } from '../words';
import { DIM, lightOf } from './light';

export interface Kernel {
  shape: number[];
  values: Float32Array;
}

interface Tiles {
  columns: number;
  rows: number;
  /** Of one tile. */
  width: number;
  height: number;
  shown: number;
  all: number;
  kind: 'tiles' | 'filters' | 'columns';
}

/** How to lay a layer's weights out as pictures, by the shape of its kernel. */
export function tilesOf(shape: readonly number[]): Tiles {
  if (shape.length === 4) {
    const [height, width, , filters] = shape as [number, number, number, number];
    const columns = filters > 16 ? 16 : 8;
    const shown = Math.min(filters, 32);
    return { columns, rows: Math.ceil(shown / columns), width, height, shown, all: filters, kind: 'filters' };
  }
  const [inputs, units] = shape as [number, number];
  if (inputs === 784) {
    const shown = Math.min(units, 60);
    return {
      columns: 10,
      rows: Math.ceil(shown / 10),
      width: 28,
      height: 28,
      shown,
      all: units,
      kind: 'tiles',
    };
  }
  const width = Math.min(inputs, 160);
  return { columns: 1, rows: 1, width, height: units, shown: units, all: units, kind: 'columns' };
}

/** The weight at a point of a tile. */
function weightsOf({ shape, values }: Kernel): (tile: number, x: number, y: number) => number {
  const last = shape.at(-1)!;
  if (shape.length === 4) {
    const [, width, inputs] = shape as [number, number, number, number];
    return (tile, x, y) => values[(y * width + x) * inputs * last + tile]!;
  }
  if (shape[0] === 784) return (tile, x, y) => values[(y * 28 + x) * last + tile]!;
  return (_, x, y) => values[x * last + y]!;
}

/** The size of the whole picture in pixels: a pixel lies between two tiles. */
export const sizeOf = ({ columns, rows, width, height }: Tiles): [width: number, height: number] => [
  columns * (width + 1) - 1,
  rows * (height + 1) - 1,
];

/** The weights; where something lights the layer up, those of silent units fade, and the others stand on a lit ground. */
export function paintTiles(
  pen: CanvasRenderingContext2D,
  kernel: Kernel,
  light: Float32Array | null = null,
): void {
  const tiles = tilesOf(kernel.shape);
  const { columns, width, height, shown, kind } = tiles;
  const at = weightsOf(kernel);
  const image = pen.createImageData(...sizeOf(tiles));
  const inks = { plus: tokenRgb('accent'), minus: tokenRgb('wrong'), full: fullScale(kernel.values) };
  // Units of a layer of columns are its rows.
  const isRows = kind === 'columns';
  const strength = (unit: number): number => (light ? DIM + (1 - DIM) * light[unit]! : 1);
  for (let tile = 0; tile < (isRows ? 1 : shown); tile++) {
    const left = (tile % columns) * (width + 1);
    const top = Math.floor(tile / columns) * (height + 1);
    const value = (x: number, y: number) => at(tile, x, y) * strength(isRows ? y : tile);
    paintSigned(image, left, top, width, height, value, inks);
  }
  pen.putImageData(image, 0, 0);
  if (!light) return;
  pen.globalCompositeOperation = 'destination-over';
  pen.fillStyle = `rgb(${inks.plus})`;
  for (let unit = 0; unit < shown; unit++) {
    pen.globalAlpha = 0.3 * light[unit]!;
    if (isRows) pen.fillRect(0, unit, width, 1);
    else
      pen.fillRect((unit % columns) * (width + 1), Math.floor(unit / columns) * (height + 1), width, height);
  }
  pen.globalAlpha = 1;
  pen.globalCompositeOperation = 'source-over';
}

/** What each filter finds in what is on the pad, in the places of the filters. */
function paintMaps(pen: CanvasRenderingContext2D, { shape, values }: LayerInside, filters: Tiles): void {
  const [height, width, maps] = shape as [number, number, number];
  const tiles = { ...filters, width, height };
  const image = pen.createImageData(...sizeOf(tiles));
  const full = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  // A map that hardly answers is still seen.
  const inks = { plus: tokenRgb('accent'), minus: tokenRgb('wrong'), full: 0.7 * full };
  for (let tile = 0; tile < filters.shown; tile++) {
    const left = (tile % tiles.columns) * (width + 1);
    const top = Math.floor(tile / tiles.columns) * (height + 1);
    const value = (x: number, y: number) => values[(y * width + x) * maps + tile]!;
    paintSigned(image, left, top, width, height, value, inks);
  }
  pen.putImageData(image, 0, 0);
}

/** Live thumbnails of what a layer has learned, from its kernel, whose shape is known before its weights come. */
export function WeightPicture({ index, params, shape }: { index: number; params: number; shape: number[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const kernel = useSignal<Kernel | null>(null);
  const units = shape.at(-1)!;
  const answers = useComputed(() => {
    const layer = inside.value?.layers[index];
    // For a moment after a choice the answers are still those of the network before.
    return layer?.shape.at(-1) === units ? layer : null;
  });
  const light = useComputed(() => answers.value && lightOf(answers.value));
  const tiles = tilesOf(shape);
  const isFilters = tiles.kind === 'filters';

  const ask = useMemo(
    () =>
      paced(async () => {
        const trainer = liveTrainer();
        // Once another network has come, this picture may be gone and its layer with it.
        if (!trainer || document.hidden || !network.peek()?.layers[index]) return;
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

  const repaint = useMemo(
    () =>
      oncePerFrame(() => {
        const pen = canvas.current?.getContext('2d');
        if (!pen || !kernel.peek()) return;
        const found = answers.peek();
        if (isFilters && found) paintMaps(pen, found, tiles);
        else paintTiles(pen, kernel.peek()!, light.peek());
      }),
    [isFilters],
  );
  useSignalEffect(() => {
    theme.value;
    kernel.value;
    light.value;
    repaint();
  });

  const { network: text } = laterWords.value;
  const { sentences } = words.value;
  const { kind, shown, all } = tiles;
  const found = isFilters ? answers.value : null;
  const caption = found
    ? text.mapsOf(shown, all)
    : kind === 'columns'
      ? text.columns
      : text[kind](shown, all);
  const [wide, high] = sizeOf(tiles);
  const [width, height] = found
    ? sizeOf({ ...tiles, height: found.shape[0]!, width: found.shape[1]! })
    : [wide, high];
  const lit = light.value?.reduce((count, one) => count + (one > 0 ? 1 : 0), 0);
  return (
    <div
      class="weights"
      data-kind={kind}
      data-lit={lit}
      data-tip={sentences(caption, text.sign, ...(lit === undefined ? [] : [text.litTip]))}
    >
      <canvas
        ref={canvas}
        width={width}
        height={height}
        // With maps in the place of filters the picture stays as high as it was.
        style={isFilters ? { aspectRatio: `${wide} / ${high}` } : undefined}
        role="img"
        aria-label={caption}
        aria-description={text.sign}
      />
      <span class="layer-params">
        {text.params(params)}
        {lit !== undefined && kind !== 'columns' && <span class="layer-lit">{text.lit(lit, units)}</span>}
      </span>
    </div>
  );
}
