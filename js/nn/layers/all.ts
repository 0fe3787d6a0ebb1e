/**
 * The library's layers by name. Their settings are Keras', in camelCase; the core checks them. A file of a family has the
 * functions as its default, and what else it exports are types of settings, which programs may name.
 */
import { namespace } from '../../engine/namespace.js';
import { input } from '../input-layer.js';
import { Layer } from '../layer.js';
import activation from './activation.js';
import attention from './attention.js';
import basic from './basic.js';
import convolution from './convolution.js';
import embedding from './embedding.js';
import merge from './merge.js';
import noise from './noise.js';
import normalization from './normalization.js';
import pooling from './pooling.js';
import preprocessing from './preprocessing.js';
import recurrent from './recurrent.js';

export type * from './activation.js';
export type * from './attention.js';
export type * from './basic.js';
export type * from './convolution.js';
export type * from './embedding.js';
export type * from './merge.js';
export type * from './noise.js';
export type * from './normalization.js';
export type * from './pooling.js';
export type * from './preprocessing.js';
export type * from './recurrent.js';

/** The classes of the library and how programs call them. */
const known = {
  ...basic,
  ...activation,
  ...convolution,
  ...pooling,
  ...recurrent,
  ...embedding,
  ...normalization,
  ...noise,
  ...attention,
  ...merge,
  ...preprocessing,
  /** What `input` gives: where a model begins. */
  input,
  /** The class that layers of one's own extend. */
  Layer,
};

/** What comes closest to layers that are not here. */
const NEAREST: Record<string, string> = {
  randomWidth: 'randomZoom with a heightFactor of 0',
  randomHeight: 'randomZoom with a widthFactor of 0',
  einsumDense: 'dense over the last axis, or a layer of your own (layers.Layer) that calls einsum',
  lambda: 'a layer of your own (layers.Layer)',
};

/**
 * Layers by name. One that is not here throws when it is called, and names the nearest.
 * @example layers.input({ shape: [2] }).shape; // → [null, 2]
 */
export const layers = /* @__PURE__ */ namespace('layers', known, NEAREST);

/** The class as a type, as programs in TypeScript name it. */
export declare namespace layers {
  type Layer = import('../layer.js').Layer;
}
