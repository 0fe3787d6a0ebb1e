/**
 * mapling: train neural networks in the browser, with the names of Keras and TensorFlow.js layers.
 * `await init()` once, then everything else.
 */

// What the page's worker, to which models come as JSON, goes without: the ops as methods of tensors, tensors as text,
// steps on variables, training on data of JavaScript's, states that are carried from batch to batch, parts of models
// that are code of the user's, and places that models are saved in.
import './io/places.js';
import './nn/carried.js';
import './nn/dataset-methods.js';
import './nn/layer-members.js';
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
export type { Mode } from './engine/choose.js';
export {
  type BackendInfo,
  backend,
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
export type { LeakyReLUArgs, PReLUArgs } from './nn/layers/activation.js';
export type { NormalizationArgs } from './nn/layers/adapted.js';
export { layers } from './nn/layers/all.js';
export type {
  AdditiveAttentionArgs,
  AttentionArgs,
  MultiHeadAttentionArgs,
} from './nn/layers/attention.js';
export type { DenseArgs } from './nn/layers/basic.js';
export type {
  Conv1DArgs,
  Conv2DArgs,
  Conv2DTransposeArgs,
  Conv3DArgs,
  Conv3DTransposeArgs,
  DepthwiseConv2DArgs,
  SeparableConv1DArgs,
  SeparableConv2DArgs,
} from './nn/layers/convolution.js';
export type { EmbeddingArgs } from './nn/layers/embedding.js';
export type {
  ActivationName,
  ConstraintName,
  InitializerName,
  RegularizerName,
} from './nn/layers/make.js';
export type {
  BatchNormalizationArgs,
  GroupNormalizationArgs,
  LayerNormalizationArgs,
} from './nn/layers/normalization.js';
export type {
  Cropping1DArgs,
  Cropping2DArgs,
  Cropping3DArgs,
  EdgeCounts,
  GlobalPoolingArgs,
  Pooling1DArgs,
  Pooling2DArgs,
  Pooling3DArgs,
  UpSampling1DArgs,
  UpSampling2DArgs,
  UpSampling3DArgs,
  ZeroPadding1DArgs,
  ZeroPadding2DArgs,
  ZeroPadding3DArgs,
} from './nn/layers/pooling.js';
export type {
  CategoryEncodingArgs,
  CenterCropArgs,
  RandomColourArgs,
  RandomCropArgs,
  RandomFlipArgs,
  RandomRotationArgs,
  RandomTranslationArgs,
  RandomZoomArgs,
  ResizingArgs,
} from './nn/layers/preprocessing.js';
export type {
  BidirectionalArgs,
  ConvLSTM2DArgs,
  ConvLSTM2DCellArgs,
  GRUArgs,
  GRUCellArgs,
  LSTMArgs,
  LSTMCellArgs,
  SimpleRNNArgs,
  SimpleRNNCellArgs,
} from './nn/layers/recurrent.js';
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
export { batchToSpaceND, depthToSpace, spaceToBatchND } from './tensor/blocks.js';
export { buffer, TensorBuffer } from './tensor/buffer.js';
export type {
  NamedTensor,
  NamedTensorMap,
  TensorContainer,
  TensorContainerArray,
  TensorContainerObject,
} from './tensor/containers.js';
export {
  conv1d,
  conv2dTranspose,
  conv3d,
  conv3dTranspose,
  depthwiseConv2d,
  separableConv2d,
} from './tensor/convolutions.js';
export * from './tensor/create.js';
export { einsum } from './tensor/einsum.js';
export {
  abs,
  acos,
  acosh,
  add,
  addN,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  bitwiseAnd,
  cast,
  ceil,
  clipByValue,
  clone,
  cos,
  cosh,
  div,
  divNoNan,
  elu,
  equal,
  erf,
  exp,
  expm1,
  floor,
  floorDiv,
  greater,
  greaterEqual,
  isFinite,
  isInf,
  isNaN,
  leakyRelu,
  less,
  lessEqual,
  log,
  log1p,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  logSigmoid,
  maximum,
  minimum,
  mod,
  mul,
  neg,
  notEqual,
  pow,
  prelu,
  reciprocal,
  relu,
  relu6,
  round,
  rsqrt,
  selu,
  sigmoid,
  sign,
  sin,
  sinh,
  softplus,
  sqrt,
  square,
  squaredDifference,
  step,
  stopGradient,
  sub,
  tan,
  tanh,
  where,
} from './tensor/elementwise.js';
export { broadcastArgs, ensureShape } from './tensor/expect.js';
export { type FusedConv2DArgs, type FusedMatMulArgs, fused } from './tensor/fused.js';
export { type Padding, type RankType, Tensor } from './tensor/handle.js';
export { image } from './tensor/image.js';
export * from './tensor/indexing.js';
export { linalg } from './tensor/linalg.js';
export { variable } from './tensor/make-variable.js';
export { type MemoryInfo, memory } from './tensor/memory.js';
export * from './tensor/normalize.js';
export type { Edges } from './tensor/pictures.js';
export { browser, type DrawOptions, type PixelData } from './tensor/pixels.js';
export {
  avgPool3d,
  dilation2d,
  localResponseNormalization,
  maxPool3d,
  maxPoolWithArgmax,
  pool,
} from './tensor/pooling.js';
export { avgPool, conv2d, dot, matMul, maxPool, outerProduct } from './tensor/products.js';
export { raggedGather, raggedRange, raggedTensorToTensor } from './tensor/ragged.js';
export * from './tensor/random.js';
export { type ArrayMap, Rank, type ShapeMap } from './tensor/rank.js';
export {
  broadcastTo,
  concat,
  expandDims,
  gather,
  mirrorPad,
  pad,
  reshape,
  reverse,
  slice,
  split,
  squeeze,
  stack,
  tile,
  transpose,
  unstack,
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
export { cosineWindow, enclosingPowerOfTwo, signal } from './tensor/signal.js';
export { sparse } from './tensor/sparse.js';
export { complex, fft, ifft, imag, irfft, real, rfft, spectral } from './tensor/spectral.js';
export { stridedSlice } from './tensor/strided.js';
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
