/** All layers that have a form in ONNX, by their classes. */
import { isTaken } from '../../nn/taken-names.js';
import { ACTIVATIONS } from './activation.js';
import { ATTENTION } from './attention.js';
import type { Convert } from './layer.js';
import { MERGE } from './merge.js';
import { NORMALIZATION, rms } from './normalization.js';
import { RECURRENT } from './recurrent.js';
import { SHAPES } from './shapes.js';
import { standard } from './statistics.js';
import { WINDOWS } from './windows.js';

const TABLE: Readonly<Record<string, Convert>> = {
  ...ACTIVATIONS,
  ...WINDOWS,
  ...NORMALIZATION,
  ...SHAPES,
  ...MERGE,
  ...RECURRENT,
  ...ATTENTION,
  Normalization: standard,
  RMSNormalization: rms,
};

/** Layers that do something while training only, or never. Those for pictures pass no mask on. */
const TRAINING = /Dropout|Noise$|^(ActivityRegularization|Identity)$/;
const PICTURES = /^Random(?!Crop)/;

/** What makes ops of a layer of this class, if there are any. A class of the user's has no name of the library's. */
export function converter(className: string): Convert | undefined {
  if (!isTaken(className)) return undefined;
  if (TRAINING.test(className) || PICTURES.test(className)) return ({ x }) => x;
  return TABLE[className.replace(/[123]D$/, '')];
}

const PASSING: object = { ...ACTIVATIONS, ...NORMALIZATION, Normalization: 0, Dense: 0 };

/** Whether the mask of the input is that of the result. */
export const passesMask = (className: string): boolean => className in PASSING || TRAINING.test(className);
