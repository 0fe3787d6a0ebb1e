/** `fit`: training in slices of time, with callbacks between them. */

import { describe, onlyKeys, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { nextTurn } from '../engine/turn.js';
import type { Data, Sequential } from '../nn/model.js';
import type { Fit, Network } from '../wasm/mapling.js';
import { CallbackList, type Logs } from './callbacks.js';
import { events } from './events.js';
import { features, Held, labels } from './samples.js';

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
  /** Data of their own for validation. */
  validationData?: [Data, Data];
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
}

const KEYS = [
  'batchSize',
  'epochs',
  'shuffle',
  'validationSplit',
  'validationData',
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

export async function runFit(
  model: Sequential,
  network: Network,
  x: Data,
  y: Data,
  args: FitArgs,
): Promise<History> {
  onlyKeys('fit', args, KEYS);
  const epochs = whole('fit: epochs', args.epochs ?? 1, 1);
  const batchSize = whole('fit: batchSize', args.batchSize ?? 32, 1);
  const { shuffle = true, validationSplit = 0, validationData, augment, finalRate, slice = 16 } = args;
  if (typeof shuffle !== 'boolean')
    throw new Error(`fit: shuffle: expected true or false, got ${describe(shuffle)}`);
  if (!(typeof validationSplit === 'number' && validationSplit >= 0 && validationSplit < 1)) {
    throw new Error(
      `fit: validationSplit: expected a number from 0 to less than 1, got ${describe(validationSplit)}`,
    );
  }
  if (!(typeof slice === 'number' && slice >= 0))
    throw new Error(`fit: slice: expected milliseconds, got ${describe(slice)}`);
  const told = new CallbackList(args.callbacks, model);
  const held = new Held();
  try {
    const options = JSON.stringify({ epochs, batchSize, shuffle, validationSplit, augment, finalRate });
    const run = held.keep(begin(held, network, x, y, validationData, options));
    const history = new History({ epochs, batchSize, samples: run.samples });
    model.stopTraining = false;
    await loop(model, network, run, told, history, slice);
    return history;
  } finally {
    held.free();
  }
}

function begin(held: Held, network: Network, x: Data, y: Data, validation: unknown, options: string): Fit {
  if (validation !== undefined && !(Array.isArray(validation) && validation.length === 2)) {
    throw new Error(`fit: validationData: expected [x, y], got ${describe(validation)}`);
  }
  const [inputs, targets] = [held.keep(features('fit', x, network)), held.keep(labels('fit', y))];
  if (!validation) return call((wasm) => new wasm.Fit(network, inputs, targets, options));
  const testX = held.keep(features('fit: validationData', validation[0], network));
  const testY = held.keep(labels('fit: validationData', validation[1]));
  return call((wasm) => wasm.Fit.validated(network, inputs, targets, testX, testY, options));
}

async function loop(
  model: Sequential,
  network: Network,
  run: Fit,
  told: CallbackList,
  history: History,
  slice: number,
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
    const [time, most] = told.perBatch && inEpoch ? [0, 1] : [slice, told.perBatch ? 1 : 2 ** 30];
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
