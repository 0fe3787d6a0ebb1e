/** All layers that have a form in ONNX, by their classes. */
import { ACTIVATIONS } from './activation.js';
import { ATTENTION } from './attention.js';
import { type Call, type Convert, x } from './layer.js';
import { MERGE } from './merge.js';
import { NORMALIZATION } from './normalization.js';
import { RECURRENT } from './recurrent.js';
import { SHAPES } from './shapes.js';
import { WINDOWS } from './windows.js';

/** Layers that do something while training only. */
const TRAINING = [
  'Dropout',
  'SpatialDropout1D',
  'SpatialDropout2D',
  'SpatialDropout3D',
  'GaussianDropout',
  'GaussianNoise',
  'AlphaDropout',
  'ActivityRegularization',
];
/** The same for pictures, which pass no mask on. */
const PICTURES = [
  'RandomFlip',
  'RandomRotation',
  'RandomZoom',
  'RandomTranslation',
  'RandomContrast',
  'RandomBrightness',
];
const unchanged = (call: Call): ReturnType<Convert> => x(call);

export const LAYERS: Readonly<Record<string, Convert>> = {
  ...ACTIVATIONS,
  ...WINDOWS,
  ...NORMALIZATION,
  ...SHAPES,
  ...MERGE,
  ...RECURRENT,
  ...ATTENTION,
  ...Object.fromEntries([...TRAINING, ...PICTURES].map((name) => [name, unchanged])),
};

/** Layers whose result has the mask of the input. */
export const PASSING: ReadonlySet<string> = new Set([
  ...Object.keys(ACTIVATIONS),
  ...Object.keys(NORMALIZATION),
  ...TRAINING,
  'Dense',
]);
