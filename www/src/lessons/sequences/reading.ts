/** The network that reads a digit row by row, and its training, in a worker of its own. */
import { batch, computed, effect, signal } from '@preact/signals';
import type { DigitsInfo, ModelSource, Plain, Trainer } from 'mapling/trainer';
import { paced } from '../../state/pace';
import { dataInfo } from '../../state/session';
import { testSet } from '../../state/testset';
import { liveTrainer } from '../../state/trainer';
import { digit, SIZE } from '../digit';
import { type ReaderWeights, walk } from './cell';
import { startTrainer } from './worker';

/** So few digits are enough for nine in ten, within seconds; more would keep visitors waiting for their arrival. */
const DIGITS = 10_000;
const TESTED = 1000;
export const UNITS = 32;
export const EPOCHS = 8;

export type Phase = 'idle' | 'starting' | 'training' | 'paused' | 'done' | 'failed';
export const phase = signal<Phase>('idle');
/** How far the run is, in epochs. */
export const progress = signal(0);
/** The share of test digits that are read right after each row, and how many there are; null before the first test. */
export const tested = signal<{ right: number[]; total: number } | null>(null);
export const weights = signal<ReaderWeights | null>(null);
/** What the network answers to the digit after each row, as `predict` gives it. */
export const answer = signal<Float32Array | null>(null);

/** Row by row through the digit that is shown, with the weights of now. */
export const path = computed(() => {
  const shown = digit.value;
  return shown && weights.value ? walk(shown.pixels, SIZE, weights.value) : null;
});

const layer = (class_name: string, config: object) => ({ class_name, config });
const source = (classes: number): ModelSource => ({
  json: layer('Sequential', {
    layers: [
      layer('LSTM', { units: UNITS, returnSequences: true }),
      layer('Dense', { units: classes, activation: 'softmax' }),
    ],
  }),
  compile: {
    optimizer: { className: 'Adam', config: { learningRate: 0.005 } },
    loss: 'sparseCategoricalCrossentropy',
  },
  inputShape: [SIZE, SIZE],
  seed: 1,
});

let trainer: Promise<Trainer> | null = null;
/** The digits that it was trained on. */
let trainedOn: DigitsInfo | null = null;

/** Asks for weights and for the answer to what is shown, as often as an eye follows. */
const look = paced(async () => {
  const [worker, shown] = [await trainer, digit.peek()];
  if (!worker || phase.peek() === 'starting') return;
  const found = await worker.weights();
  const told =
    shown && ((await worker.predict({ values: shown.pixels.slice(), shape: [1, SIZE, SIZE] })) as Plain);
  batch(() => {
    weights.value = found;
    answer.value = told && (told.values as Float32Array);
  });
}, 120);

/** The test digits, as the worker takes them, and what they show. */
let tests: { pixels: Uint8Array; labels: Uint8Array } | null = null;

/** Counts the test digits that are read right after each row. */
const check = paced(async () => {
  const [worker, set] = [await trainer, tests];
  if (!worker || !set || phase.peek() === 'starting') return;
  const total = set.labels.length;
  const { values, shape } = (await worker.predict({
    values: set.pixels.slice(),
    shape: [total, SIZE, SIZE],
    dtype: 'bytes',
  })) as Plain;
  const classes = shape.at(-1)!;
  const right = new Array<number>(SIZE).fill(0);
  for (let at = 0; at < total * SIZE; at++) {
    let best = at * classes;
    for (let other = best; other < (at + 1) * classes; other++)
      if (values[other]! > values[best]!) best = other;
    if (best - at * classes === set.labels[Math.floor(at / SIZE)]) right[at % SIZE]! += 1 / total;
  }
  if (set === tests) tested.value = { right, total };
}, 1200);

function listenTo(worker: Trainer): void {
  worker.subscribe((event) => {
    // A worker that has died left its digits behind.
    if (event.type === 'error' || event.type === 'restarted') phase.value = 'failed';
    if (event.type !== 'state' || (phase.peek() !== 'training' && phase.peek() !== 'paused')) return;
    const { status, epoch, batch: done, batches } = event.state;
    progress.value = epoch + (batches > 0 ? done / batches : 0);
    if (status === 'done') {
      phase.value = 'done';
      progress.value = EPOCHS;
    }
    look();
    check();
  });
}

/** Digits as they lie in the page's worker, for this lesson's: how many kinds there are. */
async function give(worker: Trainer): Promise<number | null> {
  const [pages, info] = [liveTrainer(), dataInfo.peek()];
  if (!pages || !info) return null;
  trainedOn = info;
  const take = (set: 'train' | 'test', most: number) =>
    pages.digits.images(
      Uint32Array.from({ length: Math.min(most, info[set]) }, (_, at) => at),
      set,
    );
  tests = await take('test', TESTED);
  const { pixels, labels } = await take('train', DIGITS);
  const count = labels.length;
  // The answer is the same after each row: the sooner it is given, the better.
  const answers = new Int32Array(count * SIZE);
  labels.forEach((label, at) => {
    answers.fill(label, at * SIZE, (at + 1) * SIZE);
  });
  await worker.setData(
    'train',
    { values: pixels, shape: [count, SIZE, SIZE], dtype: 'bytes' },
    { values: answers, shape: [count, SIZE], dtype: 'int32' },
  );
  return info.classes;
}

/** Trains a fresh network from the start. */
export async function train(): Promise<void> {
  if (phase.peek() === 'starting') return;
  batch(() => {
    phase.value = 'starting';
    progress.value = 0;
    tested.value = null;
  });
  try {
    if (!trainer) {
      trainer = startTrainer();
      listenTo(await trainer);
    }
    const worker = await trainer;
    await worker.stop();
    const classes = await give(worker);
    if (classes === null) {
      phase.value = 'idle';
      return;
    }
    await worker.setModel(source(classes));
    phase.value = 'training';
    await worker.start({ epochs: EPOCHS, batchSize: 32, finalRate: 0.1 });
  } catch (failure) {
    // One that could not be started is started anew by the next try.
    trainer?.catch(() => {
      trainer = null;
    });
    console.error(failure);
    phase.value = 'failed';
  }
}

/** Trains anew when the page has other digits than those that it was trained on. */
export function follow(): void {
  if (phase.peek() !== 'idle' && dataInfo.peek() !== null && dataInfo.peek() !== trainedOn) void train();
}

export async function pause(): Promise<void> {
  if (phase.peek() !== 'training') return;
  phase.value = 'paused';
  await (await trainer)?.pause();
}

export async function resume(): Promise<void> {
  if (phase.peek() !== 'paused') return;
  phase.value = 'training';
  await (await trainer)?.resume();
}

/** Whether there are digits to train on. */
export const hasDigits = computed(() => dataInfo.value !== null && testSet.value !== null);

effect(() => {
  if (digit.value && trainer) look();
});
