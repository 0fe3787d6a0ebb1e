/** The library's layers by name. Their settings are Keras', in camelCase; the core checks them. */
import { describe, fault } from '../engine/errors.js';
import { namespace } from '../engine/namespace.js';
import type { Tensor } from '../tensor/handle.js';
import type { LayerArgs } from './args.js';
import { BuiltIn } from './built-in.js';
import { InputLayer, type InputLayerArgs } from './input-layer.js';
import { Layer } from './layer.js';
import type { Constraint, Initializer, Regularizer } from './parts.js';
import type { Dims } from './symbolic.js';

export type Pair = number | [number, number];
/** `relu`, `sigmoid`, `tanh`, `softmax`, `elu`, `gelu`, … */
export type ActivationName = string;
type Named = string | { className: string; config?: Record<string, unknown> };
/** `glorotUniform`, `heNormal`, `zeros`, …, with settings: `{ className, config }`; or one of one's own. */
export type InitializerName =
  | Named
  | Initializer
  | { apply(shape: number[], dtype: string): Tensor }
  | ((shape: number[], dtype: string) => Tensor);
/** `l1`, `l2`, `l1l2`, with settings: `{ className, config }`; or one of one's own. */
export type RegularizerName = Named | Regularizer | { apply(x: Tensor): Tensor } | ((x: Tensor) => Tensor);
/** `nonNeg`, `maxNorm`, `unitNorm`, `minMaxNorm`, with settings: `{ className, config }`; or one of one's own. */
export type ConstraintName = Named | Constraint | { apply(w: Tensor): Tensor } | ((w: Tensor) => Tensor);

interface Weighted extends LayerArgs {
  activation?: ActivationName;
  useBias?: boolean;
  kernelInitializer?: InitializerName;
  biasInitializer?: InitializerName;
  kernelRegularizer?: RegularizerName;
  biasRegularizer?: RegularizerName;
  activityRegularizer?: RegularizerName;
  kernelConstraint?: ConstraintName;
  biasConstraint?: ConstraintName;
}
export interface DenseArgs extends Weighted {
  units: number;
}
export interface Conv2DArgs extends Weighted {
  filters: number;
  kernelSize: Pair;
  strides?: Pair;
  padding?: 'valid' | 'same';
  dilationRate?: Pair;
  dataFormat?: 'channelsLast';
}
interface RecurrentArgs extends Weighted {
  units: number;
  recurrentInitializer?: InitializerName;
  recurrentRegularizer?: RegularizerName;
  recurrentConstraint?: ConstraintName;
  dropout?: number;
  recurrentDropout?: number;
  /** The output of every step, not just the last. Default: false. */
  returnSequences?: boolean;
  /** The last state as further results. Default: false. */
  returnState?: boolean;
  goBackwards?: boolean;
  stateful?: false;
  /** These two say how to compute, not what: they change nothing here. */
  unroll?: boolean;
  implementation?: number;
}
export type SimpleRNNArgs = RecurrentArgs;
/** The defaults are Keras': `recurrentActivation` is `sigmoid` (TensorFlow.js: `hardSigmoid`). */
export interface LSTMArgs extends RecurrentArgs {
  recurrentActivation?: ActivationName;
  /** Whether the forget gate's bias starts as 1. Default: true. */
  unitForgetBias?: boolean;
}
/** The defaults are Keras': `resetAfter` is true (TensorFlow.js knows false only). */
export interface GRUArgs extends RecurrentArgs {
  recurrentActivation?: ActivationName;
  /** Whether the reset gate acts after the recurrent product. Default: true. */
  resetAfter?: boolean;
}
export interface Pooling2DArgs extends LayerArgs {
  poolSize?: Pair;
  strides?: Pair;
  padding?: 'valid' | 'same';
  dataFormat?: 'channelsLast';
}
export interface GlobalPoolingArgs extends LayerArgs {
  dataFormat?: 'channelsLast';
  keepDims?: boolean;
}
/** The same at every edge, or down and across, each one number or two. */
export type EdgeCounts = number | [number, number] | [[number, number], [number, number]];
export interface ZeroPadding2DArgs extends LayerArgs {
  /** How many zeros at each edge. Default: 1. */
  padding?: EdgeCounts;
  dataFormat?: 'channelsLast';
}
export interface Cropping2DArgs extends LayerArgs {
  /** How many places are cut off at each edge. */
  cropping: EdgeCounts;
  dataFormat?: 'channelsLast';
}
export interface LeakyReLUArgs extends LayerArgs {
  /** The slope below 0. Default: 0.3. */
  negativeSlope?: number;
  /** The same in TensorFlow.js' word. */
  alpha?: number;
}
export interface BatchNormalizationArgs extends LayerArgs {
  axis?: number;
  momentum?: number;
  epsilon?: number;
  center?: boolean;
  scale?: boolean;
  betaInitializer?: InitializerName;
  gammaInitializer?: InitializerName;
  movingMeanInitializer?: InitializerName;
  movingVarianceInitializer?: InitializerName;
  betaRegularizer?: RegularizerName;
  gammaRegularizer?: RegularizerName;
  betaConstraint?: ConstraintName;
  gammaConstraint?: ConstraintName;
}
export interface EmbeddingArgs extends LayerArgs {
  inputDim: number;
  outputDim: number;
  embeddingsInitializer?: InitializerName;
  embeddingsRegularizer?: RegularizerName;
  embeddingsConstraint?: ConstraintName;
  maskZero?: boolean;
  /** The length of a sequence, when this is a model's first layer. */
  inputLength?: number | number[];
}
export interface BidirectionalArgs extends LayerArgs {
  layer: Layer;
  mergeMode?: 'sum' | 'mul' | 'ave' | 'concat' | null;
  backwardLayer?: Layer;
}

function maker<Args extends object>(className: string, alias?: (args: Args) => LayerArgs) {
  return (args?: Args): Layer => {
    if (args !== undefined && (args === null || typeof args !== 'object' || Array.isArray(args))) {
      throw fault('type', `${className}: expected an object of settings, got ${describe(args)}`);
    }
    return new BuiltIn(className, alias ? alias((args ?? {}) as Args) : (args ?? {}));
  };
}
/** The same for a layer some of whose settings must be given. */
const needs = <Args extends object>(className: string, alias?: (args: Args) => LayerArgs) =>
  maker<Args>(className, alias) as (args: Args) => Layer;

/** Keras says `keepdims` in one word. */
const keepdims = ({ keepDims, ...args }: GlobalPoolingArgs): LayerArgs =>
  ({ ...args, ...(keepDims === undefined ? {} : { keepdims: keepDims }) }) as LayerArgs;

/** TensorFlow.js calls the slope `alpha`, Keras `negativeSlope`. */
const slope = ({ alpha, ...args }: LeakyReLUArgs): LayerArgs =>
  alpha === undefined ? args : ({ negativeSlope: alpha, ...args } as LayerArgs);

function embedding({ inputLength, ...args }: EmbeddingArgs): LayerArgs {
  if (inputLength === undefined || inputLength === null) return args;
  return { inputShape: [inputLength].flat() as Dims, ...args };
}

/** The classes of the library and how programs call them. */
export const known = {
  dense: needs<DenseArgs>('Dense'),
  conv2d: needs<Conv2DArgs>('Conv2D'),
  maxPooling2d: maker<Pooling2DArgs>('MaxPooling2D'),
  maxPool2d: maker<Pooling2DArgs>('MaxPooling2D'),
  averagePooling2d: maker<Pooling2DArgs>('AveragePooling2D'),
  avgPooling2d: maker<Pooling2DArgs>('AveragePooling2D'),
  avgPool2d: maker<Pooling2DArgs>('AveragePooling2D'),
  globalAveragePooling2d: maker<GlobalPoolingArgs>('GlobalAveragePooling2D', keepdims),
  globalMaxPooling2d: maker<GlobalPoolingArgs>('GlobalMaxPooling2D', keepdims),
  globalMaxPool2d: maker<GlobalPoolingArgs>('GlobalMaxPooling2D', keepdims),
  globalAveragePooling1d: maker<GlobalPoolingArgs>('GlobalAveragePooling1D', keepdims),
  globalMaxPooling1d: maker<GlobalPoolingArgs>('GlobalMaxPooling1D', keepdims),
  globalMaxPool1d: maker<GlobalPoolingArgs>('GlobalMaxPooling1D', keepdims),
  flatten: maker<LayerArgs & { dataFormat?: 'channelsLast' }>('Flatten'),
  reshape: needs<LayerArgs & { targetShape: number[] }>('Reshape'),
  permute: needs<LayerArgs & { dims: number[] }>('Permute'),
  repeatVector: needs<LayerArgs & { n: number }>('RepeatVector'),
  zeroPadding2d: maker<ZeroPadding2DArgs>('ZeroPadding2D'),
  cropping2d: needs<Cropping2DArgs>('Cropping2D'),
  simpleRNN: needs<SimpleRNNArgs>('SimpleRNN'),
  lstm: needs<LSTMArgs>('LSTM'),
  gru: needs<GRUArgs>('GRU'),
  embedding: needs<EmbeddingArgs>('Embedding', embedding),
  masking: maker<LayerArgs & { maskValue?: number }>('Masking'),
  batchNormalization: maker<BatchNormalizationArgs>('BatchNormalization'),
  bidirectional: needs<BidirectionalArgs>('Bidirectional'),
  timeDistributed: needs<LayerArgs & { layer: Layer }>('TimeDistributed'),
  add: maker<LayerArgs>('Add'),
  subtract: maker<LayerArgs>('Subtract'),
  multiply: maker<LayerArgs>('Multiply'),
  average: maker<LayerArgs>('Average'),
  maximum: maker<LayerArgs>('Maximum'),
  minimum: maker<LayerArgs>('Minimum'),
  concatenate: maker<LayerArgs & { axis?: number }>('Concatenate'),
  dot: needs<LayerArgs & { axes: number | number[]; normalize?: boolean }>('Dot'),
  reLU: maker<LayerArgs & { maxValue?: number; negativeSlope?: number; threshold?: number }>('ReLU'),
  leakyReLU: maker<LeakyReLUArgs>('LeakyReLU', slope),
  elu: maker<LayerArgs & { alpha?: number }>('ELU'),
  softmax: maker<LayerArgs & { axis?: number }>('Softmax'),
  rescaling: needs<LayerArgs & { scale: number; offset?: number }>('Rescaling'),
  dropout: needs<LayerArgs & { rate: number; noiseShape?: Dims; seed?: null }>('Dropout'),
  activation: needs<LayerArgs & { activation: ActivationName }>('Activation'),
  inputLayer: (args: InputLayerArgs): Layer => new InputLayer(args),
  /** The class that layers of one's own extend. */
  Layer,
};

/** What comes closest to layers that are not here. */
const NEAREST: Record<string, string> = {
  conv1d: 'conv2d with a height of 1',
  separableConv2d: 'conv2d',
  depthwiseConv2d: 'conv2d',
  layerNormalization: 'batchNormalization',
};

/** Layers by name. One that is not here throws when it is called, and names the nearest. */
export const layers = /* @__PURE__ */ namespace('layers', known, NEAREST);
