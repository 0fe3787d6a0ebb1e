/** What a worker has: one model, data sets by name, and the run of training that is under way. */
import { fault, flag, textOf, whole } from '../../engine/errors.js';
import {
  type BackendInfo,
  backendInfo,
  call,
  init,
  isReady,
  isWhole,
  restComes,
} from '../../engine/instance.js';
import { nextTurn } from '../../engine/turn.js';
import type { LayersModel } from '../../nn/model.js';
import { readSource } from '../../nn/source.js';
import { sourceOf } from '../../nn/source-of.js';
import { type PlainWeight, setAll } from '../../nn/weights.js';
import { nextSeed } from '../../tensor/seed.js';
import { whenAtRest } from '../../train/at-rest.js';
import type { CallbackArgs } from '../../train/callbacks/callback.js';
import { ALL, Control } from '../../train/control.js';
import type { FitArgs } from '../../train/fit.js';
import type {
  Checkpoint,
  CompileSpec,
  Evaluated,
  HistoryData,
  ModelInfo,
  ModelSource,
  Plain,
  RunOptions,
  SavedModel,
  Status,
  TrainerEvent,
  TrainState,
} from '../protocol.js';
import { withFunctionsIn } from './functions.js';
import { infoOf } from './info.js';
import { Measure } from './measure.js';
import { piecewise } from './piecewise.js';
import { type ByClass, type DataSet, DataSets } from './sets.js';
import { evaluationOf, SLICE, tested } from './tested.js';
import type { Changes, UnderWay } from './under-way.js';
import { type NamedWeight, weightsOf } from './weights.js';

/** Milliseconds between two `state` events. */
const BEAT = 50;
/** Milliseconds between two checkpoints, and how many times as long as making one takes lies between them at least. */
const KEEP_EVERY = 3000;
const KEEP_SHARE = 100;

/** Data that come with a run, as the sets `train` and `validation`. */
export interface RunData {
  train?: DataSet;
  validation?: DataSet | undefined;
}

export class Session {
  readonly sets = new DataSets();
  readonly #emit: (event: TrainerEvent | Checkpoint) => void;
  #model: LayersModel | undefined;
  #compile: CompileSpec | undefined;
  /** The run that is under way. */
  #run: UnderWay | undefined;
  /** The end of the last run, which may still have a callback to wait for. */
  #ended: Promise<unknown> = Promise.resolve();
  /** Callbacks that are being told of something at this moment. */
  telling = 0;
  #checkpoint: SavedModel | undefined;
  #kept = { at: 0, took: 0 };
  readonly #measure = new Measure();
  #told = 0;

  constructor(emit: (event: TrainerEvent | Checkpoint) => void) {
    this.#emit = emit;
  }

  backend(): BackendInfo {
    return backendInfo();
  }
  /** The model; `where` begins the error if there is none. */
  need(where: string): LayersModel {
    if (this.#model) return this.#model;
    throw fault('state', `${where}: there is no model yet; call setModel first`);
  }

  /** Whether batches are being trained on at this time. */
  get isTraining(): boolean {
    return this.#measure.status === 'training';
  }
  /** Refuses while a run is under way, paused or not. */
  checkIdle(where: string): void {
    if (this.#run) throw fault('state', `${where}: the model is being trained; stop that first`);
  }
  /** Goes on with another model. Nothing has changed if it cannot be made. */
  setModel(source: ModelSource, where = 'setModel'): ModelInfo {
    this.checkIdle(where);
    const { seed = nextSeed(), inputShape = this.sets.sampleShape } = source;
    const seeded = { ...source, seed, ...(inputShape ? { inputShape } : {}) };
    const model = readSource(where, seeded, withFunctionsIn);
    this.#adopt(model, seeded);
    this.#become('ready');
    return infoOf(model);
  }
  #adopt(model: LayersModel, { compile, step = 0 }: ModelSource): void {
    const before = this.#model;
    // A run that was stopped still has its last word with the model that it trained. What frees a model may be on its way.
    if (before) void this.#ended.then(restComes).then(() => before.dispose());
    this.#model = model;
    this.#compile = compile;
    this.#measure.forget(step);
    this.#keep();
  }

  /** Checks everything, and begins to train. */
  start(
    where: string,
    options: RunOptions,
    callbacks: readonly CallbackArgs[] = [],
    given: RunData = {},
    byClass?: ByClass,
    changes?: Changes,
  ): Promise<HistoryData> {
    const model = this.need(where);
    const {
      data = 'train',
      validation,
      evaluateOn,
      evaluateEvery,
      slice = SLICE,
      paused,
      adjustments: _,
      ...args
    } = options ?? {};
    if (evaluateEvery !== undefined) whole(`${where}: evaluateEvery`, evaluateEvery, 1);
    if (evaluateOn !== undefined) this.#checkTest(`${where}: evaluateOn`, model, evaluateOn);
    else if (evaluateEvery !== undefined)
      throw fault('value', `${where}: evaluateEvery: needs evaluateOn, the name of a data set`);
    if ((args as FitArgs).verbose)
      throw fault('value', `${where}: verbose: a trainer prints nothing; its events tell of each step`);
    const isPaused = flag(`${where}: paused`, paused);
    this.checkIdle(where);
    const train = given.train ?? this.sets.get(`${where}: data`, data);
    const other =
      given.validation ??
      (validation === undefined ? undefined : this.sets.get(`${where}: validation`, validation));
    const { validationSplit } = args;
    const prepared = model.prepareFit_(
      { ...args, slice, callbacks: [...callbacks] } as FitArgs,
      (held, ends) => ({
        own:
          byClass === undefined
            ? train.samples(given.train ? where : `${where}: data`, ends)
            : train.byClass(where, held, ends, byClass, {
                ...(validationSplit === undefined ? {} : { validationSplit }),
                validationData: other,
              }),
        validation: other?.samples(`${where}: ${given.validation ? 'validationData' : 'validation'}`, ends),
      }),
      where,
    );
    for (const [name, set] of Object.entries(given)) if (set) this.sets.set(name, set);
    const before = this.#ended;
    const control = new Control();
    if (isPaused) control.pause();
    const run: UnderWay = { control, model, prepared, train, changes };
    const { history, fit, place } = prepared;
    this.#measure.begin(model.metricsNames, history.params.epochs, fit.batches, fit.samples!, place.from);
    const ended = before.then(() => this.#train(run, evaluateOn, evaluateEvery));
    // Whoever waits for the end hears of a failure.
    this.#ended = ended.catch(() => {});
    this.#run = run;
    // The first batches are news at once.
    this.#told = 0;
    this.#become(isPaused ? 'paused' : 'training');
    return ended;
  }

  async #train(run: UnderWay, evaluateOn: string | undefined, evaluateEvery = ALL): Promise<HistoryData> {
    const measure = this.#measure;
    const { model, prepared, control } = run;
    const isCurrent = (): boolean => this.#run === run;
    let testedAt = 0;
    let broken: { failure: unknown } | undefined;
    try {
      const history = await model.runFit_(prepared, control, {
        limit: () =>
          Math.min(
            evaluateEvery - (measure.inRun % evaluateEvery),
            run.changes?.left(measure.step) ?? ALL,
            // The end of an epoch takes all of the module.
            isWhole() ? ALL : measure.left,
          ),
        watch: (events, milliseconds) => {
          if (!isCurrent()) return;
          measure.worked(events, milliseconds, () => call(() => prepared.fit.running()));
          run.changes?.reached(measure.step, run);
          measure.holds(prepared.fit.batches);
          if (measure.left === 0 && !isWhole()) control.hold(restComes());
          const isDue = measure.inRun % evaluateEvery === 0 || events.some(({ kind }) => kind === 'epoch');
          if (evaluateOn !== undefined && isDue && measure.inRun > testedAt && !control.isStopped) {
            testedAt = measure.inRun;
            const work = this.#test(model, evaluateOn, isCurrent);
            work.catch((failure: unknown) => {
              broken = { failure };
              control.stop();
            });
            control.hold(work);
          }
          if (control.isPaused && measure.status === 'training') this.#become('paused');
          else if (performance.now() - this.#told >= BEAT) this.#tell();
        },
        rest: () => {
          if (isCurrent()) this.#keepSometimes();
        },
      });
      // The last test belongs to the run.
      if (!control.isStopped) await control.turn();
      if (broken) throw (broken as { failure: unknown }).failure;
      if (isCurrent()) {
        this.#run = undefined;
        this.#become(control.isStopped || model.stopTraining ? 'ready' : 'done');
        this.#keepChanges();
      }
      const { epoch, history: logs, params } = history;
      return { epoch, history: logs, params };
    } catch (failure) {
      if (isCurrent()) this.#run = undefined;
      if (!isReady()) await this.revive(textOf(failure));
      else if (this.#run === undefined && this.#model === model) this.#become('error');
      throw failure;
    }
  }

  pause(): TrainState {
    if (this.#measure.status === 'training') {
      this.#run?.control.pause();
      this.#become('paused');
      this.#keepChanges();
    }
    return this.#measure.state();
  }
  resume(): void {
    if (!this.#run || this.#measure.status !== 'paused')
      throw fault('state', 'resume: training is not paused');
    this.#become('training');
    this.#run.control.resume();
  }
  /** Batches that the model was trained for. */
  get trained(): number {
    return this.#measure.step;
  }
  /** Trains so many batches, and pauses. */
  async step(batches = 1): Promise<TrainState> {
    whole('step: batches', batches, 1);
    this.#checkTold('step');
    const run = this.underWay('step');
    const { control } = run;
    const until = this.#measure.step + batches;
    this.#measure.status = 'paused';
    control.step(batches);
    while (this.#run === run && this.#measure.step < until && !control.isPaused) await nextTurn();
    this.#tell();
    return this.#measure.state();
  }
  /** The run; `where` begins the error if there is none. */
  underWay(where: string): UnderWay {
    if (this.#run) return this.#run;
    throw fault('state', `${where}: there is no training under way; start one first`);
  }
  /** Goes on with a run that was changed between two of its steps. */
  adjusted({ prepared }: UnderWay): TrainState {
    this.#measure.holds(prepared.fit.batches);
    this.#tell();
    return this.#measure.state();
  }
  /** Ends the run; the model keeps what it has learned. */
  async stop(): Promise<void> {
    this.#end();
    // A callback that asks for this is waited for by the run.
    if (this.telling === 0) await this.#ended;
    this.#become(this.#model ? 'ready' : 'idle');
  }
  /** Ends the run, if there is one. */
  #end(): void {
    this.#run?.control.stop();
    this.#run = undefined;
  }
  /** Refuses to wait for a run that waits for whoever asks. */
  #checkTold(where: string): void {
    if (this.telling > 0)
      throw fault('state', `${where}: training waits for a callback; it goes on when that has returned`);
  }

  /** Tests the model on a set, in slices; training waits. */
  async evaluate(name: string): Promise<Evaluated> {
    const model = this.need('evaluate');
    this.#checkTold('evaluate');
    this.sets.get('evaluate', name);
    const work = this.#test(model, name, () => this.#model === model);
    this.#run?.control.hold(work);
    const told = await work;
    if (told) return told;
    throw fault('state', 'evaluate: the model was replaced meanwhile');
  }
  async #test(model: LayersModel, name: string, isWanted: () => boolean): Promise<Evaluated | undefined> {
    const found = await tested(model, this.sets.get('evaluate', name), isWanted);
    if (!found) return undefined;
    const { logs, classes } = found;
    this.#measure.tested(logs);
    this.#tell();
    const event: Evaluated = { type: 'evaluated', data: name, logs, ...(classes ? { classes } : {}) };
    this.#emit(event);
    return event;
  }
  /** Refuses a set that the model cannot be tested on. */
  #checkTest(where: string, model: LayersModel, name: string): void {
    evaluationOf(where, model, this.sets.get(where, name)).free();
  }

  /** The model's answers, one for each output, in pieces between which others get their turn. */
  async predict(x: DataSet['x'], isWanted: () => boolean): Promise<Plain[]> {
    const model = this.need('predict');
    return piecewise(model, x, () => isWanted() && this.#model === model);
  }

  /** The weights of a layer, or of all, by their names. */
  weights(layer?: number): NamedWeight[] {
    return weightsOf(this.need('weights'), layer);
  }

  /** Replaces the weights; what the optimizer remembers stays. */
  setWeights(weights: readonly PlainWeight[]): void {
    this.checkIdle('setWeights');
    this.need('setWeights').setWeights(weights);
    this.#keepSometimes();
  }

  /** A run that is under way waits until this work is done. */
  beside<T>(work: () => Promise<T>): Promise<T> {
    const done = work();
    this.#run?.control.hold(done);
    return done;
  }
  /** Goes on with the weights of another model of the same kind, in the middle of a run too. */
  takeWeights(where: string, model: LayersModel, from: LayersModel): void {
    if (model !== this.#model) throw fault('state', `${where}: the model was replaced meanwhile`);
    setAll(
      where,
      model.weights,
      from.weights.map((weight) => weight.snapshot()),
    );
    this.#keep();
    this.#tell();
  }

  /** Waits for the batches that are being done. */
  atRest(): Promise<void> {
    return whenAtRest(this.#model?.run_);
  }
  /** The model with everything that training it further depends on. */
  save(): SavedModel {
    return { ...sourceOf('save', this.need('save'), this.#compile), step: this.#measure.step };
  }

  #keep(): void {
    const started = performance.now();
    this.#checkpoint = this.save();
    this.#emit({ type: 'checkpoint', model: this.#checkpoint });
    const at = performance.now();
    this.#kept = { at, took: at - started };
  }
  /** While nothing trains there is time for it. */
  #keepChanges(): void {
    if (this.#checkpoint?.step !== this.#measure.step) this.#keep();
  }
  #keepSometimes(): void {
    const { at, took } = this.#kept;
    if (performance.now() - at >= Math.max(KEEP_EVERY, KEEP_SHARE * took)) this.#keep();
  }

  /** After a trap: a new instance, with the model as it was at the last checkpoint and the data again. */
  async revive(reason = 'the module had stopped'): Promise<void> {
    if (isReady()) return;
    const checkpoint = this.#checkpoint;
    this.#end();
    this.#model = undefined;
    await init({ restart: true });
    if (checkpoint) {
      this.#model = readSource('setModel', checkpoint, withFunctionsIn);
      this.#measure.forget(checkpoint.step ?? 0);
    }
    this.#become(this.#model ? 'ready' : 'idle');
    this.#emit({ type: 'restarted', step: checkpoint?.step ?? 0, reason, lost: [] });
  }

  /** Tells of a failure that nobody waits for. */
  tellFailure(failure: unknown): void {
    const { code } = failure as { code?: string };
    this.#emit({ type: 'error', message: textOf(failure), code });
  }
  #become(status: Status): void {
    this.#measure.status = status;
    this.#tell();
  }
  #tell(): void {
    this.#told = performance.now();
    this.#measure.memory(isReady() ? call((wasm) => wasm.memoryBytes()) : 0);
    this.#emit({ type: 'state', state: this.#measure.state(), curves: this.#measure.takeCurves() });
  }
}
