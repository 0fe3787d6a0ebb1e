import type { Augment } from 'mapling/trainer';
import networks from './networks.json';

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

/** The last layer of every network: the answer. */
export const ten: LayerSpec = networks.dense.at(-1)!;

export const presets: Record<PresetName, Preset> = {
  /** The network of Keras' first tutorial. */
  dense: {
    layers: networks.dense,
    learningRate: 0.001,
    batchSize: 32,
    epochs: 5,
    finalRate: 0.1,
    testsPerEpoch: 3,
  },
  lenet: {
    layers: networks.lenet,
    learningRate: 0.001,
    batchSize: 32,
    epochs: 5,
    finalRate: 0.1,
    testsPerEpoch: 3,
  },
  convnet: {
    layers: networks.convnet,
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
