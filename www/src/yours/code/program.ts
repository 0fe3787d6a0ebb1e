/** What a program has to say to train the present network: read from what the worker keeps, written by each library's file. */
import type { Augment, SavedModel } from 'mapling/trainer';
import { presets } from '../../presets';
import type { Settings } from '../../state/settings';

/** A setting of a layer's, by Keras' name. */
export type Config = Readonly<Record<string, unknown>>;

export interface Program {
  /** The layers, each with the settings that differ from the usual ones. */
  layers: { className: string; config: Config }[];
  inputShape: number[];
  optimizer: 'adam' | 'sgd' | 'momentum';
  learningRate: number;
  batchSize: number;
  epochs: number;
  seed: number;
  augment?: Augment | undefined;
  /** The share of the learning rate that is left at the end. */
  finalRate: number;
  data: 'mnist' | 'styles' | 'generated' | 'file';
  /** It has classes of the visitor's own beside the ten digits. */
  isGrown: boolean;
}

/** What is said of classes that the data of the program do not have. */
export const GROWN = 'Classes after the ten digits were taught on the page; these data have none of them.';

/** What every library takes where nothing is said. */
const USUAL: Config = {
  activation: 'linear',
  use_bias: true,
  kernel_initializer: 'glorot_uniform',
  bias_initializer: 'zeros',
  padding: 'valid',
  data_format: 'channels_last',
  groups: 1,
  strides: [1, 1],
  dilation_rate: [1, 1],
  trainable: true,
  axis: -1,
  momentum: 0.99,
  epsilon: 0.001,
  center: true,
  scale: true,
  beta_initializer: 'zeros',
  gamma_initializer: 'ones',
  moving_mean_initializer: 'zeros',
  moving_variance_initializer: 'ones',
  synchronized: false,
  renorm: false,
  renorm_momentum: 0.99,
  keepdims: false,
};
/** What says where a layer stands, and not what it does. */
const PLACE = ['name', 'dtype', 'input_shape', 'batch_input_shape', 'batch_shape'];

const isUsual = (key: string, value: unknown): boolean =>
  value === null || PLACE.includes(key) || JSON.stringify(USUAL[key]) === JSON.stringify(value);

/** A window that is as high as it is wide is said once. */
const brief = (key: string, value: unknown): unknown =>
  /^(kernel_size|pool_size|strides|size)$/.test(key) && Array.isArray(value) && new Set(value).size === 1
    ? value[0]
    : value;

interface Written {
  class_name: string;
  config: Record<string, unknown>;
}

/** The program for a saved network; null where it is no row of layers. */
export function programOf(
  saved: SavedModel,
  settings: Settings,
  data: Program['data'],
  inputShape: readonly number[],
): Program | null {
  const written = JSON.parse(saved.json) as Written;
  if (written.class_name !== 'Sequential') return null;
  const all = written.config.layers as Written[];
  const { preset, optimizer, learningRate, batchSize, epochs, seed } = settings;
  const { augment, finalRate = 1 } = presets[preset];
  return {
    layers: all
      .filter(({ class_name }) => class_name !== 'InputLayer')
      .map(({ class_name, config }) => ({
        className: class_name,
        config: Object.fromEntries(
          Object.entries(config)
            .filter(([key, value]) => !isUsual(key, value))
            .map(([key, value]) => [key, brief(key, value)]),
        ),
      })),
    inputShape: [...inputShape],
    optimizer,
    learningRate,
    batchSize,
    epochs,
    seed,
    augment,
    finalRate,
    data,
    isGrown: data !== 'file' && Number(all.at(-1)?.config.units) > 10,
  };
}
