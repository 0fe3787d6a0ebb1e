/** Activation functions as layers. */
import type { LayerArgs } from '../args.js';
import {
  type ActivationName,
  type ConstraintName,
  type InitializerName,
  maker,
  needs,
  type RegularizerName,
} from './make.js';

export interface LeakyReLUArgs extends LayerArgs {
  /** The slope below 0. Default: 0.3. */
  negativeSlope?: number;
  /** The same in TensorFlow.js' word. */
  alpha?: number;
}
export interface PReLUArgs extends LayerArgs {
  alphaInitializer?: InitializerName;
  alphaRegularizer?: RegularizerName;
  alphaConstraint?: ConstraintName;
  /** Axes along which all places have one `alpha`; the batch axis is 0. */
  sharedAxes?: number | number[] | null;
}
/** Keras takes a single axis for a list of one. */
const listed = ({ sharedAxes, ...args }: PReLUArgs): LayerArgs =>
  sharedAxes === undefined
    ? args
    : ({ sharedAxes: typeof sharedAxes === 'number' ? [sharedAxes] : sharedAxes, ...args } as LayerArgs);
/** TensorFlow.js calls the slope `alpha`, Keras `negativeSlope`. */
const slope = ({ alpha, ...args }: LeakyReLUArgs): LayerArgs =>
  alpha === undefined ? args : ({ negativeSlope: alpha, ...args } as LayerArgs);

/** Activation functions as layers. */
export const activation = {
  activation: needs<LayerArgs & { activation: ActivationName }>('Activation'),
  reLU: maker<LayerArgs & { maxValue?: number; negativeSlope?: number; threshold?: number }>('ReLU'),
  leakyReLU: maker<LeakyReLUArgs>('LeakyReLU', slope),
  prelu: maker<PReLUArgs>('PReLU', listed),
  thresholdedReLU: maker<LayerArgs & { theta?: number }>('ThresholdedReLU'),
  elu: maker<LayerArgs & { alpha?: number }>('ELU'),
  identity: maker<LayerArgs>('Identity'),
  softmax: maker<LayerArgs & { axis?: number | number[] }>('Softmax'),
};
