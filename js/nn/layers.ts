/** Layers: what a model is made of. Their settings are Keras', in camelCase; the core checks them. */
import { describe, snakeKeys } from '../engine/errors.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Sequential } from './model.js';

/** Settings that every layer takes. */
export interface LayerArgs {
  name?: string;
  /** Whether training changes its weights. Default: true. */
  trainable?: boolean;
  /** The shape of one sample; for a model's first layer. */
  inputShape?: number[];
  /** The same with a batch axis, `null`, in front. */
  batchInputShape?: (number | null)[];
}

type Pair = number | [number, number];
/** `relu`, `sigmoid`, `tanh`, `softmax`, `elu`, `gelu`, … */
export type ActivationName = string;
/** `glorotUniform`, `heNormal`, `zeros`, …, or with settings: `{ className, config }`. */
export type InitializerName = string | { className: string; config?: Record<string, unknown> };

interface Weighted extends LayerArgs {
  activation?: ActivationName;
  useBias?: boolean;
  kernelInitializer?: InitializerName;
  biasInitializer?: InitializerName;
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
/** The defaults are Keras': `recurrentActivation` is `sigmoid` (TensorFlow.js: `hardSigmoid`). */
export interface LSTMArgs extends Weighted {
  units: number;
  recurrentActivation?: ActivationName;
  recurrentInitializer?: InitializerName;
  /** Whether the forget gate's bias starts as 1. Default: true. */
  unitForgetBias?: boolean;
  dropout?: number;
  recurrentDropout?: number;
  /** The output of every step, not just the last. Default: false. */
  returnSequences?: boolean;
  goBackwards?: boolean;
  returnState?: false;
  stateful?: false;
  /** These two say how to compute, not what: they change nothing here. */
  unroll?: boolean;
  implementation?: number;
}
export interface Pooling2DArgs extends LayerArgs {
  poolSize?: Pair;
  strides?: Pair;
  padding?: 'valid' | 'same';
  dataFormat?: 'channelsLast';
}

/** One layer of a model: its settings, and once it is in a model its shape and weights. */
export class Layer {
  readonly className: string;
  readonly #config: Record<string, unknown>;
  #model: Sequential | undefined;
  #index = 0;

  constructor(className: string, config: object) {
    this.className = className;
    this.#config = { ...config };
  }

  /** Called by the model it is added to. */
  join(model: Sequential, index: number): void {
    if (this.#model)
      throw new Error(`add: this ${this.className} layer is part of a model already; make another`);
    this.#model = model;
    this.#index = index;
  }
  get joined(): boolean {
    return this.#model !== undefined;
  }
  get name(): string {
    return (
      this.#model?.layerInfo(this.#index).name ?? String(this.#config.name ?? this.className.toLowerCase())
    );
  }
  /** The shape of its output, the batch axis as `null`. */
  get outputShape(): (number | null)[] {
    return [null, ...this.#joinedModel().layerInfo(this.#index).outputShape];
  }
  countParams(): number {
    return this.#joinedModel().layerInfo(this.#index).params;
  }
  getWeights(): Tensor[] {
    return this.#joinedModel().layerWeights(this.#index);
  }
  setWeights(weights: Tensor[]): void {
    this.#joinedModel().setLayerWeights(this.#index, weights);
  }
  getClassName(): string {
    return this.className;
  }
  getConfig(): Record<string, unknown> {
    return { ...this.#config };
  }
  apply(): never {
    throw new Error(`${this.className}: apply: not in mapling; add layers to sequential() instead`);
  }
  #joinedModel(): Sequential {
    if (this.#model) return this.#model;
    throw new Error(`${this.className}: the layer is in no model yet`);
  }

  /** The configuration as the core reads it. */
  toCore(): string {
    const { dataFormat, implementation: _, ...config } = this.#config;
    if (dataFormat !== undefined && dataFormat !== 'channelsLast') {
      throw new Error(
        `${this.className}: dataFormat: only channelsLast is supported, got ${describe(dataFormat)}`,
      );
    }
    checkNumbers(this.className, config);
    if (Array.isArray(config.batchInputShape)) {
      config.inputShape ??= config.batchInputShape.slice(1);
      config.batchInputShape = undefined;
    }
    return JSON.stringify(snakeKeys(config));
  }
}

/** JSON has neither NaN nor Infinity: they would arrive as null, which means "not given". */
function checkNumbers(where: string, value: unknown, key = ''): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error(`${where}: ${key}: expected a finite number, got ${value}`);
  }
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    throw new Error(`${where}: ${key}: expected a name, a number or a list, got ${describe(value)}`);
  }
  if (value !== null && typeof value === 'object') {
    for (const [inner, part] of Object.entries(value))
      checkNumbers(where, part, Array.isArray(value) ? key : inner);
  }
}

function maker<Args extends object>(className: string) {
  return (args?: Args): Layer => {
    if (args !== undefined && (args === null || typeof args !== 'object' || Array.isArray(args))) {
      throw new Error(`${className}: expected an object of settings, got ${describe(args)}`);
    }
    return new Layer(className, args ?? {});
  };
}

const known = {
  dense: maker<DenseArgs>('Dense') as (args: DenseArgs) => Layer,
  conv2d: maker<Conv2DArgs>('Conv2D') as (args: Conv2DArgs) => Layer,
  maxPooling2d: maker<Pooling2DArgs>('MaxPooling2D'),
  maxPool2d: maker<Pooling2DArgs>('MaxPooling2D'),
  averagePooling2d: maker<Pooling2DArgs>('AveragePooling2D'),
  avgPool2d: maker<Pooling2DArgs>('AveragePooling2D'),
  flatten: maker<LayerArgs>('Flatten'),
  reshape: maker<LayerArgs & { targetShape: number[] }>('Reshape'),
  lstm: maker<LSTMArgs>('LSTM') as (args: LSTMArgs) => Layer,
  dropout: maker<LayerArgs & { rate: number }>('Dropout'),
  activation: maker<LayerArgs & { activation: ActivationName }>('Activation'),
  inputLayer: maker<LayerArgs>('InputLayer'),
};

/** What comes closest to layers that are not here. */
const NEAREST: Record<string, string> = {
  conv1d: 'conv2d with a height of 1',
  separableConv2d: 'conv2d',
  depthwiseConv2d: 'conv2d',
  globalAveragePooling2d: 'averagePooling2d over the whole picture, then flatten',
  globalMaxPooling2d: 'maxPooling2d over the whole picture, then flatten',
  leakyReLU: "activation({ activation: 'leakyRelu' })",
  elu: "activation({ activation: 'elu' })",
  reLU: "activation({ activation: 'relu' })",
  softmax: "activation({ activation: 'softmax' })",
  gru: 'lstm',
  simpleRNN: 'lstm',
  bidirectional: 'lstm, one way: with goBackwards the other',
  batchNormalization: 'dropout, for regularisation',
  zeroPadding2d: "conv2d with padding: 'same'",
};

/** Layers by name. One that is not here throws when it is called, and names the nearest. */
export const layers = new Proxy(known, {
  get(all, name, receiver) {
    if (typeof name !== 'string' || name in all || name === 'then') return Reflect.get(all, name, receiver);
    return () => {
      const near = NEAREST[name];
      const hint = near ? `the nearest is ${near}` : `there are ${Object.keys(all).join(', ')}`;
      throw new Error(`layers.${name}: not in mapling; ${hint}`);
    };
  },
});
