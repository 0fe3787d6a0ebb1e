/** The small network, the points that it learns from, and what it says of the plane. */
import { batch, computed, signal } from '@preact/signals';
import {
  type LayersModel,
  layers,
  model,
  type Sequential,
  sequential,
  type Tensor,
  tensor2d,
  train,
} from 'mapling';
import { type Pattern, type Point, pointsOf, REACH } from './points';

export const activations = ['tanh', 'relu', 'sigmoid', 'linear'] as const;
export type Activation = (typeof activations)[number];

export interface Shape {
  /** Units of each hidden layer. */
  hidden: number[];
  activation: Activation;
}

/** A network's training, to be compared with others. */
export interface Run {
  id: number;
  shape: Shape;
  pattern: Pattern;
  losses: number[];
  right: number;
}

export const MOST_LAYERS = 3;
export const MOST_UNITS = 8;
/** Places across and down the plane at which the network is asked. */
export const CELLS = 48;
const MOST_RUNS = 4;
/** Steps between two frames, at most, and the milliseconds after which no other begins: slow machines do fewer. */
const STEPS_A_FRAME = 3;
const TIME_A_FRAME = 5;
export const RATE = 0.03;

export const pattern = signal<Pattern>('moons');
export const points = signal<Point[]>(pointsOf('moons'));
export const shape = signal<Shape>({ hidden: [1], activation: 'tanh' });
export const rate = signal(RATE);
export const seed = signal(1);
export const isPlaying = signal(false);
export const steps = signal(0);
/** The loss of each step. The array is always the same one while a network is: {@link steps} tells that it has grown. */
export let losses: number[] = [];
/** The share of its own points that it puts on the right side. */
export const right = signal<number | null>(null);
/** Runs of other networks or points, the newest last. */
export const earlier = signal<Run[]>([]);
export const hasFlown = signal(false);
/** What each unit answers over the plane, row by row from above: a layer, a unit, its values. The last is the network. */
export const surfaces = signal<Float32Array[][]>([]);
/** The weights into each layer, one unit after the other; and its biases. */
export const weights = signal<{ kernel: Float32Array; bias: Float32Array }[]>([]);
/** A hidden unit that the visitor looks at. */
export const chosen = signal<{ layer: number; unit: number } | null>(null);

let network: Sequential;
/** The same layers, answering with every unit. */
let inside: LayersModel;
let samples: { x: Tensor; y: Tensor } | null = null;
let runs = 0;

const plane = computed(() => {
  const step = (2 * REACH) / CELLS;
  const cells: [number, number][] = [];
  for (let row = 0; row < CELLS; row++)
    for (let column = 0; column < CELLS; column++)
      cells.push([-REACH + (column + 0.5) * step, REACH - (row + 0.5) * step]);
  return tensor2d(cells);
});

/** Asks every unit about every place. */
export function look(): void {
  const answers = inside.predict(plane.peek()) as Tensor | Tensor[];
  const found = (Array.isArray(answers) ? answers : [answers]).map((answer) => {
    const units = answer.transpose().dataSync() as Float32Array;
    const size = CELLS * CELLS;
    return Array.from({ length: units.length / size }, (_, unit) =>
      units.subarray(unit * size, (unit + 1) * size),
    );
  });
  const learned = network.layers.map((layer) => {
    const [kernel, bias] = layer.getWeights();
    return {
      kernel: kernel!.transpose().dataSync() as Float32Array,
      bias: bias!.dataSync() as Float32Array,
    };
  });
  batch(() => {
    surfaces.value = found;
    weights.value = learned;
  });
}

/** A new network with the weights that the seed gives. */
function build(): void {
  const { hidden, activation } = shape.peek();
  network = sequential({ seed: seed.peek() });
  for (const [at, units] of [...hidden, 1].entries())
    network.add(
      layers.dense({
        units,
        activation: at === hidden.length ? 'sigmoid' : activation,
        ...(at === 0 && { inputShape: [2] }),
      }),
    );
  network.compile({ optimizer: train.adam(rate.peek()), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  inside = model({ inputs: network.inputs, outputs: network.layers.flatMap(({ output }) => output) });
  batch(() => {
    steps.value = 0;
    losses = [];
    right.value = null;
    hasFlown.value = false;
    look();
  });
}

function takePoints(): void {
  const all = points.peek();
  samples =
    all.length === 0
      ? null
      : {
          x: tensor2d(all.map(({ x, y }) => [x, y])),
          y: tensor2d(all.map(({ label }) => [label])),
        };
}

/** Puts the run that is there beside those to come. */
function putAside(): void {
  if (steps.peek() < 10 || right.peek() === null) return;
  const run = {
    id: runs++,
    shape: shape.peek(),
    pattern: pattern.peek(),
    losses,
    right: right.peek()!,
  };
  earlier.value = [...earlier.peek(), run].slice(-MOST_RUNS);
}

async function trainOnce(): Promise<void> {
  if (!samples) return;
  const optimizer = network.optimizer!;
  if (optimizer.learningRate !== rate.peek()) optimizer.learningRate = rate.peek();
  const of = network;
  const [loss, accuracy] = (await network.trainOnBatch(samples.x, samples.y)) as [number, number];
  // Another network may have taken its place meanwhile.
  if (of !== network) return;
  batch(() => {
    if (!Number.isFinite(loss)) {
      hasFlown.value = true;
      isPlaying.value = false;
      return;
    }
    losses.push(loss);
    right.value = accuracy;
    steps.value = steps.peek() + 1;
  });
}

/** When the plane was last asked about, and how long that took. */
let looked = { at: 0, took: 0 };

/** What is done before a frame while it plays. To look takes longer than to learn: it has half of the time at most. */
export async function playOn(): Promise<void> {
  const begin = performance.now();
  for (let step = 0; step < STEPS_A_FRAME && !hasFlown.peek(); step++) {
    await trainOnce();
    if (performance.now() - begin > TIME_A_FRAME) break;
  }
  const now = performance.now();
  if (now - looked.at < 2 * looked.took) return;
  look();
  looked = { at: now, took: performance.now() - now };
}

export async function stepOn(): Promise<void> {
  if (hasFlown.peek()) return;
  await trainOnce();
  look();
}

export function reset(): void {
  putAside();
  isPlaying.value = false;
  build();
}

export function reseed(): void {
  seed.value = seed.peek() + 1;
  reset();
}

/** Another network. It plays on, if one was playing. */
export function reshape(next: Partial<Shape>): void {
  putAside();
  batch(() => {
    chosen.value = null;
    shape.value = { ...shape.peek(), ...next };
    build();
  });
}

export const setUnits = (layer: number, units: number): void =>
  reshape({ hidden: shape.peek().hidden.map((before, at) => (at === layer ? units : before)) });

export function choosePattern(next: Pattern): void {
  putAside();
  batch(() => {
    pattern.value = next;
    points.value = pointsOf(next);
    takePoints();
    build();
  });
}

/** Points that the visitor adds or takes away; the network goes on learning with those that there are then. */
export function repaint(next: Point[]): void {
  batch(() => {
    if (pattern.peek() !== 'own') putAside();
    pattern.value = 'own';
    points.value = next;
    takePoints();
  });
}

takePoints();
build();
