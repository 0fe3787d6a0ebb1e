/** How models are trained and tested on data sets, as methods of theirs. */
import { describe, fault, onlyKeys, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isA } from '../engine/look.js';
import { nextTurn } from '../engine/turn.js';
import type { Tensor } from '../tensor/handle.js';
import { CallbackList } from '../train/callback-list.js';
import type { CallbackArgs } from '../train/callbacks/callback.js';
import type { ClassWeight } from '../train/class-weight.js';
import {
  type Batches,
  type BatchIterator,
  DatasetWork,
  isBatches,
  isIterator,
  lookAt,
  readElement,
} from '../train/dataset-work.js';
import { countFrom, epochsFrom, type FitArgs, logNames, sliceFrom } from '../train/fit.js';
import { History, named } from '../train/history.js';
import { Place } from '../train/place.js';
import { resumer } from '../train/resumer.js';
import { type Data, type Ends, Held, type OneOf, samples } from '../train/samples.js';
import { printer, type Verbosity, verbosity, withRegistered } from '../train/verbosity.js';
import { classWeightOf } from './class-weight-of.js';
import { LayersModel } from './model.js';
import { scalars } from './scalars.js';

export interface FitDatasetArgs {
  /** Where the run ends. Default: 1. */
  epochs?: number;
  /** The number of the first epoch. Default: 0. */
  initialEpoch?: number;
  /**
   * Batches in an epoch; the next epoch then goes on where it ended. Default: each epoch goes through the data set from
   * its beginning to its end.
   */
  batchesPerEpoch?: number;
  /** What is looked at after each epoch: a data set, or `[xs, ys]`. */
  validationData?: Batches | [Data, Data] | [Data, Data, OneOf] | { xs: Data; ys: Data } | null;
  /** Batches of a data set for validation that are looked at. Default: all. */
  validationBatches?: number;
  /** Samples in a batch, where tensors are for validation. Default: 32. */
  validationBatchSize?: number;
  /** How much each class counts, by its number. Not for validation. */
  classWeight?: ClassWeight | null;
  callbacks?: CallbackArgs | readonly CallbackArgs[] | null | undefined;
  /** What is printed: 0 nothing, 1 a line of progress, 2 a line for each epoch. Default: 0. */
  verbose?: Verbosity;
  /**
   * Goes on where the model's last run was; see `fit`. What the run has seen of the data set is passed over, so that it
   * must give the same batches again: with seeds, and made anew where it was gone through before.
   */
  resume?: boolean;
  /** As for `fit`. */
  yieldEvery?: FitArgs['yieldEvery'];
}

export interface EvaluateDatasetArgs {
  /** Batches that are looked at. Default: all. */
  batches?: number;
  verbose?: Verbosity;
}

interface DatasetMethods {
  /**
   * Trains on a data set, whose elements are batches `{ xs, ys }`: tensors, lists of them or tensors by name. A batch is
   * asked for when it is needed, and freed afterwards if the data set has made it.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
   * model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
   * const set = data.zip({ xs: data.array([[1], [2]]), ys: data.array([[1], [2]]) }).batch(1);
   * (await model.fitDataset(set, { epochs: 2 })).epoch; // → [0, 1]
   */
  fitDataset(dataset: Batches, args?: FitDatasetArgs): Promise<History>;
  /**
   * The loss over a data set, or the loss and each metric, as scalar tensors.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
   * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
   * await model.evaluateDataset(data.zip({ xs: data.array([[1]]), ys: data.array([[3]]) }).batch(1)); // → 9
   */
  evaluateDataset(dataset: Batches | BatchIterator, args?: EvaluateDatasetArgs): Promise<Tensor | Tensor[]>;
}

declare module './model.js' {
  interface LayersModel extends DatasetMethods {}
}

const FIT =
  'epochs initialEpoch batchesPerEpoch validationData validationBatches validationBatchSize classWeight callbacks verbose resume yieldEvery';

const methods: DatasetMethods & ThisType<LayersModel> = {
  async fitDataset(dataset, args = {}): Promise<History> {
    const where = 'fitDataset';
    onlyKeys(where, args, FIT.split(' '));
    if (!isBatches(dataset)) throw fault('type', `${where}: expected a data set, got ${describe(dataset)}`);
    const before = resumer.stateFrom?.(where, this, args.resume);
    const [epochs, initialEpoch] = epochsFrom(where, args, before);
    const batchesPerEpoch = countFrom(`${where}: batchesPerEpoch`, args.batchesPerEpoch);
    const most = countFrom(`${where}: validationBatches`, args.validationBatches);
    const validationSize = whole(`${where}: validationBatchSize`, args.validationBatchSize ?? 32, 1);
    const verbose = verbosity(where, args.verbose);
    const slice = sliceFrom(args as FitArgs, where);
    const told = new CallbackList(where, withRegistered(args.callbacks, verbose), this);
    this._checkFree();
    const network = this.core_(where);
    const { validationData } = args;
    const classWeight = classWeightOf(this, args.classWeight);
    const doValidation = validationData !== undefined && validationData !== null;
    const settings = {
      dataset: true,
      epochs,
      initialEpoch,
      batchesPerEpoch,
      validation: doValidation,
      validationBatches: most,
      validationBatchSize: validationSize,
      classWeight: isA(classWeight, Map) ? Object.fromEntries(classWeight) : classWeight,
    };
    if (before) resumer.check?.(where, settings, told, before);
    const held = new Held();
    const stream = held.keep(call((wasm) => new wasm.Stream(network, true)));
    let known: Ends | undefined;
    const ends = (): Ends => {
      known ??= this.ends_();
      return known;
    };
    const work = new DatasetWork(network, stream, {
      where,
      dataset,
      ends,
      batchesPerEpoch,
      from: initialEpoch,
      epochs,
      classWeight,
      validation: isBatches(validationData) ? validationData : undefined,
      validate: doValidation ? () => validate(this, ends, validationData, validationSize, most) : undefined,
    });
    const train = async (): Promise<History> => {
      if (initialEpoch < epochs && !before) {
        // The model is built by the first batch, if it is not yet, before anything holds its weights.
        const first = await work.peek();
        if (first !== undefined) this._prepare(where, readElement(where, first).xs, true);
      }
      const known = batchesPerEpoch ?? dataset.size ?? null;
      const steps = Number.isFinite(known) ? known : null;
      const metrics = logNames(this, doValidation);
      const [samples, batchSize] = [null, null];
      const params = { epochs, initialEpoch, samples, steps, batchSize, verbose, doValidation, metrics };
      told.setParams(params);
      const history = new History(params);
      const progress = printer.make?.(verbose, steps);
      const place = new Place(settings, work, told, history);
      const run = { fit: work, slice, told, history, place, progress };
      if (before) await resumer.goOn?.(network, run, before);
      return this.runHeld_({ ...run, held });
    };
    try {
      return await this.training_(train);
    } finally {
      held.free();
      await work.close();
    }
  },

  async evaluateDataset(dataset, args = {}): Promise<Tensor | Tensor[]> {
    const where = 'evaluateDataset';
    onlyKeys(where, args, ['batches', 'verbose']);
    if (!isBatches(dataset) && !isIterator(dataset))
      throw fault('type', `${where}: expected a data set, got ${describe(dataset)}`);
    const most = countFrom(`${where}: batches`, args?.batches);
    const known = most ?? (isBatches(dataset) ? dataset.size : null);
    const progress = printer.make?.(verbosity(where, args?.verbose), known);
    const network = this.core_(where);
    const release = this._hold();
    try {
      let done = 0;
      let told = performance.now();
      const names = this.metricsNames;
      const ends = (): Ends => this.ends_();
      const numbers = await lookAt(where, network, ends, dataset, most, async (batches, running) => {
        done = batches;
        progress?.batches(batches, () => named(names, running()));
        if (performance.now() - told < 16) return;
        await nextTurn();
        told = performance.now();
      });
      progress?.epochEnds(done, named(names, numbers));
      return scalars(numbers);
    } finally {
      release();
    }
  },
};

/** The loss and metrics over data for validation. */
async function validate(
  model: LayersModel,
  ends: () => Ends,
  given: NonNullable<FitDatasetArgs['validationData']>,
  batchSize: number,
  most: number | undefined,
): Promise<Float64Array> {
  const network = model.core_('fitDataset');
  if (isBatches(given)) return lookAt('fitDataset: validationData', network, ends, given, most);
  const where = 'fitDataset: validationData';
  const { xs, ys, sampleWeight } = readElement(where, given);
  const held = new Held();
  try {
    const all = samples(held, where, ends(), xs, ys, sampleWeight);
    const evaluation = held.keep(call((wasm) => new wasm.Evaluation(network, all, batchSize), where));
    while (!call(() => evaluation.run(network, 16, 2 ** 30), where)) await nextTurn();
    return call(() => evaluation.logs());
  } finally {
    held.free();
  }
}

for (const [name, value] of Object.entries(methods))
  Object.defineProperty(LayersModel.prototype, name, { value, writable: true, configurable: true });
