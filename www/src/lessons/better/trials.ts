/** What may make the tutorial's network better, each tried against the network as it is. */
import { signal } from '@preact/signals';
import type { Augment, RunOptions, Stroke, Trainer } from 'mapling/trainer';
import penDigits from '../../../../tests/data/pen-digits.json?url&no-inline';
import { presets } from '../../presets';
import { IMAGE, likeliest } from '../../state/testset';
import {
  giveDigits,
  laboratory,
  layer,
  network,
  type Pictures,
  testDigits,
  trainingDigits,
  tutorialLayers,
} from '../laboratory/laboratory';
import { run } from '../laboratory/race';

/** So many digits to learn from keep a trial short, and leave room to become better. */
export const TRAIN = 10_000;
export const EPOCHS = 8;
const BATCH = 32;
const RATE = 0.001;
/** Generated digits: so many that nobody learns from, and so many beside the 10,000 of the trial with styles. */
const STRANGERS = 1000;
const STYLED = 3000;
/** The seed of their styles, another one than that of digits that the page trains on. */
const HAND = 101;

/** Whose digits the networks are tested on. */
export const sets = ['test', 'strangers', 'pen'] as const;
export type SetName = (typeof sets)[number];

export const trials = ['augment', 'dropout', 'decay', 'schedule', 'styles', 'ensemble', 'all'] as const;
export type TrialName = (typeof trials)[number];

/** What a network is made of and how it is trained, as far as trials differ in it. */
interface Recipe {
  augment?: boolean;
  dropout?: boolean;
  decay?: boolean;
  schedule?: boolean;
  styles?: boolean;
}

const recipes: Record<Exclude<TrialName, 'ensemble'>, Recipe> = {
  augment: { augment: true },
  dropout: { dropout: true },
  decay: { decay: true },
  schedule: { schedule: true },
  styles: { styles: true },
  all: { augment: true, schedule: true, styles: true },
};

/** The seeds of networks whose answers are averaged. */
const SEEDS = [1, 2, 3];

/** What a trained network answers. */
export interface Result {
  trial: TrialName | 'plain';
  seed: number;
  guesses: Record<SetName, ArrayLike<number>>;
  probabilities: Record<SetName, Float32Array>;
  /** Errors on the unseen digits after each epoch. */
  curve: { x: number[]; y: number[] };
}

export const results = signal<Result[]>([]);
export const labels = signal<Record<SetName, Uint8Array> | null>(null);
/** The pictures of the digits that people drew, a byte a pixel. */
export const drawn = signal<Uint8Array | null>(null);

/** What is being trained, and how far. */
export const under = signal<{ trial: TrialName | 'plain'; seed: number; share: number } | null>(null);
export const live = signal<Result['curve'] | null>(null);
export const failed = signal(false);
let stop = new AbortController();

export const plain = (): Result | undefined =>
  results.value.find(({ trial, seed }) => trial === 'plain' && seed === 1);

/** The second worker, with the digits of all trials in it; for these digits of the page's. */
let prepared: Promise<Trainer> | null = null;

async function prepare(): Promise<Trainer> {
  const trainer = await laboratory();
  const own = await trainingDigits(TRAIN);
  const test = await testDigits(TRAIN);
  // A sixth as many again come along to be tested on.
  await trainer.digits.load({ kind: 'digits', seed: HAND, count: STRANGERS + STYLED });
  const generated = await trainer.digits.images(
    Uint32Array.from({ length: STRANGERS + STYLED }, (_, at) => at),
    'train',
  );
  const strangers = part(generated, 0, STRANGERS);
  const styled = joined(own, part(generated, STRANGERS, STRANGERS + STYLED));
  await trainer.setModel(source({}, 1));
  const pen = await penPictures(trainer);
  const given = { train: own, styled, test, strangers, pen };
  for (const [name, pictures] of Object.entries(given)) await giveDigits(trainer, name, pictures);
  asked = { test, strangers, pen };
  labels.value = { test: test.labels, strangers: strangers.labels, pen: pen.labels };
  drawn.value = pen.pixels;
  return trainer;
}

let asked: Record<SetName, Pictures> | null = null;

const part = ({ pixels, labels }: Pictures, from: number, to: number): Pictures => ({
  pixels: pixels.slice(from * IMAGE, to * IMAGE),
  labels: labels.slice(from, to),
});

const joined = (one: Pictures, other: Pictures): Pictures => {
  const both = {
    pixels: new Uint8Array(one.pixels.length + other.pixels.length),
    labels: new Uint8Array(one.labels.length + other.labels.length),
  };
  for (const name of ['pixels', 'labels'] as const) {
    both[name].set(one[name]);
    both[name].set(other[name], one[name].length);
  }
  return both;
};

/** Digits that people drew with a pen, as the page reads drawings. */
async function penPictures(trainer: Trainer): Promise<Pictures> {
  const response = await fetch(penDigits);
  if (!response.ok) throw new Error(`${response.status} for ${penDigits}`);
  const digits = (await response.json()) as { label: number; strokes: Stroke[] }[];
  const pictures = { pixels: new Uint8Array(digits.length * IMAGE), labels: new Uint8Array(digits.length) };
  for (const [at, { label, strokes }] of digits.entries()) {
    const reading = await trainer.digits.read(strokes);
    pictures.labels[at] = label;
    pictures.pixels.set(
      reading!.pixels.map((value) => Math.round(255 * value)),
      at * IMAGE,
    );
  }
  return pictures;
}

function source({ dropout, decay }: Recipe, seed: number) {
  const layers = dropout ? tutorialLayers(layer('Dropout', { rate: 0.3 })) : tutorialLayers();
  const optimizer = decay
    ? { className: 'AdamW', config: { learningRate: RATE, weightDecay: 0.1 } }
    : { className: 'Adam', config: { learningRate: RATE } };
  return network(layers, optimizer, seed);
}

function options({ augment, schedule, styles }: Recipe): RunOptions {
  return {
    epochs: EPOCHS,
    batchSize: BATCH,
    data: styles ? 'styled' : 'train',
    evaluateOn: 'test',
    ...(augment && { augment: presets.convnet.augment as Augment }),
    ...(schedule && { finalRate: 0.02 }),
  };
}

/** Trains one network and keeps what it answers. */
async function train(
  trainer: Trainer,
  trial: Result['trial'],
  recipe: Recipe,
  seed: number,
): Promise<Result> {
  const curve: Result['curve'] = { x: [], y: [] };
  under.value = { trial, seed, share: 0 };
  live.value = curve;
  const isEnded = await run(
    trainer,
    source(recipe, seed),
    options(recipe),
    ({ state, curves: { test } }) => {
      curve.x.push(...test.step.map((step) => step / state.batches));
      curve.y.push(...(test.logs.acc ?? []).map((accuracy) => 1 - accuracy));
      live.value = { ...curve };
      const share = Math.min(1, (state.epoch + state.batch / Math.max(1, state.batches)) / EPOCHS);
      under.value = { trial, seed, share };
    },
    stop.signal,
  );
  if (!isEnded) throw new DOMException('stopped', 'AbortError');
  const found: Partial<Result['guesses']> = {};
  const answers: Partial<Result['probabilities']> = {};
  for (const name of sets) {
    const { classes } = await trainer.evaluate(name);
    found[name] = classes!.predicted;
    const { pixels, labels } = asked![name];
    const answer = await trainer.predict({
      values: pixels,
      shape: [labels.length, 28, 28, 1],
      dtype: 'bytes',
    });
    answers[name] = answer.values as Float32Array;
  }
  const guesses = found as Result['guesses'];
  return { trial, seed, guesses, probabilities: answers as Result['probabilities'], curve };
}

function keep(result: Result): void {
  const others = results.peek().filter(({ trial, seed }) => trial !== result.trial || seed !== result.seed);
  results.value = [...others, result];
}

const kept = (trial: Result['trial'], seed: number): Result | undefined =>
  results.peek().find((one) => one.trial === trial && one.seed === seed);

/** The mean of several networks' probabilities, and what is likeliest by it. */
function averaged(all: readonly Result[]): Result {
  const [guesses, probabilities] = [{}, {}] as [Result['guesses'], Result['probabilities']];
  for (const name of sets) {
    const sum = new Float32Array(all[0]!.probabilities[name].length);
    for (const { probabilities } of all)
      probabilities[name].forEach((share, at) => {
        sum[at]! += share / all.length;
      });
    const classes = 10;
    probabilities[name] = sum;
    guesses[name] = Uint8Array.from({ length: sum.length / classes }, (_, at) =>
      likeliest(sum.subarray(at * classes, (at + 1) * classes)),
    );
  }
  return { trial: 'ensemble', seed: 0, guesses, probabilities, curve: { x: [], y: [] } };
}

/** Trains what a trial takes: first the network as it is, to compare with. */
export async function tryOut(trial: TrialName): Promise<void> {
  if (under.peek()) return;
  const own = new AbortController();
  stop = own;
  failed.value = false;
  under.value = { trial: 'plain', seed: 1, share: 0 };
  try {
    prepared ??= prepare();
    const trainer = await prepared;
    for (const seed of trial === 'ensemble' ? SEEDS : [1])
      if (!kept('plain', seed)) keep(await train(trainer, 'plain', {}, seed));
    if (trial === 'ensemble') keep(averaged(SEEDS.map((seed) => kept('plain', seed)!)));
    else keep(await train(trainer, trial, recipes[trial], 1));
  } catch (failure) {
    if (own.signal.aborted) return;
    prepared = null;
    failed.value = true;
    console.error(failure);
  } finally {
    if (stop === own) idle();
  }
}

export const cancel = (): void => stop.abort();

function idle(): void {
  under.value = null;
  live.value = null;
}

/** Forgets the worker, which is being closed and may never tell of its end; what was found stays. */
export function leave(): void {
  cancel();
  stop = new AbortController();
  prepared = null;
  idle();
}

/** Trials with other digits cannot be compared. */
export function forget(): void {
  results.value = [];
  labels.value = null;
}
