/** `fit`: training in slices of time, with callbacks between them. */

import { describe, fault, onlyKeys, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { nextTurn } from '../engine/turn.js';
import { asTensor } from '../tensor/tensor.js';
import type { Fit, Network } from '../wasm/mapling.js';
import { CallbackList, type Logs, type Trained } from './callbacks.js';
import { type ClassWeight, trainedOn, withClassWeight } from './class-weight.js';
import { events } from './events.js';
import { type Data, type Ends, Held, parts, samples } from './samples.js';

/** The most that a picture is changed when it is trained on; each change is drawn evenly from both directions. */
export interface Augment {
  /** Turned, as a share of a whole turn. */
  rotation?: number;
  /** Made larger or smaller, height and width each for itself, as a share of it. */
  zoom?: number;
  /** Slanted: how far sideways for each step down. */
  shear?: number;
  /** Moved, as a share of height and width. */
  shift?: number;
}

export interface FitArgs {
  /** Samples a step. Default: 32. */
  batchSize?: number;
  /** How often all data are gone through. Default: 1. */
  epochs?: number;
  /** A new order each epoch, from the model's seed. Default: true. */
  shuffle?: boolean;
  /** The share of the data, from its end, that is kept for validation. */
  validationSplit?: number;
  /** Data of their own for validation, and how much each sample counts. */
  validationData?: [Data, Data] | [Data, Data, Data];
  /** How much each sample counts. */
  sampleWeight?: Data;
  /** How much each class counts, by its number; a class that is not named counts 1. Not for validation. */
  classWeight?: ClassWeight;
  /** Changes the pictures a little each time, by the model's seed. Default: they stay as they are. */
  augment?: Augment;
  /** The share of the learning rate that is left at the end; it falls evenly, step by step. Default: 1, it stays. */
  finalRate?: number;
  /** A callback, or several. */
  callbacks?: unknown;
  /** Taken for TensorFlow.js' sake; nothing is printed. */
  verbose?: unknown;
  /** Milliseconds of work between two turns of the page. Default: 16. */
  slice?: number;
  /** As in TensorFlow.js: after how many milliseconds, or after what, others get their turn. Default: `auto`, after 16 ms. */
  yieldEvery?: number | 'auto' | 'batch' | 'epoch' | 'never';
}

const KEYS = [
  'batchSize',
  'epochs',
  'shuffle',
  'validationSplit',
  'validationData',
  'sampleWeight',
  'classWeight',
  'augment',
  'finalRate',
  'callbacks',
  'verbose',
  'slice',
  'yieldEvery',
];

/** What `fit` gives: the logs of each epoch, by name. */
export class History {
  readonly epoch: number[] = [];
  readonly history: Record<string, number[]> = {};
  readonly params: { epochs: number; batchSize: number; samples: number };

  constructor(params: { epochs: number; batchSize: number; samples: number }) {
    this.params = params;
  }
  add(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= [];
      this.history[name].push(value);
    }
  }
}

const named = (names: string[], values: ArrayLike<number>, prefix = ''): Logs =>
  Object.fromEntries(names.map((name, at) => [prefix + name, values[at]!]));

/** A slice of work: at least a batch, until so many milliseconds or batches are done. */
interface Slice {
  milliseconds: number;
  batches: number;
}

const ALL = 2 ** 30;

function sliceFrom({ slice, yieldEvery = 'auto' }: FitArgs): Slice {
  if (slice !== undefined && !(typeof slice === 'number' && slice >= 0)) {
    throw fault('value', `fit: slice: expected milliseconds, got ${describe(slice)}`);
  }
  if (typeof yieldEvery === 'number' && yieldEvery >= 0) {
    return { milliseconds: slice ?? yieldEvery, batches: ALL };
  }
  switch (yieldEvery) {
    case 'auto':
      return { milliseconds: slice ?? 16, batches: ALL };
    case 'batch':
      return { milliseconds: 0, batches: 1 };
    case 'epoch':
    case 'never':
      // An epoch's end always gives others their turn: a page that never gets one is frozen.
      return { milliseconds: Number.POSITIVE_INFINITY, batches: ALL };
  }
  throw fault(
    'value',
    `fit: yieldEvery: expected milliseconds, auto, batch, epoch or never, got ${describe(yieldEvery)}`,
  );
}

/** A setting that JSON can carry, or an error that names it: NaN and Infinity would become null. */
function checkNumbers(where: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw fault('value', `${where}: expected a finite number, got ${value}`);
  }
  if (value === null || typeof value !== 'object') return;
  for (const [key, part] of Object.entries(value)) checkNumbers(`${where}: ${key}`, part);
}

export async function runFit(
  model: Trained,
  network: Network,
  ends: Ends,
  x: Data,
  y: Data,
  args: FitArgs,
): Promise<History> {
  onlyKeys('fit', args, KEYS);
  const epochs = whole('fit: epochs', args.epochs ?? 1, 1);
  const batchSize = whole('fit: batchSize', args.batchSize ?? 32, 1);
  const { validationData, augment, finalRate, sampleWeight } = args;
  const [shuffle, validationSplit] = [args.shuffle ?? true, args.validationSplit ?? 0];
  if (typeof shuffle !== 'boolean')
    throw fault('type', `fit: shuffle: expected true or false, got ${describe(shuffle)}`);
  if (!(typeof validationSplit === 'number' && validationSplit >= 0 && validationSplit < 1)) {
    throw fault(
      'value',
      `fit: validationSplit: expected a number from 0 to less than 1, got ${describe(validationSplit)}`,
    );
  }
  checkNumbers('fit: augment', augment);
  checkNumbers('fit: finalRate', finalRate);
  const slice = sliceFrom(args);
  const told = new CallbackList(args.callbacks, model);
  const held = new Held();
  try {
    const options = JSON.stringify({ epochs, batchSize, shuffle, validationSplit, augment, finalRate });
    // Only a share that is kept of these data is for validation.
    const kept = validationData === undefined || validationData === null ? validationSplit : 0;
    const count = (): number =>
      trainedOn(asTensor('fit: y', parts('fit: y', y, ends.outputNames)[0]).shape[0] ?? 0, kept);
    const train = args.classWeight && kept > 0 ? count() : undefined;
    const weights = withClassWeight('fit', ends, y, args.classWeight, sampleWeight, train);
    const own = samples(held, 'fit', ends, x, y, weights);
    const validation = readValidation(held, ends, validationData);
    const run = held.keep(
      call((wasm) =>
        validation
          ? wasm.Fit.validated(network, own, validation, options)
          : new wasm.Fit(network, own, options),
      ),
    );
    const history = new History({ epochs, batchSize, samples: run.samples });
    model.stopTraining = false;
    await loop(model, network, run, told, history, slice);
    return history;
  } finally {
    held.free();
  }
}

function readValidation(held: Held, ends: Ends, given: unknown) {
  if (given === undefined || given === null) return undefined;
  if (!Array.isArray(given) || given.length < 2 || given.length > 3) {
    throw fault('type', `fit: validationData: expected [x, y], got ${describe(given)}`);
  }
  const [x, y, weights] = given as unknown[];
  return samples(held, 'fit: validationData', ends, x, y, weights);
}

async function loop(
  model: Trained,
  network: Network,
  run: Fit,
  told: CallbackList,
  history: History,
  slice: Slice,
) {
  const names = model.metricsNames;
  let begun = -1;
  let [epoch, batch, logs]: [number, number, Logs] = [0, 0, {}];
  await told.tell('onTrainBegin');
  for (let working = true; working && !model.stopTraining; ) {
    if (begun < epoch && epoch < history.params.epochs) {
      await told.tellAt('onEpochBegin', epoch, {});
      begun = epoch;
    }
    const inEpoch = batch < run.batches;
    if (told.perBatch && inEpoch) await told.tellAt('onBatchBegin', batch, { batch });
    // Whoever is told of each batch sees the weights as they are after it.
    const one = told.perBatch && inEpoch;
    const [time, most] = one ? [0, 1] : [slice.milliseconds, told.perBatch ? 1 : slice.batches];
    for (const event of events(call(() => run.run(network, time, most)))) {
      if (event.kind === 'done') working = false;
      else if (event.kind === 'batch') {
        logs = { batch: event.batch, size: event.size, ...named(names, event.logs) };
        if (told.perBatch) await told.tellAt('onBatchEnd', event.batch, logs);
        batch = event.batch + 1;
      } else {
        const means = {
          ...named(names, event.logs),
          ...(event.validation ? named(names, event.validation, 'val_') : {}),
        };
        history.add(event.epoch, means);
        await told.tellAt('onEpochEnd', event.epoch, means);
        [epoch, batch] = [event.epoch + 1, 0];
        working = epoch < history.params.epochs;
      }
    }
    await told.tellYield(epoch, batch, logs);
    await nextTurn();
  }
  // Stopped in the middle of an epoch: what there is of it counts.
  if (batch > 0 && epoch < history.params.epochs) {
    const means = named(names, Array.from(call(() => run.running())));
    history.add(epoch, means);
    await told.tellAt('onEpochEnd', epoch, means);
  }
  await told.tell('onTrainEnd');
}
