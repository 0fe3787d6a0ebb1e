/**
 * mapling: train neural networks in the browser, with the names of Keras and TensorFlow.js layers.
 * `await init()` once, then everything else.
 */

export {
  type DigitData,
  type DigitSet,
  type DigitsOptions,
  datasets,
  digit,
  type MnistOptions,
  type Progress,
  type Strokes,
} from './data/datasets.js';
export type { Mode } from './engine/choose.js';
export {
  type BackendInfo,
  backend,
  type InitOptions,
  init,
  type MemoryInfo,
  memory,
  type WasmSource,
} from './engine/instance.js';
export * from './missing.js';
export {
  type ActivationName,
  type Conv2DArgs,
  type DenseArgs,
  type InitializerName,
  Layer,
  type LayerArgs,
  layers,
  type Pooling2DArgs,
} from './nn/layers.js';
export {
  type CompileArgs,
  type Data,
  loadModel,
  modelFromJSON,
  type Saved,
  Sequential,
  type SequentialArgs,
  sequential,
} from './nn/model.js';
export * from './tensor/create.js';
export * from './tensor/ops.js';
export type { Shape } from './tensor/shape.js';
export { type Padding, Tensor } from './tensor/tensor.js';
export type { DataType, NestedArray, TensorLike, TypedArray } from './tensor/values.js';
export {
  Callback,
  type CallbackArgs,
  callbacks,
  EarlyStopping,
  type EarlyStoppingArgs,
  type Logs,
} from './train/callbacks.js';
export { type Augment, type FitArgs, History } from './train/fit.js';
export { Optimizer, type OptimizerSpec, train } from './train/optimizers.js';
export { dispose, getBackend, keep, nextFrame, ready, tidy, util, version } from './util.js';

import type { Tensor } from './tensor/tensor.js';
/** Names that TensorFlow.js gives to tensors with so many axes. */
export type Scalar = Tensor;
export type Tensor1D = Tensor;
export type Tensor2D = Tensor;
export type Tensor3D = Tensor;
export type Tensor4D = Tensor;
