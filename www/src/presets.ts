import type { LayerSpec } from 'mapling/trainer';

export type PresetName = 'dense' | 'lenet' | 'convnet';
export type OptimizerName = 'adam' | 'sgd' | 'momentum';

/** A network to choose, with the settings it starts from. */
export interface Preset {
  layers: LayerSpec[];
  learningRate: number;
  batchSize: number;
  epochs: number;
  /** Tests on the unseen digits in each epoch: often enough to watch, seldom enough to stay quick. */
  testsPerEpoch: number;
}

const layer = (className: string, config: Record<string, unknown> = {}): LayerSpec => ({ className, config });
/** MNIST's images arrive as 28×28; convolutions want a channel axis. */
const oneChannel = layer('Reshape', { targetShape: [28, 28, 1] });
const ten = layer('Dense', { units: 10, activation: 'softmax' });

export const presets: Record<PresetName, Preset> = {
  /** The network of Keras' first tutorial. */
  dense: {
    layers: [layer('Flatten'), layer('Dense', { units: 128, activation: 'relu' }), ten],
    learningRate: 0.001,
    batchSize: 32,
    epochs: 5,
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
      layer('Dropout', { rate: 0.5 }),
      ten,
    ],
    learningRate: 0.002,
    batchSize: 64,
    epochs: 3,
    testsPerEpoch: 2,
  },
};

/** Each optimizer with the learning rate people start from. */
export const optimizers: Record<
  OptimizerName,
  { className: 'Adam' | 'SGD'; config: Record<string, unknown>; learningRate: number }
> = {
  adam: { className: 'Adam', config: {}, learningRate: 0.001 },
  sgd: { className: 'SGD', config: {}, learningRate: 0.1 },
  momentum: { className: 'SGD', config: { momentum: 0.9 }, learningRate: 0.02 },
};
