/** `fit`: its options, checked, and what it hands over to the loop. */

import { describe, fault, flag, onlyKeys, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isA, isArray } from '../engine/look.js';
import { plainSettings } from '../nn/settings.js';
import type { Network, Samples } from '../wasm/mapling.js';
import { CallbackList } from './callback-list.js';
import type { CallbackArgs, Trained } from './callbacks/callback.js';
import type { ClassWeight } from './class-weight.js';
import { ALL, Control } from './control.js';
import { History } from './history.js';
import { loop, type Run, type Slice, type Watcher } from './loop.js';
import { Place } from './place.js';
import { resumer } from './resumer.js';
import type { RunState } from './run-state.js';
import { type Data, type Ends, Held, type PerSample, samples } from './samples.js';
import { printer, type Verbosity, verbosity, withRegistered } from './verbosity.js';
import { CoreWork } from './work.js';

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
  validationData?: [Data, Data] | [Data, Data, PerSample];
  /** How much each sample counts, or each of its steps: for all outputs, or for each, in a list or by name. */
  sampleWeight?: PerSample | null | undefined;
  /** How much each class counts, by its number; a class that is not named counts 1. Not for validation. */
  classWeight?: ClassWeight;
  /** Changes the pictures a little each time, by the model's seed. Default: they stay as they are. */
  augment?: Augment;
  /** The share of the learning rate that is left at the end; it falls evenly, step by step. Default: 1, it stays. */
  finalRate?: number;
  /** A callback, or several. */
  callbacks?: CallbackArgs | readonly CallbackArgs[] | null | undefined;
  /** What is printed: 0 nothing, 1 a line of progress, 2 a line for each epoch. Default: 0. */
  verbose?: Verbosity;
  /** The number of the first epoch, to go on with an earlier run. `epochs` is where the run ends. Default: 0. */
  initialEpoch?: number;
  /** How many batches an epoch has; the next goes on where it ended. Default: as many as it takes to see all data. */
  stepsPerEpoch?: number;
  /** TensorFlow.js' name for `stepsPerEpoch` beside data sets. */
  batchesPerEpoch?: number;
  /**
   * How many batches to train on, through as many epochs as that takes: in place of `epochs`, for rounds of federated
   * learning, say. The order of the samples goes on by the model's seed from one call to the next.
   */
  steps?: number;
  /** How many batches of the validation data are looked at. Default: all. */
  validationSteps?: number;
  /**
   * Goes on where the model's last run was, that of a checkpoint or one that was stopped, with the same data, options and
   * callbacks, to the same bits as if it had never stopped; what does not match is refused. `epochs` may be others.
   * Default: false, a new run.
   */
  resume?: boolean;
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
  'initialEpoch',
  'stepsPerEpoch',
  'batchesPerEpoch',
  'steps',
  'validationSteps',
  'resume',
  'slice',
  'yieldEvery',
];

export function sliceFrom({ slice, yieldEvery = 'auto' }: FitArgs, where: string): Slice {
  if (slice !== undefined && !(typeof slice === 'number' && slice >= 0)) {
    throw fault('value', `${where}: slice: expected milliseconds, got ${describe(slice)}`);
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
    `${where}: yieldEvery: expected milliseconds, auto, batch, epoch or never, got ${describe(yieldEvery)}`,
  );
}

/** What a run trains on, handed over to the core. */
export interface Prepared extends Run {
  held: Held;
}

/**
 * Checks everything that a run needs and hands it over to the core; nothing has been trained then. `data` gives the
 * samples to train on and those to validate on.
 */
export function prepareFit(
  model: Trained,
  network: Network,
  args: FitArgs,
  data: (held: Held) => { own: Samples; validation?: Samples | undefined },
  where: string,
): Prepared {
  onlyKeys(where, args, KEYS);
  const steps = stepsFrom(where, args);
  const before = resumer.stateFrom?.(where, model, args.resume);
  if (before && steps !== undefined)
    throw fault('value', `${where}: steps: a run that is resumed goes on to the end of its epochs`);
  const [askedEpochs, initialEpoch] = epochsFrom(where, args, before, steps);
  const batchSize = whole(`${where}: batchSize`, args.batchSize ?? 32, 1);
  const stepsPerEpoch = countFrom(`${where}: stepsPerEpoch`, args.stepsPerEpoch ?? args.batchesPerEpoch);
  const validationSteps = countFrom(`${where}: validationSteps`, args.validationSteps);
  const verbose = verbosity(where, args.verbose);
  const { augment } = args;
  const finalRate = plainSettings(where, args.finalRate ?? undefined, 'finalRate');
  if (finalRate !== undefined && !(typeof finalRate === 'number' && finalRate >= 0 && finalRate <= 1))
    throw fault('value', `${where}: finalRate: expected a share from 0 to 1, got ${describe(finalRate)}`);
  const shuffle = flag(`${where}: shuffle`, args.shuffle, true);
  const validationSplit = args.validationSplit ?? 0;
  if (!(typeof validationSplit === 'number' && validationSplit >= 0 && validationSplit < 1)) {
    throw fault(
      'value',
      `${where}: validationSplit: expected a number from 0 to less than 1, got ${describe(validationSplit)}`,
    );
  }
  // NaN and Infinity would become null on the way.
  const settings = {
    augment: plainSettings(`${where}: augment`, augment, 'settings'),
    finalRate,
  };
  const slice = sliceFrom(args, where);
  const told = new CallbackList(where, withRegistered(args.callbacks, verbose), model);
  const held = new Held();
  try {
    const options = JSON.stringify({
      // An epoch has a batch at least.
      epochs: steps ?? Math.max(1, askedEpochs - initialEpoch),
      batchSize,
      shuffle,
      validationSplit,
      ...settings,
      stepsPerEpoch,
      validationSteps,
    });
    const { own, validation } = data(held);
    const { sampleWeight, classWeight } = args;
    const kept = {
      dataset: false,
      samples: own.length,
      validationSamples: validation?.length,
      epochs: askedEpochs,
      initialEpoch,
      batchSize,
      shuffle,
      validationSplit,
      augment: settings.augment,
      finalRate: settings.finalRate ?? 1,
      stepsPerEpoch,
      validationSteps,
      sampleWeight: (sampleWeight ?? null) !== null,
      classWeight: isA(classWeight, Map) ? Object.fromEntries(classWeight) : classWeight,
    };
    if (before) resumer.check?.(where, kept, told, before);
    const core = held.keep(
      call(
        (wasm) =>
          validation
            ? wasm.Fit.validated(network, own, validation, options)
            : new wasm.Fit(network, own, options),
        where,
      ),
    );
    const fit = new CoreWork(core, batchSize, initialEpoch);
    const doValidation = validation !== undefined || validationSplit > 0;
    const { samples, batches } = fit;
    const epochs = steps === undefined ? askedEpochs : initialEpoch + Math.ceil(steps / batches);
    const metrics = logNames(model, doValidation);
    const params = {
      epochs,
      initialEpoch,
      samples,
      steps: batches,
      batchSize,
      verbose,
      doValidation,
      metrics,
    };
    const history = new History(params);
    told.setParams(params);
    const place = new Place({ ...kept, epochs }, fit, told, history);
    const run = { fit, slice, told, history, place, steps, progress: printer.make?.(verbose, batches) };
    if (before) resumer.goOn?.(network, run, before);
    return { ...run, held };
  } catch (failure) {
    held.free();
    throw failure;
  }
}

/** The names of a run's logs. */
export const logNames = ({ metricsNames }: Trained, doValidation: boolean): string[] =>
  doValidation ? [...metricsNames, ...metricsNames.map((name) => `val_${name}`)] : [...metricsNames];

/** Where a run ends, and where it begins: where the run began that it goes on with, if it does. */
export function epochsFrom(
  where: string,
  args: { epochs?: number; initialEpoch?: number },
  before?: RunState,
  steps?: number,
): [epochs: number, initialEpoch: number] {
  const epochs = whole(`${where}: epochs`, args.epochs ?? 1, 0);
  const given = args.initialEpoch ?? undefined;
  const initialEpoch = whole(`${where}: initialEpoch`, given ?? before?.settings.initialEpoch ?? 0, 0);
  if (given !== undefined && steps === undefined && initialEpoch > epochs) {
    const end = `the run ends after epoch ${epochs}, which \`epochs\` says`;
    throw fault('value', `${where}: initialEpoch: ${end}, and cannot begin with ${initialEpoch}`);
  }
  return [epochs, initialEpoch];
}

/** How many batches a run has, where that is what was asked for. */
function stepsFrom(where: string, args: FitArgs): number | undefined {
  const steps = countFrom(`${where}: steps`, args?.steps);
  if (steps === undefined) return undefined;
  for (const key of ['epochs', 'stepsPerEpoch', 'batchesPerEpoch', 'finalRate'] as const) {
    if (args[key] !== undefined && args[key] !== null)
      throw fault(
        'value',
        `${where}: steps: the run ends after ${steps}, so ${key} says nothing; leave it out`,
      );
  }
  return steps;
}

/** A count that need not be given. */
export const countFrom = (where: string, count: unknown): number | undefined =>
  count === undefined || count === null ? undefined : whole(where, count, 1);

/** Trains what was prepared, to its end. */
export async function runFit(
  model: Trained,
  network: Network,
  prepared: Prepared,
  control: Control = new Control(),
  watcher?: Watcher,
): Promise<History> {
  const { place, history, held } = prepared;
  try {
    model.stopTraining = false;
    model.run_ = place;
    await loop(model, network, prepared, control, watcher);
    return history;
  } finally {
    place.end();
    held.free();
  }
}

/** The samples of `validationData`. */
export function readValidation(held: Held, ends: Ends, given: unknown): Samples | undefined {
  if (given === undefined || given === null) return undefined;
  if (!isArray(given) || given.length < 2 || given.length > 3) {
    throw fault('type', `fit: validationData: expected [x, y], got ${describe(given)}`);
  }
  const [x, y, weights] = given as unknown[];
  return samples(held, 'fit: validationData', ends, x, y, weights);
}
