/** Models: graphs of layers that train, shaped like Keras' and TensorFlow.js'. */
import type { Bytes } from '../engine/bytes.js';
import { describe, fault, onlyKeys, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isA, isArray, isGone, isObject, isRevoked } from '../engine/look.js';
import { asTensor, Tensor } from '../tensor/handle.js';
import { recording } from '../tensor/scope.js';
import { adoptAll } from '../tensor/slots.js';
import { asOptimizer } from '../train/as-optimizer.js';
import type { Control } from '../train/control.js';
import { type FitArgs, type Prepared, prepareFit, runFit } from '../train/fit.js';
import type { History } from '../train/history.js';
import type { Watcher } from '../train/loop.js';
import type { Optimizer } from '../train/optimizer.js';
import type { Resumable } from '../train/run-state.js';
import { type Data, type Ends, Held, parts, reserve, samples } from '../train/samples.js';
import { type State, stateOf } from '../train/state.js';
import { printer, type Verbosity, verbosity } from '../train/verbosity.js';
import type { Samples } from '../wasm/mapling.js';
import { single } from './args.js';
import { sizeOrOptions } from './batch-size.js';
import {
  COMPILE,
  type CompileArgs,
  type Compiled,
  type MetricName,
  namesOfLogs,
  plainLosses,
  readCompile,
} from './compile.js';
import { CoreMade } from './core-made.js';
import { type ModelArgs, ModelGraph } from './graph.js';
import type { Layer } from './layer.js';
import { type PlainWeight, setAll } from './weights.js';

/** A model as two pieces: its architecture, and its weights in the safetensors format. */
export interface Saved {
  json: string;
  weights: Bytes;
}

/** Files of weights that something else than the core reads: `io/weight-files.ts` says which, and how. */
export const weightFiles: {
  isOne?: (bytes: Uint8Array) => boolean;
  load?: (model: LayersModel, bytes: Uint8Array) => Promise<void>;
} = {};

/** What a model answers where gradients are asked for: `recorded-predict.ts` provides it. */
export const inRecording: { predict?: (model: LayersModel, x: unknown) => Tensor | Tensor[] | undefined } =
  {};

/**
 * A model: a layer made of layers, which can be trained. `model-methods.ts` adds how it is trained and tested on data of
 * JavaScript's.
 */
export class LayersModel extends ModelGraph {
  static override className = 'Model';
  /** Set to true (in a callback, say) to end training after this batch. */
  stopTraining = false;
  /** What the last run of training has left, or leaves while it goes on. */
  history: History | undefined;
  /** The run that is under way, or where the last one ended: `fit({ resume: true })` goes on there. */
  run_: Resumable | undefined;
  #optimizer: Optimizer | undefined;
  #metrics: MetricName[][] = [];
  #compile: CompileArgs | undefined;
  #training = false;

  /**
   * Names the optimizer, the losses and the metrics. Builds the model if its input shape is known.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
   * model.compile({ optimizer: 'adam', loss: 'meanSquaredError', metrics: ['mae'] });
   * model.metricsNames; // → ['loss', 'mae']
   */
  compile(args: CompileArgs): void {
    onlyKeys('compile', args, COMPILE);
    if (this.#training) throw fault('state', 'compile: the model is being trained; wait for fit to end');
    const optimizer = asOptimizer('compile: optimizer', args?.optimizer);
    let compiled: Compiled;
    try {
      compiled = readCompile(args, this.outputNames);
      this.makeWeights();
      call(() => this.core_('compile').compile(optimizer.core(), compiled.json));
    } catch (failure) {
      if (optimizer !== args.optimizer) optimizer.dispose();
      throw failure;
    }
    this.#optimizer = optimizer;
    this.#metrics = compiled.metrics;
    this.#compile = args;
    this.run_ = undefined;
  }
  get optimizer(): Optimizer | undefined {
    return this.#optimizer;
  }
  get loss(): CompileArgs['loss'] | undefined {
    return this.#compile?.loss;
  }
  /**
   * What the model was compiled with, as it was given (a loss of a class of one's own as a function); undefined before.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
   * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
   * model.getCompileConfig(); // → { optimizer: 'sgd', loss: 'meanSquaredError' }
   */
  getCompileConfig(): CompileArgs | undefined {
    return this.#compile && { ...this.#compile, loss: plainLosses(this.#compile.loss) };
  }
  /** What its optimizer remembers; nothing before the model is compiled. */
  optimizerState_(): State | undefined {
    if (!this.#optimizer) return undefined;
    return stateOf(
      this.#optimizer,
      this.weights.map(({ id }) => id),
    );
  }
  /** How many runs have begun, and how many numbers layers have drawn in training. */
  generator_(): number[] {
    return [...call(() => this.core_('save').generator())];
  }
  /** How many samples a batch must have, where layers are stateful. */
  fixedBatch_(): number | undefined {
    return call(() => this.core_('predict').fixedBatch());
  }
  /** The names of what `evaluate` gives. */
  get metricsNames(): string[] {
    return namesOfLogs(this.#metrics, this.outputNames);
  }

  /** The first half of `fit`: everything is checked and handed over, and nothing is trained yet. */
  prepareFit_(
    args: FitArgs,
    data: (held: Held, ends: Ends) => { own: Samples; validation?: Samples | undefined },
    where = 'fit',
  ): Prepared {
    return prepareFit(this, this.core_(where), args, (held) => data(held, this.ends_()), where);
  }
  /** The second half of `fit`, steered by `control` and followed by `watcher`. */
  runFit_(prepared: Prepared, control?: Control, watcher?: Watcher): Promise<History> {
    return this.training_(() => this.runHeld_(prepared, control, watcher));
  }
  /** Runs `action` as training: meanwhile the model cannot be trained otherwise, compiled or disposed of. */
  async training_<T>(action: () => Promise<T>): Promise<T> {
    this._checkFree();
    this.#training = true;
    try {
      return await action();
    } finally {
      this.#training = false;
    }
  }
  /** Trains what was prepared, within {@link training_}, with the weights kept in the core. */
  async runHeld_(prepared: Prepared, control?: Control, watcher?: Watcher): Promise<History> {
    const release = this._hold();
    this.history = prepared.history;
    try {
      return await runFit(this, this.core_('fit'), prepared, control, watcher);
    } finally {
      release();
    }
  }
  _checkFree(): void {
    if (this.#training)
      throw fault('state', 'fit: the model is being trained already; wait for the other fit to end');
  }
  /** Refuses what would pull the model away from under a run. */
  protected notTraining_(where: string): void {
    if (this.#training)
      throw fault('state', `${where}: the model is being trained; wait for fit to end, or set stopTraining`);
  }
  override dispose(): { refCountAfterDispose: number; numDisposedVariables: number } {
    this.notTraining_('dispose');
    return super.dispose();
  }
  /** What samples are for. */
  ends_(): Ends {
    const [inputDims, outputDims] = [this.dimsOf_('inputDims'), this.dimsOf_('outputDims')];
    return { inputNames: this.inputNames, outputNames: this.outputNames, inputDims, outputDims };
  }

  /**
   * The model's answers, one tensor for each output: several come in a list. Within a function whose gradients are asked
   * for they are found in one batch, and gradients flow through them, as through those of `apply`.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })] });
   * model.predict([[3, 4]]); // → [[7]]
   */
  predict<R extends Tensor | Tensor[] = Tensor>(
    x: Data,
    args: { batchSize?: number; verbose?: Verbosity } = {},
  ): R {
    return this.predict_('predict', x, args);
  }
  /** `predict`, in the name of whichever method a program has called. */
  predict_<R extends Tensor | Tensor[]>(
    where: string,
    x: Data,
    args: { batchSize?: number; verbose?: Verbosity },
  ): R {
    const network = this.core_(where);
    const given = sizeOrOptions(args);
    onlyKeys(where, given, ['batchSize', 'verbose']);
    const size = whole(`${where}: batchSize`, given?.batchSize ?? 32, 1);
    const verbose = verbosity(where, given?.verbose);
    const recorded = recording() ? inRecording.predict?.(this, x) : undefined;
    if (recorded) return recorded as R;
    return this._using(where, x, (held) => {
      const all = samples(held, where, this.ends_(), x);
      const batches = Math.ceil(all.length / size);
      const progress = printer.make?.(verbose, batches);
      const answers = adoptAll(call(() => network.predict(all, size), where));
      progress?.epochEnds(batches, {});
      return single(answers) as R;
    });
  }

  /**
   * The learning rate, which may be changed while training.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
   * model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
   * model.learningRate = 0.01;
   * model.learningRate; // → 0.01
   */
  get learningRate(): number {
    return this.#compiled('learningRate').learningRate;
  }
  set learningRate(rate: number) {
    this.#compiled('learningRate').learningRate = rate;
  }
  #compiled(where: string): Optimizer {
    if (this.#optimizer) return this.#optimizer;
    throw fault('state', `${where}: the model has no optimizer yet; call compile first`);
  }

  /**
   * Replaces all weights: all or, if one does not fit, none. Takes tensors and plain `{ shape, values }`.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
   * model.setWeights([tensor([[1], [2]]), { shape: [1], values: Float32Array.of(3) }]);
   * model.predict([[1, 1]]); // → [[6]]
   */
  override setWeights(weights: readonly (Tensor | PlainWeight)[]): void {
    this.ready_('setWeights');
    setAll('setWeights', this.weights, weights);
  }
  /**
   * The weights as tensors, in the order in which `setWeights` takes them. Each has its `shape` and its `values`, which
   * are what goes to another page, worker or machine: `getWeights().map(({ shape, values }) => ({ shape, values }))`.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })] });
   * model.getWeights()[0]; // → [[1], [1]]
   */
  override getWeights(trainableOnly = false): Tensor[] {
    this.ready_('getWeights');
    return super.getWeights(trainableOnly);
  }
  /**
   * How many numbers its weights hold, frozen ones too.
   * @example sequential({ layers: [layers.dense({ units: 4, inputShape: [3] })] }).countParams(); // → 16
   */
  override countParams(): number {
    this.ready_('countParams');
    return super.countParams();
  }
  /** Its architecture and its weights, at once. */
  saved_(where: string): Saved {
    const network = this.ready_(where);
    this._checkSaving(where);
    return call(() => ({ json: network.toJson(), weights: network.saveWeights() as Bytes }));
  }
  /**
   * Replaces the weights by those in a safetensors file, or by tensors under Keras' paths, such as `dense/kernel`: all
   * or, if one does not fit, none. Each weight must be there, and nothing else, unless `strict` is false, which only
   * tensors under paths take. Keras' files (`.weights.h5`, `.keras`, and legacy `.h5`) are known by their first bytes;
   * these take a moment, so wait for what is returned.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2], name: 'sum' })] });
   * model.loadWeights({ 'sum/kernel': tensor([[1], [1]]), 'sum/bias': tensor([0]) });
   * model.predict([[3, 4]]); // → [[7]]
   */
  loadWeights(
    weights: Uint8Array | ArrayBuffer | { [path: string]: Tensor },
    strict = true,
  ): void | Promise<void> {
    const isLost = isRevoked(weights) || (ArrayBuffer.isView(weights) && isGone(weights));
    const kind = isLost ? '' : Object.prototype.toString.call(weights);
    if (kind === '[object Uint8Array]' || kind === '[object ArrayBuffer]') {
      if (!strict)
        throw fault(
          'value',
          'loadWeights: strict: a file gives all weights; only tensors by their paths may be a part',
        );
      // A buffer that was given away has no bytes, and cannot be viewed.
      const { byteLength } = weights as ArrayBuffer;
      const bytes =
        kind === '[object Uint8Array]'
          ? (weights as Uint8Array)
          : new Uint8Array(byteLength > 0 ? (weights as ArrayBuffer) : []);
      if (weightFiles.isOne?.(bytes)) return weightFiles.load?.(this, bytes);
      reserve('loadWeights', bytes.length);
      call(() => this.core_('loadWeights').loadWeights(bytes), 'loadWeights');
    } else if (this.loadNamed_ && isByName(weights)) {
      this.loadNamed_(weights, strict);
    } else {
      throw fault(
        'type',
        `loadWeights: expected a Uint8Array or tensors by their paths, got ${describe(weights)}`,
      );
    }
  }
  /** Takes tensors by their paths; `model-methods.ts` provides it. */
  loadNamed_?(given: Record<string, unknown>, strict: boolean): void;

  /** Makes the weights for these samples where layers of the user's are at work: what is made can be kept in the core. */
  _prepare(where: string, x: Data, always = hasOwn(this)): void {
    if (this.built || !always) return;
    this.makeWeights();
    if (this.built) return;
    const [first] = parts(`${where}: x`, x, this.inputNames);
    this.build([null, ...asTensor(`${where}: x`, first).shape.slice(1)]);
  }
  /** Runs `action`, during which layers of the user's may call other layers: these must not push weights out. */
  _using<T>(where: string, x: Data, action: (held: Held) => T): T {
    if (!hasOwn(this)) return Held.use(action);
    this._prepare(where, x);
    const release = this._hold();
    try {
      return Held.use(action);
    } finally {
      release();
    }
  }
  /** Keeps all weights, and what the optimizer remembers, in the core until what is returned is called. */
  _hold(): () => void {
    const homes = [...this._homes, ...(this.#optimizer ? [this.#optimizer.home] : [])];
    for (const home of homes) home.hold();
    return () => {
      for (const home of homes) home.release();
    };
  }
}

/** Whether a layer is of a class of the user's, or has weights to begin with, or one inside it. */
const hasOwn = (layer: Layer): boolean =>
  !(layer instanceof CoreMade) || layer._given !== undefined || layer._inner.some(hasOwn);

/** An object of tensors by name, not a tensor or an array. */
const isByName = (value: unknown): value is Record<string, unknown> =>
  isObject(value) &&
  !isA(value, Tensor) &&
  !isArray(value) &&
  !ArrayBuffer.isView(value) &&
  Object.prototype.toString.call(value) === '[object Object]';

/**
 * The model between these symbols.
 * @example
 * const x = input({ shape: [2] });
 * const sum = model({ inputs: x, outputs: layers.dense({ units: 1, kernelInitializer: 'ones' }).apply(x) });
 * sum.predict([[3, 4]]); // → [[7]]
 */
export const model = (args: ModelArgs): LayersModel => new LayersModel(args);
