/**
 * mapling: train neural networks in the browser, with the names of Keras and TensorFlow.js layers.
 * `await init()` once, then everything else.
 */

// What the page's worker, to which models come as JSON, goes without: the ops as methods of tensors, tensors as text,
// steps on variables, training on data of JavaScript's, states that are carried from batch to batch, parts of models
// that are code of the user's, and places that models are saved in.
import './io/places.js';
import './io/weight-files.js';
import './nn/carried.js';
import './nn/dataset-methods.js';
import './nn/layer-members.js';
import './nn/applying.js';
import './nn/from-symbols.js';
import './nn/graph-members.js';
import './nn/keras-json.js';
import './nn/model-methods.js';
import './nn/provide-own.js';
import './tensor/methods.js';
import './tensor/print.js';
import './train/optimizer-weights.js';
import './train/steps.js';

export type { ColumnConfig, CSVConfig, CSVDataset, CSVSource } from './data/csv.js';
export type { Dataset } from './data/dataset.js';
export {
  type DigitData,
  type DigitSet,
  type DigitsOptions,
  datasets,
  type MnistOptions,
  type Progress,
  type Strokes,
} from './data/datasets.js';
export { digit } from './data/ink.js';
export type { LazyIterator } from './data/lazy-iterator.js';
export { data } from './data/readers.js';
export type { DataSource, FileDataSource, URLDataSource } from './data/sources.js';
export type { TextLineDataset } from './data/text-lines.js';
export { type Backend, backend } from './engine/backend.js';
export type { Mode } from './engine/choose.js';
export {
  type BackendInfo,
  type InitOptions,
  init,
  type WasmSource,
} from './engine/instance.js';
export { type GradCheck, type GradCheckOptions, type GradCheckRow, gradCheck } from './grad/check.js';
export {
  type CustomValue,
  customGrad,
  type GradSaver,
  type GradSaver as GradSaveFunc,
  type InputOrSaver,
} from './grad/custom.js';
export { grad, grads, valueAndGrad, valueAndGrads, variableGrads } from './grad/gradients.js';
export { dispose, keep, tidy } from './grad/tidy.js';
export type { OnnxOptions, Safetensors, SafetensorsOptions } from './io/conversions.js';
export { io, loadLayersModel } from './io/index.js';
export {
  broadcast_util,
  sumOutType,
  tensor_util,
  upcastType,
} from './kinds.js';
export * from './missing.js';
export type { CallArgs, LayerArgs, Value } from './nn/args.js';
export type {
  CompileArgs,
  LossOrMetricFn,
  LossSpec,
  MetricSpec,
  MetricSpecs,
  PerOutput,
} from './nn/compile.js';
export type { EvaluateDatasetArgs, FitDatasetArgs } from './nn/dataset-methods.js';
export type { ModelArgs } from './nn/graph.js';
export { type InputArgs, type InputLayerArgs, input } from './nn/input-layer.js';
export { InputSpec, type InputSpecArgs } from './nn/input-spec.js';
export { Layer } from './nn/layer.js';
export type { NormalizationArgs } from './nn/layers/adapted.js';
export type * from './nn/layers/all.js';
export { layers } from './nn/layers/all.js';
export type {
  ActivationName,
  ConstraintName,
  InitializerName,
  RegularizerName,
} from './nn/layers/make.js';
export { LayersModel, model, type Saved } from './nn/model.js';
export type { EvaluateArgs } from './nn/model-methods.js';
export { models } from './nn/models.js';
export {
  Constraint,
  constraints,
  Initializer,
  initializers,
  type PartConfig,
  Regularizer,
  regularizers,
} from './nn/parts.js';
export { modelFromJSON } from './nn/read.js';
export { RNN, type RNNArgs, type RNNCell } from './nn/rnn.js';
export { Sequential, type SequentialArgs, sequential } from './nn/sequential.js';
export { serialization } from './nn/serialization.js';
export {
  type CompileSpec,
  loadModel,
  type ModelSource,
  type OptimizerState,
  type SavedModel,
} from './nn/source.js';
export { type Dims, SymbolicTensor } from './nn/symbolic.js';
export { LayerVariable, type PlainWeight } from './nn/weights.js';
export { op } from './op.js';
export * from './tensor/aliases.js';
export * from './tensor/binary.js';
export * from './tensor/blocks.js';
export { buffer, TensorBuffer } from './tensor/buffer.js';
export type {
  NamedTensor,
  NamedTensorMap,
  TensorContainer,
  TensorContainerArray,
  TensorContainerObject,
} from './tensor/containers.js';
export * from './tensor/convolutions.js';
export * from './tensor/create.js';
export * from './tensor/einsum.js';
export {
  abs,
  addN,
  bitwiseAnd,
  cast,
  clipByValue,
  clone,
  equal,
  floorDiv,
  greater,
  greaterEqual,
  isFinite,
  isInf,
  isNaN,
  leakyRelu,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  logSigmoid,
  notEqual,
  prelu,
  step,
  stopGradient,
  where,
} from './tensor/elementwise.js';
export * from './tensor/expect.js';
export * from './tensor/fused.js';
export { type Padding, type RankType, Tensor } from './tensor/handle.js';
export { image } from './tensor/image.js';
export * from './tensor/indexing.js';
export { concat, split, stack, tile, unstack } from './tensor/join.js';
export * from './tensor/linalg.js';
export { variable } from './tensor/make-variable.js';
export { type MemoryInfo, memory } from './tensor/memory.js';
export * from './tensor/normalize.js';
export type { Edges } from './tensor/pictures.js';
export { browser, type DrawOptions, type PixelData } from './tensor/pixels.js';
export * from './tensor/pooling.js';
export * from './tensor/products.js';
export * from './tensor/ragged.js';
export * from './tensor/random.js';
export { type ArrayMap, Rank, type ShapeMap } from './tensor/rank.js';
export {
  broadcastTo,
  expandDims,
  gather,
  mirrorPad,
  pad,
  reshape,
  reverse,
  slice,
  squeeze,
  transpose,
} from './tensor/rearrange.js';
export { basicLSTMCell, multiRNNCell } from './tensor/recurrent.js';
export {
  type Axes,
  all,
  any,
  argMax,
  argMin,
  cumprod,
  cumsum,
  logSoftmax,
  logSumExp,
  max,
  mean,
  min,
  moments,
  norm,
  prod,
  softmax,
  sum,
  topk,
} from './tensor/reduce.js';
export * from './tensor/search.js';
export { setSeed } from './tensor/seed.js';
export type { Shape } from './tensor/shape.js';
export * from './tensor/signal.js';
export * from './tensor/sparse.js';
export * from './tensor/spectral.js';
export * from './tensor/strided.js';
export * from './tensor/unary.js';
export type {
  DataType,
  DataTypeMap,
  NestedArray,
  NumericDataType,
  TensorLike,
  TypedArray,
} from './tensor/values.js';
export { disposeVariables, type Store, Variable } from './tensor/variable.js';
export { CallbackList } from './train/callbacks/list.js';
export { registerCallbackConstructor } from './train/callbacks/registered.js';
export {
  Callback,
  type CallbackArgs,
  type CSVLoggerArgs,
  CustomCallback,
  callbacks,
  EarlyStopping,
  type EarlyStoppingArgs,
  type Logs,
  type ModelCheckpointArgs,
  type ReduceLROnPlateauArgs,
} from './train/callbacks.js';
export type { ClassWeight } from './train/class-weight.js';
export type { Augment, FitArgs } from './train/fit.js';
export { History, type RunParams } from './train/history.js';
export { Loss, type LossArgs, losses, Reduction } from './train/losses.js';
export { Metric, type MetricArgs, math, metrics } from './train/metrics.js';
export {
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamaxOptimizer,
  AdamOptimizer,
  MomentumOptimizer,
  RMSPropOptimizer,
  SGDOptimizer,
} from './train/optimizer-classes.js';
export {
  type GradientPair,
  type NamedGradient,
  Optimizer,
  type OptimizerArgs,
  OptimizerConstructors,
  type OptimizerSpec,
  optimizers,
  type Rate,
  train,
} from './train/optimizers.js';
export type { Data, OneOf, PerSample } from './train/samples.js';
export { LearningRateSchedule, schedules } from './train/schedules.js';
export type * from './types.js';
export {
  deprecationWarn,
  device_util,
  disableDeprecationWarnings,
  ENV,
  enableDebugMode,
  enableProdMode,
  engine,
  env,
  findBackend,
  findBackendFactory,
  getBackend,
  nextFrame,
  type ProfileInfo,
  profile,
  ready,
  removeBackend,
  setBackend,
  time,
  util,
  version,
} from './util.js';

import { refuseMissingMembers, refuseOnSymbols } from './nearest.js';
import { Layer } from './nn/layer.js';
import { LayersModel } from './nn/model.js';
import { SymbolicTensor } from './nn/symbolic.js';
import { LayerVariable } from './nn/weights.js';
import { Optimizer } from './train/optimizers.js';

refuseOnSymbols(SymbolicTensor.prototype);
refuseMissingMembers({ Layer, LayersModel, LayerVariable, Optimizer });
