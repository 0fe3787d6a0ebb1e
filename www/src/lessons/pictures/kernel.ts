/** The kernel that slides over the digit, and where it stands. */
import { computed, signal } from '@preact/signals';
import { digit, SIZE } from '../digit';
import { convolve, type Field, pool, productsAt } from './convolution';

/** Kernels to begin with, row by row. */
export const presets = {
  vertical: [-1, 0, 1, -1, 0, 1, -1, 0, 1],
  horizontal: [-1, -1, -1, 0, 0, 0, 1, 1, 1],
  outline: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  blur: Array<number>(9).fill(0.11),
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  same: [0, 0, 0, 0, 1, 0, 0, 0, 0],
} satisfies Record<string, number[]>;
export type Preset = keyof typeof presets;

export interface Kernel {
  /** Numbers in a row, and rows. */
  size: number;
  values: number[];
}
export const kernel = signal<Kernel>({ size: 3, values: [...presets.vertical] });

/** Which preset it is now, if any. */
export const preset = computed(() => {
  const { values } = kernel.value;
  const same = (other: number[]) =>
    other.length === values.length && other.every((one, at) => one === values[at]);
  return (Object.keys(presets) as Preset[]).find((name) => same(presets[name])) ?? null;
});

/** The upper left corner of the window, which is also the place of its sum in the map; null until somebody moves it. */
const corner = signal<[x: number, y: number] | null>(null);
/** Whether what is below zero is cut off, as the network does it. */
export const isCut = signal(false);
/** So many pixels to the right is the digit moved. */
export const shift = signal(0);
export const pooling = signal<{ kind: 'max' | 'average'; size: number }>({ kind: 'max', size: 2 });

/** The digit as the kernel sees it. */
export const picture = computed<Field | null>(() => {
  const shown = digit.value;
  return shown && { width: SIZE, height: SIZE, values: shown.pixels };
});

export const map = computed(
  () => picture.value && convolve(picture.value, kernel.value, { isCut: isCut.value }),
);

const within = (value: number, most: number) => Math.min(most, Math.max(0, value));

/** Where the map has its largest value: a place that shows something. */
function brightest({ width, values }: Field): [x: number, y: number] {
  const at = values.reduce((best, value, at) => (Math.abs(value) > Math.abs(values[best]!) ? at : best), 0);
  return [at % width, Math.floor(at / width)];
}

export const place = computed<[x: number, y: number]>(() => {
  const most = SIZE - kernel.value.size;
  const [x, y] = corner.value ?? (map.value ? brightest(map.value) : [0, 0]);
  return [within(x, most), within(y, most)];
});
export function moveTo(x: number, y: number): void {
  const most = SIZE - kernel.peek().size;
  corner.value = [within(x, most), within(y, most)];
}

/** What lies in the window, each number times the kernel's, and their sum. */
export const products = computed(() => picture.value && productsAt(picture.value, kernel.value, place.value));

/** The map of the digit where it was moved to, and what pooling makes of that. */
export const moved = computed(
  () => picture.value && convolve(picture.value, kernel.value, { isCut: isCut.value, shift: shift.value }),
);
export const pooled = computed(() => moved.value && pool(moved.value, pooling.value));

/** How much the numbers of one differ from those of the other: the mean change to the mean size. */
function difference(one: Field, other: Field): number {
  let [change, all] = [0, 0];
  one.values.forEach((value, at) => {
    change += Math.abs(value - other.values[at]!);
    all += Math.abs(value);
  });
  return all > 0 ? change / all : 0;
}

/** By how much the map, and the pooled map, change when the digit is moved. */
export const changed = computed(() => {
  const [before, after, pooledAfter] = [map.value, moved.value, pooled.value];
  if (!before || !after || !pooledAfter) return null;
  return {
    map: difference(before, after),
    pooled: difference(pool(before, pooling.value), pooledAfter),
  };
});
