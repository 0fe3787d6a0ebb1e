import type { Augment } from 'mapling/trainer';

export type PresetName = 'dense' | 'lenet' | 'convnet';
export type OptimizerName = 'adam' | 'sgd' | 'momentum';

/** A layer as Keras would write it down. */
export interface LayerSpec {
  className: string;
  config: Record<string, unknown>;
}

/** A network to choose, with the settings it starts from. */
export interface Preset {
  layers: LayerSpec[];
  /** The learning rate of Adam; the other optimizers have one of their own below. */
  learningRate: number;
  batchSize: number;
  epochs: number;
  /** How much the training digits vary; the test digits stay as they are. */
  augment?: Augment;
  /** The share of the learning rate that is left at the end of a run. */
  finalRate?: number;
  /** How often in an epoch the network is tested: often enough to watch, seldom enough to stay quick. */
  testsPerEpoch: number;
}

const layer = (className: string, config: Record<string, unknown> = {}): LayerSpec => ({ className, config });
/** MNIST's images arrive as 28×28; convolutions want a channel axis. */
const oneChannel = layer('Reshape', { targetShape: [28, 28, 1] });
/** The last layer of every network: the answer. */
export const ten = layer('Dense', { units: 10, activation: 'softmax' });

export const presets: Record<PresetName, Preset> = {
  /** The network of Keras' first tutorial. */
  dense: {
    layers: [layer('Flatten'), layer('Dense', { units: 128, activation: 'relu' }), ten],
    learningRate: 0.001,
    batchSize: 32,
    epochs: 5,
    finalRate: 0.1,
    testsPerEpoch: 3,
  },
  lenet: {
    layers: [
      oneChannel,
      layer('Conv2D', { filters: 8, kernelSize: 5, padding: 'same', activation: 'relu' }),
      layer('MaxPooling2D', { poolSize: 2 }),
      layer('Conv2D', { filters: 16, kernelSize: 5, padding: 'same', activation: 'relu' }),
      layer('MaxPooling2D', { poolSize: 3 }),
      layer('Flatten'),
      ten,
    ],
    learningRate: 0.001,
    batchSize: 32,
    epochs: 5,
    finalRate: 0.1,
    testsPerEpoch: 3,
  },
  convnet: {
    layers: [
      oneChannel,
      layer('Conv2D', { filters: 32, kernelSize: 3, activation: 'relu' }),
      layer('MaxPooling2D', { poolSize: 2 }),
      layer('Conv2D', { filters: 64, kernelSize: 3, activation: 'relu' }),
      layer('MaxPooling2D', { poolSize: 2 }),
      layer('Flatten'),
      layer('Dropout', { rate: 0.25 }),
      ten,
    ],
    learningRate: 0.002,
    batchSize: 32,
    epochs: 5,
    augment: { rotation: 0.02, zoom: 0.08, shear: 0.1, shift: 0.035 },
    finalRate: 0.02,
    testsPerEpoch: 3,
  },
};

/** Each optimizer with the learning rate that people start from; for Adam the preset says it. */
export const optimizers: Record<
  OptimizerName,
  { className: 'Adam' | 'SGD'; config: Record<string, unknown>; learningRate?: number }
> = {
  adam: { className: 'Adam', config: {} },
  sgd: { className: 'SGD', config: {}, learningRate: 0.1 },
  momentum: { className: 'SGD', config: { momentum: 0.9 }, learningRate: 0.02 },
};
