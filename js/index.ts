/**
 * mapling: train neural networks in the browser, with the names of Keras and TensorFlow.js layers.
 * `await init()` once, then everything else.
 */

export {
  Callback,
  type CallbackArgs,
  callbacks,
  EarlyStopping,
  type EarlyStoppingArgs,
  type Logs,
} from './callbacks.js';
export type { Mode } from './choose.js';
export {
  type BackendInfo,
  backend,
  type InitOptions,
  init,
  type MemoryInfo,
  memory,
  type WasmSource,
} from './core.js';
export * from './create.js';
export {
  type DigitData,
  type DigitSet,
  type DigitsOptions,
  datasets,
  digit,
  type MnistOptions,
  type Progress,
  type Strokes,
} from './datasets.js';
export { type Augment, type FitArgs, History } from './fit.js';
export {
  type ActivationName,
  type Conv2DArgs,
  type DenseArgs,
  type InitializerName,
  Layer,
  type LayerArgs,
  layers,
  type Pooling2DArgs,
} from './layers.js';
export * from './missing.js';
export {
  type CompileArgs,
  type Data,
  loadModel,
  modelFromJSON,
  type Saved,
  Sequential,
  type SequentialArgs,
  sequential,
} from './model.js';
export * from './ops.js';
export { Optimizer, type OptimizerSpec, train } from './optimizers.js';
export type { Shape } from './shape.js';
export { type Padding, Tensor } from './tensor.js';
export { dispose, getBackend, keep, nextFrame, ready, tidy, util, version } from './util.js';
export type { DataType, NestedArray, TensorLike, TypedArray } from './values.js';

import type { Tensor } from './tensor.js';
/** Names that TensorFlow.js gives to tensors with so many axes. */
export type Scalar = Tensor;
export type Tensor1D = Tensor;
export type Tensor2D = Tensor;
export type Tensor3D = Tensor;
export type Tensor4D = Tensor;
