/** Training in a worker: what a page talks to, so that it never waits. */
import type { Bytes } from '../engine/bytes.js';
import { checkFunction, describe, fault, onlyKeys } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { plainSettings } from '../nn/settings.js';
import type { PlainWeight } from '../nn/weights.js';
import { beginning, type TrainerOptions } from './beginning.js';
import type { ModelDescription } from './descriptions.js';
import { type Digits, DigitsPart } from './digits.js';
import { checkSignal, crossing, plainSet, plainWeights, signalFrom } from './given.js';
import { Life } from './life.js';
import { asSource, type ModelLike } from './model-source.js';
import type {
  AdjustArgs,
  BackendInfo,
  DigitsInfo,
  DigitsSource,
  Evaluated,
  HistoryData,
  ModelFile,
  ModelFormat,
  ModelInfo,
  ModelSource,
  OnProgress,
  Plain,
  Plan,
  ReadModel,
  RunOptions,
  SavedModel,
  TrainerEvent,
  TrainState,
} from './protocol.js';
import type { CallbackLike, Told } from './told.js';
import { moved, toPlainData } from './wire.js';

export type { TrainerOptions } from './beginning.js';
export type { LayerDescription, ModelDescription } from './descriptions.js';
export type { Digits } from './digits.js';
export type * from './protocol.js';
export type { CallbackLike } from './told.js';

/** What `fit` of the trainer takes: how to train, and who is told. */
export interface TrainerFitArgs extends Omit<RunOptions, 'data' | 'validation' | 'paused'> {
  /** A callback, or several, called in this page; each is waited for. */
  callbacks?: CallbackLike | CallbackLike[];
  /** `[x, y]` or `[x, y, sampleWeight]` to validate on after each epoch. */
  validationData?: [unknown, unknown] | [unknown, unknown, unknown];
  /** How much each sample counts. */
  sampleWeight?: unknown;
  /** Ends the run when it is raised. */
  signal?: AbortSignal;
  /** Whether typed arrays move to the worker instead of being copied: whoever gave one has it no longer. Default: false. */
  transfer?: boolean;
}

/** What `predict` of the trainer takes. */
export interface TrainerPredictArgs {
  /** Gives up waiting when it is raised. */
  signal?: AbortSignal;
  /** Whether typed arrays move to the worker instead of being copied: whoever gave one has it no longer. Default: false. */
  transfer?: boolean;
}

export interface Trainer {
  /**
   * Gives the worker data that it makes or fetches itself, as the sets `train` and `test`: MNIST, generated digits, or files
   * of digits. The same as `digits.load`; other data are handed over by `setData` or `fit`.
   * @throws For a kind that is not known, unknown keys, and data that cannot be had; the sets stay as they were then.
   */
  load(source: DigitsSource, onProgress?: OnProgress): Promise<DigitsInfo>;
  /**
   * Goes on with a new model: a row of layers from their Keras configurations, compiled. Where no layer says what a sample
   * is, the samples of the set `train` do. If it cannot be made, nothing has changed.
   * @throws For layers, optimizers, losses and settings that are not known, and without the shape of a sample.
   * @example
   * const trainer = await createTrainer();
   * await trainer.load({ kind: 'digits', seed: 1, count: 500 });
   * const { params } = await trainer.build({
   *   layers: [
   *     { className: 'Flatten' },
   *     { className: 'Dense', config: { units: 10, activation: 'softmax' } },
   *   ],
   *   optimizer: { className: 'Adam', config: { learningRate: 0.01 } },
   *   loss: 'sparseCategoricalCrossentropy',
   *   metrics: ['accuracy'],
   *   seed: 1,
   * });
   * await trainer.start({ epochs: 1, batchSize: 10, paused: true });
   * const { step } = await trainer.step();
   * trainer.terminate();
   * [params, step]; // → [7850, 1]
   */
  build(description: ModelDescription): Promise<ModelInfo>;
  /**
   * Goes on with another model: a compiled model of this page, its architecture, weights and what to compile it with, or
   * the bytes of a checkpoint, whose run `start({ resume: true })` or `fit(x, y, { resume: true })` goes on with.
   * If it cannot be made, nothing has changed.
   */
  setModel(model: ModelLike | ModelSource | Uint8Array): Promise<ModelInfo>;
  /**
   * What a model that is a row of layers would be: shapes, numbers to learn and work for each layer, up to one that
   * cannot be, and why it cannot. Nothing is made, and the model that is there stays.
   * @example
   * const trainer = await createTrainer();
   * const json = { class_name: 'Sequential', config: { layers: [
   *   { class_name: 'Flatten', config: {} },
   *   { class_name: 'Dense', config: { units: 10 } },
   * ] } };
   * const { params } = await trainer.plan({ json, inputShape: [28, 28, 1] });
   * trainer.terminate();
   * params; // → 7850
   */
  plan(source: ModelSource): Promise<Plan>;
  /**
   * Gives the worker samples under a name, as `train` or `test`, with what the model should answer for them. Tensors are
   * copied; typed arrays move, and whoever gave one has it no longer. A run goes on with what it had.
   */
  setData(name: string, x: unknown, y?: unknown, sampleWeight?: unknown): Promise<void>;
  /** Trains on copies of these samples, or with `transfer` on what was given (they become the set `train`), to the end. */
  fit(x: unknown, y: unknown, args?: TrainerFitArgs): Promise<HistoryData>;
  /** Begins to train on sets that are there, and returns; `state` events follow about 20 times a second. */
  start(options?: RunOptions & { callbacks?: CallbackLike | CallbackLike[] }): Promise<void>;
  pause(): Promise<TrainState>;
  resume(): Promise<void>;
  /** Trains so many batches, by default one, and stays paused. */
  step(batches?: number): Promise<TrainState>;
  /**
   * Changes learning rate, momentum or batch size of the run under way, from the next step on; the state that comes back
   * says which step was the last before. `start({ adjustments: [{ step, learningRate }] })` does the same at a step that
   * is named before, to the same bits; `adjust({ adjustments: [] })` lets go of what is still to come of these.
   * @example
   * const trainer = await createTrainer();
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
   * model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
   * await trainer.setModel(model);
   * await trainer.setData('train', [[0], [1]], [[1], [3]]);
   * await trainer.start({ epochs: 20, batchSize: 2, paused: true });
   * await trainer.step(5);
   * const { step } = await trainer.adjust({ learningRate: 0.01, momentum: 0.9, batchSize: 1 });
   * trainer.terminate();
   * step; // → 5
   */
  adjust(adjustment: AdjustArgs): Promise<TrainState>;
  /** Ends the run; the model keeps what it has learned. */
  stop(): Promise<void>;
  /** What the model answers to a copy of these, or to what was given with `transfer`, one for each output; works while it trains. */
  predict<Answer extends Plain | Plain[] = Plain>(x: unknown, options?: TrainerPredictArgs): Promise<Answer>;
  /** Tests the model on the set of this name; also sends `evaluated`. Training waits. */
  evaluate(name: string, options?: { signal?: AbortSignal }): Promise<Evaluated>;
  /** The weights of the layer at this place, or of all, by Keras' paths. */
  weights(layer?: number): Promise<{ name: string; shape: number[]; values: Float32Array }[]>;
  /**
   * Replaces all weights, in the order of `weights()`, whose answers it takes; the arrays are copied. What the optimizer
   * remembers stays. Refused while the model is being trained.
   */
  setWeights(weights: readonly PlainWeight[]): Promise<void>;
  /** The model with its weights and what its optimizer remembers: `setModel` goes on with it, `loadModel` reads it. */
  save(): Promise<SavedModel>;
  /**
   * The same as the bytes of a checkpoint, in the middle of an epoch too: what `io.toCheckpoint` gives. A page that was
   * closed goes on with it to the same bits.
   */
  checkpoint(): Promise<Bytes>;
  /**
   * The model as files for other programs: `keras` for Keras 3, `tensorflow` for TensorFlow.js' `loadLayersModel`,
   * `safetensors` its weights alone, `checkpoint` all that training goes on with.
   * @throws For another format, without a model, and for parts that have no form there.
   */
  write(format: ModelFormat): Promise<ModelFile[]>;
  /**
   * The model in such files, looked at and not taken yet: `setModel(source)` does that. Weights alone are taken as those of
   * a model like the present one.
   * @throws `format` or `name` for files that hold no model that is known here; nothing has changed then.
   */
  read(files: ArrayLike<File>): Promise<ReadModel>;
  /** What computes: the mode, the number of threads, and what was not possible. */
  backend(): Promise<BackendInfo>;
  /** Digits: MNIST, files, generated ones, and drawings that the model reads. */
  readonly digits: Digits;
  /** Calls `listener` with each event; call what comes back to end that. */
  subscribe(listener: (event: TrainerEvent) => void): () => void;
  /** Ends the worker. What is still asked of it is refused. */
  terminate(): void;
}

/** Options whose keys the worker looks at. */
function objectOf<T extends object>(where: string, given: T | null | undefined): Partial<T> {
  onlyKeys(where, given ?? undefined, Object.keys(given ?? {}));
  return given ?? {};
}

/**
 * Starts a worker that trains any model on any data.
 * @example
 * const trainer = await createTrainer();
 * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
 * await trainer.setModel(model);
 * await trainer.fit([[0], [1]], [[1], [3]], { epochs: 200 }); // y = 2 x + 1
 * const { values } = await trainer.predict([[2]]);
 * trainer.terminate();
 * Math.round(values[0]); // → 5
 */
export async function createTrainer(options: TrainerOptions = {}): Promise<Trainer> {
  const { make, begin, patience } = await beginning(options);
  const modules = begin.modules !== undefined;
  const listeners = new Set<(event: TrainerEvent) => void>();
  const emit = (event: TrainerEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (failure) {
        // A listener that fails is its owner's; those after it are told all the same.
        reportFailure(failure);
      }
    }
  };
  /** Names of sets that came from this page, and are gone with their worker. */
  const given = new Set<string>();
  const life: Life = new Life({
    make,
    begin,
    emit,
    patience,
    restore: async (hands) => {
      const lost = [...given];
      given.clear();
      await digits.restore(hands);
      return lost;
    },
  });
  const digits = new DigitsPart(life);
  await life.begun();

  return {
    load: async (...given) => (await import('./descriptions.js')).load(digits, ...given),
    build: async (description) => (await import('./descriptions.js')).build(life, modules, description),
    setModel: async (model) => {
      const source = await asSource(model, modules);
      return life.ask((hands) => hands.setModel(source));
    },
    plan: async (source) => {
      const plain = (await asSource(source, false, 'plan')) as ModelSource;
      return life.ask((hands) => hands.plan(plain));
    },
    async setData(name, x, y, sampleWeight) {
      if (typeof name !== 'string')
        throw fault('type', `setData: expected a name for the data, got ${describe(name)}`);
      const set = plainSet('setData', [x, y, sampleWeight]);
      await life.ask((hands) => hands.setData(name, moved(set)));
      given.add(name);
    },
    async fit(x, y, args) {
      const { callbacks, validationData, sampleWeight, signal, transfer, ...rest } = objectOf('fit', args);
      checkSignal('fit', signal);
      const cross = crossing('fit', transfer);
      const run = plainSettings('fit', rest) as RunOptions;
      const data = {
        train: plainSet('fit', [x, y, sampleWeight]),
        validation:
          validationData === undefined || validationData === null
            ? undefined
            : plainSet('fit: validationData', validationData),
      };
      const told = isNobody(callbacks) ? nobody : await loadTold('fit', callbacks);
      let hasBegun = false;
      try {
        const { history, found } = await life.ask((hands) => {
          hasBegun = true;
          return hands.fit(run, told.specs, told.tell, cross(data));
        }, signal);
        told.take(found);
        for (const name of Object.keys(data)) given.add(name);
        return history;
      } catch (failure) {
        if (signal?.aborted && hasBegun) void life.ask((hands) => hands.stop()).catch(() => {});
        throw told.thrown ?? failure;
      }
    },
    start: async (args) => {
      const { callbacks, ...rest } = objectOf('start', args);
      const run = plainSettings('start', rest) as RunOptions;
      const told = isNobody(callbacks) ? nobody : await loadTold('start', callbacks);
      return life.ask((hands) => hands.start(run, told.specs, told.tell));
    },
    pause: () => life.ask((hands) => hands.pause()),
    resume: () => life.ask((hands) => hands.resume()),
    step: (batches) => life.ask((hands) => hands.step(batches)),
    adjust: async (adjustment) => {
      const plain = plainSettings('adjust', adjustment) as AdjustArgs;
      return life.ask((hands) => hands.adjust(plain));
    },
    stop: () => life.ask((hands) => hands.stop()),
    predict: async <Answer extends Plain | Plain[]>(x: unknown, options?: TrainerPredictArgs) => {
      if (options !== undefined && options !== null) onlyKeys('predict', options, ['signal', 'transfer']);
      const { transfer } = options ?? {};
      const signal = checkSignal('predict', options?.signal);
      const cross = crossing('predict', transfer);
      const data = toPlainData('predict: x', x);
      const answers = await life.ask((hands, number) => hands.predict(number, cross(data)), signal);
      return (answers.length === 1 ? answers[0]! : answers) as Answer;
    },
    evaluate: async (name, options) => {
      if (typeof name !== 'string')
        throw fault('type', `evaluate: expected the name of a data set, got ${describe(name)}`);
      const signal = signalFrom('evaluate', options);
      return life.ask((hands, number) => hands.evaluate(number, name), signal);
    },
    weights: (layer) => life.ask((hands) => hands.weights(layer)),
    async setWeights(weights) {
      const plain = plainWeights(weights);
      return life.ask((hands) => hands.setWeights(plain));
    },
    save: () => life.ask((hands) => hands.save()),
    checkpoint: () => life.ask((hands) => hands.checkpoint()),
    write: async (format) => (await import('./seldom.js')).ask(life, 'write', format),
    read: async (files) => (await import('./seldom.js')).ask(life, 'read', files),
    backend: () => life.ask((hands) => hands.backend()),
    digits,
    subscribe(listener) {
      checkFunction('subscribe', listener);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    terminate() {
      listeners.clear();
      life.end(fault('state', 'the trainer was terminated'));
    },
  };
}

/** Callbacks are loaded where there are any. Without them nothing is waited for, so that what is asked next comes next. */
const isNobody = (callbacks: unknown): boolean =>
  callbacks === undefined || callbacks === null || (isArray(callbacks) && callbacks.length === 0);
const nobody: Pick<Told, 'specs' | 'tell' | 'take' | 'thrown'> = {
  specs: [],
  tell: undefined,
  thrown: undefined,
  take() {},
};
const loadTold = async (where: string, callbacks: unknown): Promise<Told> =>
  new (await import('./told.js')).Told(where, callbacks);

/** As an error that nothing caught. */
const reportFailure = (failure: unknown): void => {
  if (typeof reportError === 'function') reportError(failure);
  else console.error(failure);
};
