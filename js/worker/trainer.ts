/** Training in a worker: what a page talks to, so that it never waits. */
import * as Comlink from 'comlink';
import type { Progress } from '../data/download.js';
import type { BackendInfo, InitOptions } from '../engine/instance.js';
import type { Augment } from '../train/fit.js';
import type { Hands } from './worker.js';

export type { Progress } from '../data/download.js';
export type { Mode } from '../engine/choose.js';
export type { BackendInfo } from '../engine/instance.js';
export type { Augment } from '../train/fit.js';

/** A line drawn without lifting the pen: points `[x, y]`, y down, in any units. */
export interface Stroke extends Array<[number, number]> {}

/** MNIST's four gzip files on a server. */
export interface MnistSource {
  /** Their folder. */
  url: string;
  /** As in `datasets.mnist`: keeps them unpacked in the browser, for the next visit. Default: false. */
  cache?: boolean;
}

/** Where the digits come from. */
export type DataSource =
  | ({ kind: 'mnist' } & MnistSource)
  | { kind: 'digits'; seed: number; count?: number }
  | { kind: 'files'; files: File[] };

export interface DataInfo {
  name: 'mnist' | 'generated' | 'file';
  /** How many pictures to train on, and to test. */
  train: number;
  test: number;
  /** Height and width. */
  imageShape: [number, number];
  classes: number;
}

/** A layer as Keras would write it down: `{ className: 'Dense', config: { units: 128, activation: 'relu' } }`. */
export interface LayerSpec {
  className: string;
  config: Record<string, unknown>;
}

export interface ModelSpec {
  layers: LayerSpec[];
  optimizer: { className: 'SGD' | 'Adam'; config: Record<string, unknown> };
  loss: string;
  metrics: string[];
  /** Decides weights, order and dropout: the same seed ends with the same bits everywhere. */
  seed: number;
}

export interface LayerInfo {
  name: string;
  className: string;
  outputShape: number[];
  params: number;
}

export interface ModelInfo {
  layers: LayerInfo[];
  params: number;
}

export interface TrainOptions {
  epochs: number;
  batchSize: number;
  /** Default: true. */
  shuffle?: boolean;
  /** Changes the pictures a little each time, by the network's seed. Default: they stay as they are. */
  augment?: Augment;
  /** The share of the learning rate that is left at the end; it falls evenly, step by step. Default: 1, it stays. */
  finalRate?: number;
  /** Batches between evaluations on the test set, besides the one after each epoch. Default: none. */
  evaluateEvery?: number;
  /** Milliseconds of work between two looks at messages, and at least a batch. Default: 8. */
  slice?: number;
  /** Waits for `resume` or `step`. */
  paused?: boolean;
}

export type Status = 'idle' | 'loading' | 'ready' | 'training' | 'paused' | 'done' | 'error';

export interface TrainState {
  status: Status;
  /** Counted from 0; `epochs` when all are done. */
  epoch: number;
  epochs: number;
  /** Batches done in this epoch, of how many. */
  batch: number;
  batches: number;
  /** Batches done since the network was built. */
  step: number;
  samplesPerSecond: number;
  secondsLeft: number;
  /** Means of this epoch so far, over batches as they were trained. */
  loss: number;
  accuracy: number;
  /** The newest evaluation on the test set. */
  testLoss?: number;
  testAccuracy?: number;
  /** Size of WebAssembly's memory. */
  memoryBytes: number;
}

/** What was added since the event before: means over a few batches each, and evaluations. */
export interface Curves {
  step: number[];
  loss: number[];
  accuracy: number[];
  testStep: number[];
  testLoss: number[];
  testAccuracy: number[];
}

export interface Evaluated {
  type: 'evaluated';
  correct: number;
  total: number;
  /** `classes × classes`, a row for each true label, a column for each guess. */
  confusion: Uint32Array;
  /** Indices of test pictures that were misread. */
  mistakes: Uint32Array;
  /** The guess for each test picture. */
  predicted: Uint8Array;
}

export type TrainerEvent =
  | { type: 'state'; state: TrainState; curves: Curves }
  | Evaluated
  | { type: 'error'; message: string };

export interface Saved {
  json: string;
  weights: Uint8Array;
}

export interface Trainer {
  load(source: DataSource, onProgress?: (progress: Progress) => void): Promise<DataInfo>;
  /** Replaces the network and forgets its training. */
  build(spec: ModelSpec): Promise<ModelInfo>;
  /** Begins to train and returns; `state` events follow about 20 times a second. */
  start(options: TrainOptions): Promise<void>;
  pause(): Promise<TrainState>;
  resume(): Promise<void>;
  /** Trains one batch and stays paused. */
  step(): Promise<TrainState>;
  /** Ends the run; the network keeps what it has learned. */
  stop(): Promise<void>;
  /** What the network makes of `count` pictures, row by row; works while it trains. */
  predict(images: Float32Array, count: number): Promise<Float32Array>;
  /** How the network reads a drawing; null for an empty one. */
  read(strokes: Stroke[]): Promise<{ pixels: Float32Array; probabilities: Float32Array } | null>;
  images(
    indices: ArrayLike<number>,
    set: 'train' | 'test',
  ): Promise<{ pixels: Uint8Array; labels: Uint8Array }>;
  weights(layer: number): Promise<{ name: string; shape: number[]; values: Float32Array }[]>;
  /** Tests the network on the whole test set now; also sends `evaluated`. */
  evaluate(): Promise<{ loss: number; accuracy: number }>;
  save(): Promise<Saved>;
  restore(saved: Saved): Promise<ModelInfo>;
  /** What computes: the mode, the number of threads, and what was not possible. */
  backend(): Promise<BackendInfo>;
  subscribe(listener: (event: TrainerEvent) => void): () => void;
  terminate(): void;
}

export interface TrainerOptions extends Pick<InitOptions, 'mode' | 'threads'> {
  /** Makes the worker, where a bundler needs it done its own way. */
  worker?: () => Worker;
  /** MNIST, when that is what will be loaded: its files are fetched while the module is compiled. */
  mnist?: MnistSource;
}

/** Starts a worker that trains. */
export async function createTrainer(options: TrainerOptions = {}): Promise<Trainer> {
  const { worker: _, mnist, ...settings } = options;
  if (!options.worker && typeof Worker === 'undefined') {
    throw new Error(
      'createTrainer: there are no web workers here; use sequential() and model.fit, which also yield',
    );
  }
  const worker =
    options.worker?.() ??
    new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'mapling' });
  const hands = Comlink.wrap<Hands>(worker);
  const listeners = new Set<(event: TrainerEvent) => void>();
  const emit = (event: TrainerEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      const message = `the worker failed: ${event.message || 'its script could not be loaded'}`;
      emit({ type: 'error', message });
      reject(new Error(`createTrainer: ${message}`));
    });
  });
  // Whoever awaits an answer hears of it; that nobody does at the moment is no error of its own.
  broken.catch(() => {});
  const answer = <T>(reply: Promise<T>): Promise<T> => Promise.race([reply, broken]);
  // Inside the worker, addresses are relative to its own.
  const absolute = <T extends MnistSource>(source: T): T => ({
    ...source,
    url: new URL(source.url, location.href).href,
  });
  try {
    await answer(hands.begin(Comlink.proxy(emit), settings, mnist && absolute(mnist)));
  } catch (failure) {
    worker.terminate();
    throw failure;
  }

  return {
    load: (source, onProgress) => {
      const place = source.kind === 'mnist' ? absolute(source) : source;
      return answer(hands.load(place, onProgress ? Comlink.proxy(onProgress) : undefined));
    },
    build: (spec) => answer(hands.build(spec)),
    start: (train) => answer(hands.start(train)),
    pause: () => answer(hands.pause()),
    resume: () => answer(hands.resume()),
    step: () => answer(hands.step()),
    stop: () => answer(hands.stop()),
    predict: (images, count) => answer(hands.predict(images, count)),
    read: (strokes) => answer(hands.read(strokes)),
    images: (indices, set) => answer(hands.images(Uint32Array.from(indices), set)),
    weights: (layer) => answer(hands.weights(layer)),
    evaluate: () => answer(hands.evaluate()),
    save: () => answer(hands.save()),
    restore: (saved) => answer(hands.restore(saved)),
    backend: () => answer(hands.backend()),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    terminate() {
      listeners.clear();
      hands[Comlink.releaseProxy]();
      worker.terminate();
    },
  };
}
