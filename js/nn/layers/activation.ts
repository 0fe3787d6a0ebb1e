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
export default {
  /**
   * A function of each value, by its name.
   * @example layers.activation({ activation: 'tanh' }).apply([[0, 1]]); // → [[0, 0.7616]]
   */
  activation: needs<LayerArgs & { activation: ActivationName }>('Activation'),
  /**
   * The value where it is positive, elsewhere 0; `maxValue` bounds it.
   * @example layers.reLU({ maxValue: 6 }).apply([[-1, 2, 9]]); // → [[0, 2, 6]]
   */
  reLU: maker<LayerArgs & { maxValue?: number; negativeSlope?: number; threshold?: number }>('ReLU'),
  /**
   * As `reLU`, with a small slope where values are negative.
   * @example layers.leakyReLU({ alpha: 0.1 }).apply([[-10, 2]]); // → [[-1, 2]]
   */
  leakyReLU: maker<LeakyReLUArgs>('LeakyReLU', slope),
  /**
   * As `leakyReLU`, with slopes that are learned.
   * @example layers.prelu({ alphaInitializer: 'ones' }).apply([[-10, 2]]); // → [[-10, 2]]
   */
  prelu: maker<PReLUArgs>('PReLU', listed),
  /**
   * The value where it is above `theta`, elsewhere 0.
   * @example layers.thresholdedReLU({ theta: 1 }).apply([[0.5, 2]]); // → [[0, 2]]
   */
  thresholdedReLU: maker<LayerArgs & { theta?: number }>('ThresholdedReLU'),
  /**
   * The value where it is positive, elsewhere `alpha · (exp(x) − 1)`.
   * @example layers.elu().apply([[-1, 2]]); // → [[-0.6321, 2]]
   */
  elu: maker<LayerArgs & { alpha?: number }>('ELU'),
  /**
   * The values as they are.
   * @example layers.identity().apply([[1, 2]]); // → [[1, 2]]
   */
  identity: maker<LayerArgs>('Identity'),
  /**
   * Odds that add up to 1, along the last axis.
   * @example layers.softmax().apply([[0, 0, Math.log(2)]]); // → [[0.25, 0.25, 0.5]]
   */
  softmax: maker<LayerArgs & { axis?: number | number[] }>('Softmax'),
};
