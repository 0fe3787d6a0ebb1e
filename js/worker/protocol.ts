/** What a page and its worker say to each other: types only, so that neither side loads the other. */

import type { Progress } from '../data/download.js';
import type { SavedModel } from '../nn/source.js';
import type { ClassWeight } from '../train/class-weight.js';
import type { Augment } from '../train/fit.js';
import type { RunParams } from '../train/history.js';

export type { Progress } from '../data/download.js';
export type { Refusal } from '../data/refusal.js';
export type { Mode } from '../engine/choose.js';
export type { BackendInfo } from '../engine/instance.js';
export type { Augment } from '../train/fit.js';

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

export interface LayerInfo {
  name: string;
  className: string;
  outputShape: (number | null)[];
  params: number;
}

export interface ModelInfo {
  layers: LayerInfo[];
  params: number;
}

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

/** A line drawn without lifting the pen: points `[x, y]`, y down, in any units. */
export interface Stroke extends Array<[number, number]> {}

/** MNIST's four gzip files on a server. */
export interface MnistSource {
  /** Their folder. */
  url: string;
  /** As in `datasets.mnist`: keeps them unpacked in the browser, for the next visit. Default: false. */
  cache?: boolean;
  /** As in `datasets.mnist`: so many generated digits stand beside those to train on. Default: 0. */
  styles?: number;
  /**
   * For `createTrainer`: whether the files are fetched while the module is compiled, `always`, or only if they are `kept`
   * from an earlier visit: a first one then needs its line for the page. Default: `always`.
   */
  ahead?: 'always' | 'kept';
}

/** Where digits come from. */
export type DigitsSource =
  | ({ kind: 'mnist' } & MnistSource)
  | { kind: 'digits'; seed: number; count?: number }
  | {
      kind: 'files';
      /**
       * IDX files; tables (`.csv`) with the label first in each row and then the pixels; or pictures, whose folders are named
       * by their labels.
       */
      files: File[];
      /** Where each file lies, folders first: `train/7/0001.png`. Default: the files' names. */
      paths?: string[];
      /** Exchanges rows and columns of the pictures, or does so if a file's name tells of EMNIST. Default: false. */
      turn?: boolean | 'by name';
      /** Fits pictures of other sizes into 28 × 28 pixels, as drawings are. Default: false. */
      fit?: boolean;
    };

export interface DigitsInfo {
  /** `styles` is MNIST with generated digits beside its own. */
  name: 'mnist' | 'styles' | 'generated' | 'file';
  /** How many pictures to train on, and to test. */
  train: number;
  test: number;
  /** Height and width. */
  imageShape: [number, number];
  classes: number;
  /** Rows and columns of the pictures were exchanged. */
  turned?: boolean;
  /** The height and width that the pictures had before they were fitted. */
  fittedFrom?: [number, number];
  /** How many drawings of one's own are among those to train on. */
  own?: number;
}

/** A picture and what the model makes of it. */
export interface Reading {
  pixels: Float32Array;
  probabilities: Float32Array;
  /** How sure it is that this is no digit, from 0 to 1. Only where `learnOthers` is done. */
  unlike?: number;
  /** Whether that is too little to say so: of the digits that it was tried on one in 150 is taken for none. */
  isDigit?: boolean;
  /** Where a drawing is several digits side by side: each of them, from left to right. */
  digits?: Reading[];
}

/**
 * A picture that the model looks at: drawn, one of a set, by its place there, or 28 × 28 values from 0 to 1, row by row, of
 * ink that is bright and fitted as MNIST's is.
 */
export type Picture =
  | { strokes: Stroke[] }
  | { set: 'train' | 'test'; index: number }
  | { pixels: Float32Array };

/** What a layer makes of a picture. */
export interface LayerInside {
  name: string;
  /** Without the batch. */
  shape: number[];
  values: Float32Array;
  /** How the score of the class that was asked for changes with each value. */
  gradient?: Float32Array;
}

/** What happens inside the model when it looks at a picture. */
export interface Inside extends Reading {
  layers: LayerInside[];
  /** What the last layer gives before its activation. */
  scores: Float32Array;
  /** How the score of the class that was asked for changes with each pixel. */
  gradient?: Float32Array;
}

/** What a step did to one of a layer's weights. */
export interface WeightMoved {
  /** Its path, as in `weights()`. */
  name: string;
  shape: number[];
  /** How large its values, its gradient and its change are: the roots of the sums of squares. */
  size: number;
  gradientSize: number;
  changeSize: number;
  /** The values that moved farthest, and how they would have changed the loss. */
  farthest: { at: number; before: number; after: number; gradient: number }[];
}

/** One step of training from within. */
export interface StepInside {
  /** Batches that the model was trained for, with this one. */
  step: number;
  /** The loss of the batch that the step was made for, as training reckons it. */
  loss: number;
  /** How many digits the batch had; the first of them are told of here. */
  batchSize: number;
  /** Their places in the training set, as they were shown (varied, if the run varies them), and what they are. */
  indices: Uint32Array;
  pixels: Float32Array;
  labels: Uint8Array;
  /** What the model answered to each before the step, as in inference, and how surprised it was by the truth. */
  scores: Float32Array;
  probabilities: Float32Array;
  losses: Float32Array;
  /** The probabilities after the step. */
  probabilitiesAfter: Float32Array;
  /** The weights of each layer that has some. */
  layers: { name: string; className: string; weights: WeightMoved[] }[];
  /** The first layer's kernel: how its values moved. */
  first: { name: string; shape: number[]; gradient: Float32Array; change: Float32Array } | null;
}

/** How a layer is doing. */
export interface LayerHealth {
  name: string;
  className: string;
  /** How large its weights, and the gradient of the loss for them, are: the roots of the sums of squares. */
  weightSize: number;
  gradientSize: number;
  /** Units, or maps, and how many of them were 0 for every digit that was looked at. */
  units: number;
  dead: number;
}

/** How the layers of the model are doing: over so many test digits, after so many batches of training. */
export interface Health {
  step: number;
  digits: number;
  /** The layers that have weights, but for the last, whose units are the answers: of that one, none counts as dead. */
  layers: LayerHealth[];
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

/**
 * How a reading is explained: by gradient × input, by gradients along the way from an empty picture (Sundararajan et al.
 * 2017), by covering parts of the picture, by what the last convolution sees (Selvaraju et al. 2017), or by the training
 * pictures that look most alike to the last hidden layer.
 */
export type Way = 'gradient' | 'integrated' | 'occlusion' | 'activation' | 'nearest';

/** Why the model reads a picture as it does. */
export interface Reason extends Reading {
  way: Way;
  /** The class that is explained. */
  class: number;
  /** How much each pixel speaks for the class; negative where it speaks against. Not for `nearest`. */
  values?: Float32Array;
  /** The training pictures that are most alike, nearest first, of the first so many that were looked at. */
  nearest?: { index: number; label: number; distance: number }[];
  looked?: number;
}

/** How far a lesson is. */
export interface TaughtStep {
  /** Steps of training so far, each of 64 pictures. */
  step: number;
  /** How the picture that is taught is read now. */
  probabilities: Float32Array;
  /** The share of pictures like it that are read so now; none of them is trained on. */
  likes: number;
}

/** What a lesson has brought: how the picture, and others like it, were read before and are read after it. */
export interface Taught {
  steps: number;
  pixels: Float32Array;
  before: Float32Array;
  after: Float32Array;
  likesBefore: number;
  likes: number;
}

/** A class more: what the lesson about it has brought, its number, and the network as it is now. */
export interface Grown {
  taught: Taught;
  label: number;
  network: ModelInfo;
}

/** A drawing, or a picture, of one's own, and what it shows. */
export type OwnDigit = ({ strokes: Stroke[] } | { pixels: Float32Array }) & { label: number };

/** How a model is written for other programs: Keras 3, TensorFlow.js' two files, its weights alone, or all of it. */
export type ModelFormat = 'keras' | 'tensorflow' | 'safetensors' | 'checkpoint';

export interface ModelFile {
  name: string;
  bytes: Uint8Array;
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
