/** What a page and its worker say to each other of digits and drawings: types only. */

import type { Bytes } from '../engine/bytes.js';
import type { ModelInfo } from './model-info.js';

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

/** Where bytes are kept by names: a `Map` does it, and functions that may take their time. */
export interface ByteStore {
  /** Nothing, or null, where nothing is kept under this name. */
  get(name: string): Uint8Array | null | undefined | Promise<Uint8Array | null | undefined>;
  set(name: string, bytes: Bytes): unknown;
  delete(name: string): unknown;
}

/** A picture and what the model makes of it. */
export interface Reading {
  pixels: Float32Array;
  probabilities: Float32Array;
  /** How sure it is that this is no digit, from 0 to 1. Only where `learnOthers` has come far enough to say so. */
  unlike?: number;
  /**
   * Whether that is too little to say so: of the digits that it was tried on one in 120 is taken for none. What was taught as
   * a digit, and what is drawn nearly alike, is one.
   */
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

/**
 * How a reading is explained: by gradient × input, by gradients along the way from an empty picture (Sundararajan et al.
 * 2017), by covering parts of the picture, by what the last convolution sees (HiResCAM, Draelos and Carin 2020), or by the
 * training pictures that look most alike to the last hidden layer.
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
