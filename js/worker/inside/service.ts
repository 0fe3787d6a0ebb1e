/** Everything that a page can ask of its worker. */
import type { Bytes } from '../../engine/bytes.js';
import { fault } from '../../engine/errors.js';
import { type BackendInfo, init } from '../../engine/instance.js';
import { isA } from '../../engine/look.js';
import type { PlainWeight } from '../../nn/weights.js';
import type { CallbackArgs } from '../../train/callbacks/callback.js';
import { answerCalls, type Endpoint } from '../calls.js';
import type {
  AdjustArgs,
  BeginOptions,
  CallbackSpec,
  Checkpoint,
  DigitsInfo,
  DigitsSource,
  Evaluated,
  Health,
  HistoryData,
  Inside,
  MnistSource,
  ModelInfo,
  ModelSource,
  OnProgress,
  Picture,
  Plain,
  PlainData,
  PlainSet,
  Plan,
  Reading,
  Reason,
  RunOptions,
  SavedModel,
  StepInside,
  Stroke,
  Tell,
  TrainerEvent,
  TrainState,
  Way,
} from '../protocol.js';
import { moved } from '../wire.js';
import { aheadOf, Digits } from './digits.js';
import type { AskStore } from './kept-detector.js';
import { loadPartsFor } from './parts.js';
import { needs } from './rest.js';
import type { Room, Seldom } from './seldom.js';
import { Session } from './session.js';
import { type ByClass, DataSet, dataOf } from './sets.js';
import type { Changes } from './under-way.js';

export class Service {
  #session: Session | undefined;
  #digits: Digits | undefined;
  /** Settled once the run that was asked for last has begun, or could not. */
  #begun: Promise<unknown> = Promise.resolve();
  /** Requests that somebody still waits for, by their numbers. */
  readonly #wanted = new Set<number>();

  /** Holds a lock as long as this worker lives: whoever else asks for it gets it once the worker is gone. */
  holdLock(name: string): Promise<void> {
    return new Promise((resolve) => {
      void navigator.locks.request(name, () => {
        resolve();
        return new Promise(() => {});
      });
    });
  }
  async begin(emit: (event: TrainerEvent | Checkpoint) => void, options: BeginOptions): Promise<void> {
    const { mnist, modules = [], ...settings } = options;
    const ahead = mnist && aheadOf(mnist);
    // Whoever loads it hears of a failure.
    ahead?.catch(() => {});
    await init(settings);
    if (modules.length > 0) await (await import('./modules.js')).loadModules(modules);
    this.#session = new Session(emit);
    this.#digits = new Digits(this.#session, ahead);
  }
  get session(): Session {
    if (this.#session) return this.#session;
    throw fault('state', 'the worker has not begun');
  }
  get #drawn(): Digits {
    if (this.#digits) return this.#digits;
    throw fault('state', 'the worker has not begun');
  }

  /** Does the work of a request that can be taken back. */
  async #cancellable<T>(number: number, work: (isWanted: () => boolean) => Promise<T>): Promise<T> {
    this.#wanted.add(number);
    try {
      await this.session.revive();
      return await work(() => this.#wanted.has(number));
    } finally {
      this.#wanted.delete(number);
    }
  }
  /** Nobody waits for the answer to this request any more. */
  cancel(number: number): void {
    this.#wanted.delete(number);
  }

  backend(): BackendInfo {
    return this.session.backend();
  }
  async setModel(given: ModelSource | Uint8Array, where = 'setModel'): Promise<ModelInfo> {
    await this.session.revive();
    const source = await sourceFrom(given);
    await loadPartsFor(source);
    return this.session.setModel(source, where);
  }
  setData(name: string, data: PlainSet): void {
    this.session.sets.set(name, setOf(data));
  }
  /** Begins a run. Orders that come meanwhile are for it, and wait. */
  #run(
    where: string,
    options: RunOptions,
    specs: CallbackSpec[],
    tell: Tell | undefined,
    data?: { train: PlainSet; validation?: PlainSet | undefined },
  ): Promise<{ ended: Promise<HistoryData>; callbacks: CallbackArgs[] }> {
    const begun = (async () => {
      await this.session.revive();
      await loadResume(options);
      const callbacks = await this.#callbacks(specs, tell);
      const given = data && {
        train: setOf(data.train),
        validation: data.validation && setOf(data.validation),
      };
      const [byClass, changes] = [await byClassFor(options), await changesFor(where, options)];
      const ended = this.session.start(where, options, callbacks, given, byClass, changes);
      return { ended, callbacks };
    })();
    this.#begun = begun.catch(() => {});
    return begun;
  }
  /** Begins to train. */
  async start(options: RunOptions, specs: CallbackSpec[], tell?: Tell): Promise<void> {
    const { ended } = await this.#run('start', options, specs, tell);
    ended.catch((failure: unknown) => this.session.tellFailure(failure));
  }
  /** Trains to the end; gives also what ready-made callbacks have found. */
  async fit(
    options: RunOptions,
    specs: CallbackSpec[],
    tell: Tell | undefined,
    data: { train: PlainSet; validation?: PlainSet | undefined },
  ): Promise<{ history: HistoryData; found: Record<string, unknown>[] }> {
    const { ended, callbacks } = await this.#run('fit', options, specs, tell, data);
    const history = await ended;
    const found = callbacks.length > 0 ? (await import('./callbacks.js')).foundBy(specs, callbacks) : [];
    return { history, found };
  }
  /** The callbacks of a run. What makes them is loaded where there are any. */
  async #callbacks(specs: CallbackSpec[], tell: Tell | undefined): Promise<CallbackArgs[]> {
    if (specs.length === 0) return [];
    return (await import('./callbacks.js')).callbacksFrom(this.session, specs, tell);
  }
  async pause(): Promise<TrainState> {
    await this.#begun;
    return this.session.pause();
  }
  async resume(): Promise<void> {
    await this.#begun;
    this.session.resume();
  }
  async step(batches?: number): Promise<TrainState> {
    await this.#begun;
    return this.session.step(batches);
  }
  async stop(): Promise<void> {
    await this.#begun;
    return this.session.stop();
  }
  async adjust(given: AdjustArgs): Promise<TrainState> {
    const { adjust } = await import('./adjust.js');
    const run = this.session.underWay('adjust');
    adjust('adjust', run, given);
    return this.session.adjusted(run);
  }
  async plan(source: ModelSource): Promise<Plan> {
    await this.session.revive();
    return (await import('./plan.js')).plan(source);
  }
  predict(number: number, x: PlainData): Promise<Plain[]> {
    return this.#cancellable(number, async (isWanted) =>
      moved(await this.session.predict(dataOf(x), isWanted)),
    );
  }
  evaluate(number: number, name: string): Promise<Evaluated> {
    return this.#cancellable(number, () => this.session.evaluate(name));
  }
  weights(layer?: number): { name: string; shape: number[]; values: Float32Array }[] {
    return moved(this.session.weights(layer));
  }
  async setWeights(weights: readonly PlainWeight[]): Promise<void> {
    await this.session.revive();
    this.session.setWeights(weights);
  }
  async save(): Promise<SavedModel> {
    await this.session.atRest();
    return this.session.save();
  }
  async checkpoint(): Promise<Bytes> {
    const { write } = await import('../../io/checkpoint/checkpoint-file.js');
    return moved(write(await this.save()));
  }

  loadDigits(source: DigitsSource, onProgress?: OnProgress): Promise<DigitsInfo> {
    return this.#drawn.load(source, onProgress);
  }
  async learnOthers(onUsable?: () => void, store?: AskStore): Promise<void> {
    await this.session.revive();
    await this.#drawn.learnOthers(onUsable, store);
  }
  prefetchDigits(source: MnistSource, onProgress?: OnProgress): Promise<void> {
    return this.#drawn.prefetch(source, onProgress);
  }
  areDigitsKept(source: MnistSource): Promise<boolean> {
    return this.#drawn.isKept(source);
  }
  readDigit(strokes: Stroke[]): Promise<Reading | null> {
    return this.#drawn.read(strokes);
  }
  inspectDigit(picture: Picture, ofClass?: number): Promise<Inside | null> {
    return this.#drawn.inspect(picture, ofClass);
  }
  explainDigit(number: number, picture: Picture, way: Way, ofClass?: number): Promise<Reason | null> {
    return this.#cancellable(number, (isWanted) => this.#drawn.explain(picture, way, ofClass, isWanted));
  }
  /** What few pages ask for: it is loaded when one does, and `../seldom.ts` knows the kinds of what is said. */
  seldom(number: number, name: Seldom, ...args: unknown[]): Promise<unknown> {
    return this.#cancellable(number, async (isWanted) => {
      const { answers } = await import('./seldom.js');
      const answer = answers[name] as (room: Room, ...args: unknown[]) => Promise<unknown>;
      return moved(await answer({ session: this.session, digits: this.#drawn, isWanted }, ...args));
    });
  }
  stepInside(): Promise<StepInside | null> {
    return this.#drawn.stepInside();
  }
  health(number: number): Promise<Health> {
    return this.#cancellable(number, (isWanted) => this.#drawn.health(isWanted));
  }
  digitImages(indices: Uint32Array, set: 'train' | 'test'): { pixels: Uint8Array; labels: Uint8Array } {
    return this.#drawn.images(indices, set);
  }
}

/** The model in a checkpoint, or as it was given. */
async function sourceFrom(given: ModelSource | Uint8Array): Promise<ModelSource> {
  if (!isA<Uint8Array>(given, Uint8Array)) return given;
  const { read } = await import('../../io/checkpoint/checkpoint-file.js');
  return read('setModel', given);
}

/** What goes on with a run, where one is asked for. */
async function loadResume(options: RunOptions): Promise<void> {
  const { resume } = options ?? {};
  if (resume !== undefined && resume !== null) await import('../../io/checkpoint/checkpoint-file.js');
}

/** The changes that a run makes on the way, where there are some. */
async function changesFor(where: string, options: RunOptions): Promise<Changes | undefined> {
  const { adjustments } = options ?? {};
  if (adjustments === undefined || adjustments === null) return undefined;
  return (await import('./adjust.js')).changesOf(where, adjustments);
}

/** What class weights take, where a run has some. */
async function byClassFor(options: RunOptions): Promise<ByClass | undefined> {
  const { classWeight } = options ?? {};
  if (classWeight === undefined || classWeight === null) return undefined;
  const { withClassWeight } = await import('../../train/class-weight.js');
  return { classWeight, weigh: withClassWeight };
}

const setOf = ({ x, y, sampleWeight }: PlainSet): DataSet =>
  new DataSet(dataOf(x), y && dataOf(y), sampleWeight && dataOf(sampleWeight));

/** Answers whoever is at the other end: in a worker, its page. */
export const serve = (endpoint: Endpoint = globalThis as unknown as Endpoint): void =>
  answerCalls(endpoint, new Service(), needs);
