/** The line, its houses and its training: all numbers are mapling's. */
import { batch, computed, signal } from '@preact/signals';
import { scalar, type Tensor, tensor1d, train, variable, variableGrads } from 'mapling';

export type House = readonly [area: number, price: number];

/** Areas in hundreds of square metres, prices in hundreds of thousands (in millions in Chinese). */
const HOUSES: House[] = [
  [0.45, 1.6],
  [0.6, 1.7],
  [0.75, 2.5],
  [0.9, 2.3],
  [1.05, 3.2],
  [1.2, 3],
  [1.4, 4.1],
  [1.6, 4.2],
];
/** How far houses may be dragged. */
export const AREA = { low: 0.1, high: 2 };
export const PRICE = { low: 0, high: 5 };
/** The weights that the bowl shows. */
export const W = { low: -3, high: 6 };
export const B = { low: -3, high: 6 };
const BEGIN = { w: -2, b: 5 };
export const RATE = 0.1;
/** A loss beyond this one is an escape, not a detour: the plain start has 11. */
const FLOWN = 1e4;
/** So many places of the way stay in the picture. */
const MOST = 600;

export interface Weights {
  w: number;
  b: number;
}

/** One step, number by number, in the order in which it is reckoned. */
export interface Reckoned {
  predictions: Float32Array;
  errors: Float32Array;
  squares: Float32Array;
  /** What each house says of the two slopes: 2(ŷ − y)·x and 2(ŷ − y). Their means are the gradients. */
  slopes: { w: Float32Array; b: Float32Array };
  loss: number;
  dw: number;
  db: number;
}

export const phases = ['forward', 'loss', 'gradient', 'update'] as const;
export type Phase = (typeof phases)[number];

export const houses = signal<House[]>(HOUSES);
export const weights = signal<Weights>(BEGIN);
export const rate = signal(RATE);
export const steps = signal(0);
/** The part of the step that was shown last; null before the first. */
export const phase = signal<Phase | null>(null);
export const path = signal<Weights[]>([BEGIN]);
export const isPlaying = signal(false);
export const hasFlown = signal(false);
/** What the update of the last step did. Where the line flies off, `to` is where it would have gone. */
export const updated = signal<{ from: Weights; to: Weights; rate: number; reckoned: Reckoned } | null>(null);

const columns = computed(() => ({
  x: tensor1d(houses.value.map(([area]) => area)),
  y: tensor1d(houses.value.map(([, price]) => price)),
}));

const line = { w: variable(BEGIN.w), b: variable(BEGIN.b) };
const predictions = (): Tensor => line.w.mul(columns.value.x).add(line.b);
const meanSquare = (): Tensor => predictions().sub(columns.value.y).square().mean();

function lay({ w, b }: Weights): void {
  line.w.assign(scalar(w));
  line.b.assign(scalar(b));
}

/** What the line says of the houses, how wrong it is, and where the loss would fall. */
function reckon(at: Weights): Reckoned {
  lay(at);
  const said = predictions();
  const errors = said.sub(columns.value.y);
  const { value, grads } = variableGrads(meanSquare, [line.w, line.b]);
  return {
    predictions: said.dataSync() as Float32Array,
    errors: errors.dataSync() as Float32Array,
    squares: errors.square().dataSync() as Float32Array,
    slopes: {
      w: errors.mul(2).mul(columns.value.x).dataSync() as Float32Array,
      b: errors.mul(2).dataSync() as Float32Array,
    },
    loss: value.dataSync()[0]!,
    dw: grads[line.w.name]!.dataSync()[0]!,
    db: grads[line.b.name]!.dataSync()[0]!,
  };
}

export const reckoned = computed(() => reckon(weights.value));

/** One step of plain gradient descent. */
function update(): void {
  const from = weights.peek();
  const now = reckoned.peek();
  lay(from);
  train.sgd(rate.peek()).minimize(meanSquare, false, [line.w, line.b]);
  const next = { w: line.w.dataSync()[0]!, b: line.b.dataSync()[0]! };
  batch(() => {
    updated.value = { from, to: next, rate: rate.peek(), reckoned: now };
    if (!(now.loss < FLOWN)) {
      hasFlown.value = true;
      isPlaying.value = false;
      return;
    }
    weights.value = next;
    path.value = [...path.peek(), next].slice(-MOST);
    steps.value = steps.peek() + 1;
  });
}

/** The next part of the step. */
export function stepOn(): void {
  if (hasFlown.peek()) return;
  const now = phase.peek();
  const next = phases[now ? (phases.indexOf(now) + 1) % phases.length : 0]!;
  batch(() => {
    if (next === 'update') update();
    phase.value = next;
  });
}

/** A whole step. */
export function train1(): void {
  if (hasFlown.peek()) return;
  batch(() => {
    update();
    phase.value = 'update';
  });
}

/** Sets the line by hand: training goes on from there. */
export function place(at: Weights): void {
  batch(() => {
    weights.value = at;
    path.value = [at];
    phase.value = null;
    updated.value = null;
    hasFlown.value = false;
  });
}

export function reset(): void {
  batch(() => {
    isPlaying.value = false;
    steps.value = 0;
    place(BEGIN);
  });
}

/** The way back for those whose line flew off. */
export function recover(): void {
  rate.value = RATE;
  reset();
}

/** Moves a house, as far as the picture reaches. */
export function moveHouse(at: number, [area, price]: House): void {
  const within = (value: number, { low, high }: { low: number; high: number }) =>
    Math.min(high, Math.max(low, Math.round(value * 100) / 100));
  houses.value = houses
    .peek()
    .map((house, i) => (i === at ? [within(area, AREA), within(price, PRICE)] : house));
  phase.value = null;
}

export const resetHouses = (): void => {
  houses.value = HOUSES;
  phase.value = null;
};

/** The loss at each place of a grid over the bowl, row by row from the largest b. */
export function bowl(columnsOfGrid: number, rowsOfGrid: number): Float32Array {
  const { x, y } = columns.value;
  const cell = (i: number, count: number, { low, high }: { low: number; high: number }) =>
    low + ((i + 0.5) / count) * (high - low);
  const w = tensor1d(Array.from({ length: columnsOfGrid }, (_, i) => cell(i, columnsOfGrid, W)));
  const b = tensor1d(Array.from({ length: rowsOfGrid }, (_, i) => cell(rowsOfGrid - 1 - i, rowsOfGrid, B)));
  const predictions = b.reshape([rowsOfGrid, 1, 1]).add(w.reshape([1, columnsOfGrid, 1]).mul(x));
  return predictions.sub(y).square().mean(2).dataSync() as Float32Array;
}
