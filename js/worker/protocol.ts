/** What a page and its worker say to each other: types only, so that neither side loads the other. */

import type { Progress } from '../data/download.js';
import type { Bytes } from '../engine/bytes.js';
import type { SavedModel } from '../nn/source.js';
import type { ClassWeight } from '../train/class-weight.js';
import type { Augment } from '../train/fit.js';
import type { RunParams } from '../train/history.js';
import type { MnistSource } from './digits-protocol.js';

export type { Progress } from '../data/download.js';
export type { Refusal } from '../data/refusal.js';
export type { Mode } from '../engine/choose.js';
export type { BackendInfo } from '../engine/instance.js';
export type { Augment } from '../train/fit.js';
export type * from './digits-protocol.js';
export type * from './model-info.js';

/** Values with a shape. Typed arrays move between a page and its worker: whoever gave one has it no longer. */
export interface Plain {
  values: Float32Array | Int32Array | Uint8Array;
  shape: number[];
  /** `bytes` are 0 to 255 and stand for 0 to 1, as pictures have them. */
  dtype: 'float32' | 'int32' | 'bool' | 'bytes';
}

/** What samples are made of: one thing, several in a list, or by the names of inputs or outputs. */
export type PlainData = Plain | Plain[] | { [name: string]: Plain };

export type { CompileSpec, ModelSource, OptimizerState, SavedModel } from '../nn/source.js';

/** Samples, what a model should answer for them, and how much each counts. */
export interface PlainSet {
  x: PlainData;
  y?: PlainData | undefined;
  sampleWeight?: PlainData | undefined;
}

/** How to train. The defaults are those of `fit`. */
export interface RunOptions {
  epochs?: number;
  /** How many batches to train on, in place of `epochs`. */
  steps?: number;
  batchSize?: number;
  shuffle?: boolean;
  validationSplit?: number;
  augment?: Augment;
  finalRate?: number;
  /** How much each class counts, by its number. */
  classWeight?: ClassWeight;
  /** The set to train on. Default: `train`. */
  data?: string;
  /** The set to validate on after each epoch, for `val_loss` and its like among the logs. Default: none. */
  validation?: string;
  /** A set to test on while it trains: `evaluated` events tell. Default: none. */
  evaluateOn?: string;
  /** Batches between two such tests, besides the one after each epoch. Default: none. */
  evaluateEvery?: number;
  /** Changes on the way, in the order of their steps: as `adjust` makes them, to the same bits. Default: none. */
  adjustments?: PlannedAdjustment[];
  /** Milliseconds of work between two looks at messages, and at least a batch. Default: 8. */
  slice?: number;
  /** Waits for `resume` or `step`. */
  paused?: boolean;
  /**
   * Goes on where the model's last run was: after `setModel` with a checkpoint, after `stop`, or after a worker has died.
   * The data and options must be the same. Default: false, a new run.
   */
  resume?: boolean;
}

/** What a run trains with from some step on: only what changes. */
export interface Adjustment {
  /** A schedule, if there was one, is given up. What `finalRate` takes off is taken off this one. */
  learningRate?: number;
  /** Of SGD. */
  momentum?: number;
  /** No sample is left out and none comes twice: what is left of the epoch comes in batches of the new size. */
  batchSize?: number;
}

/** An adjustment that a run makes by itself, once the model was trained for so many batches. */
export interface PlannedAdjustment extends Adjustment {
  step: number;
}

/** What is changed at once, and what a run changes by itself from then on in place of what it was told before. */
export interface AdjustArgs extends Adjustment {
  adjustments?: PlannedAdjustment[];
}

/** What `fit` gives. */
export interface HistoryData {
  epoch: number[];
  history: Record<string, number[]>;
  params: RunParams;
}

/** A callback on its way to the worker: the events that it listens to in the page, or how a ready-made one is made. */
export type CallbackSpec = { hooks: string[] } | { name: string; args: unknown[] };

/** Calls a function of the callback at this place in the list; `stop` asks for training to end. */
export type Tell = (
  callback: number,
  name: string,
  args: unknown[],
) => Promise<{ value: unknown; stop: boolean }>;

/** `idle` without a model. */
export type Status = 'idle' | 'ready' | 'training' | 'paused' | 'done' | 'error';

export interface TrainState {
  status: Status;
  /** Counted from 0; `epochs` when all are done. */
  epoch: number;
  epochs: number;
  /** Batches done in this epoch, of how many. */
  batch: number;
  batches: number;
  /** Batches that the model was trained for. */
  step: number;
  samplesPerSecond: number;
  secondsLeft: number;
  /** Means of this epoch so far, over batches as they were trained: `loss`, then each metric by its name. */
  logs: Record<string, number>;
  /** The same of the newest test. */
  tested?: Record<string, number>;
  /** Size of WebAssembly's memory. */
  memoryBytes: number;
}

/** Values of some steps, by the names of logs. */
export interface Line {
  step: number[];
  logs: Record<string, number[]>;
}

/** What was added since the event before: means over a few batches each, and tests. */
export interface Curves {
  train: Line;
  test: Line;
}

/** A test of the model on a set. */
export interface Evaluated {
  type: 'evaluated';
  /** The set's name. */
  data: string;
  logs: Record<string, number>;
  /** Where the targets are class numbers: what was taken for what. */
  classes?: Classified;
}

export interface Classified {
  correct: number;
  total: number;
  /** `classes × classes`, a row for each true class, a column for each guess. */
  confusion: Uint32Array;
  /** Indices of samples that were misread. */
  mistakes: Uint32Array;
  /** The guess for each sample. */
  predicted: Uint32Array;
}

export type TrainerEvent =
  | { type: 'state'; state: TrainState; curves: Curves }
  | Evaluated
  | { type: 'error'; message: string; code: string | undefined }
  /** The worker, or the module in it, has died and was started anew, with the model as it was at this step. */
  | { type: 'restarted'; step: number; reason: string; lost: string[] };

/** What the worker keeps for the case that it dies; no listener hears of it. */
export interface Checkpoint {
  type: 'checkpoint';
  model: SavedModel;
}

/** A layer of a plan: what it would give, how much it would learn, and how much work it would be. */
export interface PlannedLayer {
  className: string;
  outputShape: (number | null)[];
  params: number;
  /** Products that are added up for one sample. */
  multiplyAdds: number;
}

/** What a model would be, found without making it. */
export interface Plan {
  /** Up to the first layer that cannot be. */
  layers: PlannedLayer[];
  params: number;
  multiplyAdds: number;
  /** Which layer cannot be, counted from 0, and why. */
  refused?: { layer: number; message: string; code: string | undefined };
}

/** How a model is written for other programs: Keras 3, TensorFlow.js' two files, its weights alone, or all of it. */
export type ModelFormat = 'keras' | 'tensorflow' | 'safetensors' | 'checkpoint';

export interface ModelFile {
  name: string;
  bytes: Bytes;
}

/** A model that was read, and the shapes of what a sample of it is and gives: `setModel` goes on with its `source`. */
export interface ReadModel {
  source: SavedModel;
  inputs: (number | null)[][];
  outputs: (number | null)[][];
  params: number;
}

/** What the worker is told at its start. */
export interface BeginOptions {
  mode?: 'exact' | 'fast';
  threads?: number | 'auto';
  wasm?: string | BufferSource | WebAssembly.Module;
  mnist?: MnistSource;
  /** Addresses of modules with layers, losses and metrics of one's own. */
  modules?: string[];
}

export type OnProgress = (progress: Progress) => void;
