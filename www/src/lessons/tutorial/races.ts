/** Races: three networks that begin from the same seed and differ in one thing. And one network with too few digits. */
import { signal } from '@preact/signals';
import type { TrainState } from 'mapling/trainer';
import { optimizers } from '../../presets';
import {
  giveDigits,
  laboratory,
  network,
  testDigits,
  trainingDigits,
  tutorialLayers,
} from '../laboratory/laboratory';
import { type Lane, type News, race } from '../laboratory/race';

/** So many digits are enough to see who is ahead, and seldom keep anybody waiting. */
export const TRAIN = 10_000;
export const TEST = 2000;
/** The seed from which every network of a race begins. */
const SEED = 1;
/** Tests in an epoch. */
const TESTS = 4;

export type RaceName = 'optimizer' | 'batch' | 'epochs';

interface Racer {
  name: string;
  optimizer: keyof typeof optimizers;
  batchSize: number;
  epochs: number;
}

const usual: Racer = { name: '', optimizer: 'adam', batchSize: 32, epochs: 2 };

export const races: Record<RaceName, Racer[]> = {
  optimizer: [
    { ...usual, name: 'Adam' },
    // Plain descent and the one with momentum take steps of the same size, so that the momentum is all they differ in.
    { ...usual, name: 'SGD', optimizer: 'sgd' },
    { ...usual, name: 'SGD + momentum', optimizer: 'momentum' },
  ],
  batch: [8, 32, 256].map((batchSize) => ({ ...usual, name: String(batchSize), batchSize })),
  epochs: [1, 2, 4].map((epochs) => ({ ...usual, name: String(epochs), epochs })),
};

/** Both kinds of plain descent step as far as this. */
const DESCENT = 0.01;

function lane({ optimizer, batchSize, epochs }: Racer, digits: number): Lane {
  const { className, config } = optimizers[optimizer];
  const learningRate = optimizer === 'adam' ? 0.001 : DESCENT;
  const batches = Math.ceil(digits / batchSize);
  return {
    source: network(tutorialLayers(), { className, config: { ...config, learningRate } }, SEED),
    options: { epochs, batchSize, evaluateOn: 'test', evaluateEvery: Math.ceil(batches / TESTS) },
    // A turn does not end where a test is due: whoever is saved in the middle of it would miss it.
    turn: Math.ceil(batches / TESTS) + 1,
  };
}

/** A line that grows. */
export interface Track {
  name: string;
  /** Digits that it has trained on; those of an epoch count each time. */
  x: number[];
  loss: number[];
  accuracy: number[];
  /** How it ended; undefined before. */
  end?: TrainState | undefined;
}

export const raceName = signal<RaceName>('optimizer');
export const tracks = signal<Track[]>([]);

/** The network that learns from so few digits that it can learn them by heart. */
export const FEW = [100, 500, 5000] as const;
export const few = signal<(typeof FEW)[number]>(500);
export const byHeart = signal<{ train: Track; test: Track } | null>(null);
/** So many batches in all, however few digits there are. */
const STEPS = 1600;

/** What runs in the second worker, and what could not. */
export const busy = signal<'race' | 'few' | null>(null);
export const failed = signal<string | null>(null);
let stop = new AbortController();

/** Ends what runs in the second worker, after the turn that is under way. */
export function cancel(): void {
  stop.abort();
}

/** Forgets what runs in the second worker, which is being closed: it may never tell of its end. */
export function leave(): void {
  cancel();
  stop = new AbortController();
  busy.value = null;
}

/** Does one thing in the second worker; what is under way there ends first. */
async function alone(what: 'race' | 'few', work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  if (busy.peek()) return;
  const own = new AbortController();
  stop = own;
  busy.value = what;
  failed.value = null;
  try {
    await work(own.signal);
  } catch (failure) {
    if (!own.signal.aborted) failed.value = failure instanceof Error ? failure.message : String(failure);
  } finally {
    if (stop === own) busy.value = null;
  }
}

const track = (name: string): Track => ({ name, x: [], loss: [], accuracy: [] });

function extend(to: Track, { step, logs }: News['curves']['test'], batchSize: number): void {
  to.x.push(...step.map((one) => one * batchSize));
  to.loss.push(...(logs.loss ?? []));
  to.accuracy.push(...(logs.acc ?? []));
}

export const startRace = (): Promise<void> =>
  alone('race', async (signal) => {
    const trainer = await laboratory();
    const racers = races[raceName.peek()];
    const digits = await trainingDigits(TRAIN);
    await giveDigits(trainer, 'train', digits);
    await giveDigits(trainer, 'test', await testDigits(TEST));
    const all = racers.map(({ name }) => track(name));
    tracks.value = all;
    const told = (at: number, { curves }: News): void => {
      if (curves.test.step.length === 0) return;
      extend(all[at]!, curves.test, racers[at]!.batchSize);
      tracks.value = [...all];
    };
    const lanes = racers.map((one) => lane(one, digits.labels.length));
    const ended = await race(trainer, lanes, told, signal);
    ended.forEach((end, at) => {
      all[at]!.end = end;
    });
    tracks.value = [...all];
  });

export const startFew = (): Promise<void> =>
  alone('few', async (signal) => {
    const trainer = await laboratory();
    const digits = await trainingDigits(few.peek());
    await giveDigits(trainer, 'train', digits);
    await giveDigits(trainer, 'test', await testDigits(TEST));
    const batches = Math.ceil(digits.labels.length / usual.batchSize);
    const epochs = Math.ceil(STEPS / batches);
    const found = { train: track('train'), test: track('test') };
    byHeart.value = found;
    const told = (_: number, { curves }: News): void => {
      extend(found.train, curves.train, 1 / batches);
      extend(found.test, curves.test, 1 / batches);
      byHeart.value = { ...found };
    };
    const source = network(tutorialLayers(), { className: 'Adam', config: { learningRate: 0.001 } }, SEED);
    const evaluateEvery = Math.max(batches, Math.ceil(STEPS / 80));
    const options = { epochs, batchSize: usual.batchSize, evaluateOn: 'test', evaluateEvery };
    const [end] = await race(trainer, [{ source, options, turn: Math.ceil(STEPS / 8) + 1 }], told, signal);
    found.test.end = end;
    byHeart.value = { ...found };
  });

/** Other digits make another race. */
export function forget(): void {
  tracks.value = [];
  byHeart.value = null;
}
