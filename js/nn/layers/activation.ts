/** Activation functions as layers. */
import type { LayerArgs } from '../args.js';
import { type ActivationName, maker, needs } from './make.js';

export interface LeakyReLUArgs extends LayerArgs {
  /** The slope below 0. Default: 0.3. */
  negativeSlope?: number;
  /** The same in TensorFlow.js' word. */
  alpha?: number;
}
/** TensorFlow.js calls the slope `alpha`, Keras `negativeSlope`. */
const slope = ({ alpha, ...args }: LeakyReLUArgs): LayerArgs =>
  alpha === undefined ? args : ({ negativeSlope: alpha, ...args } as LayerArgs);

/** Activation functions as layers. */
export const activation = {
  activation: needs<LayerArgs & { activation: ActivationName }>('Activation'),
  reLU: maker<LayerArgs & { maxValue?: number; negativeSlope?: number; threshold?: number }>('ReLU'),
  leakyReLU: maker<LeakyReLUArgs>('LeakyReLU', slope),
  elu: maker<LayerArgs & { alpha?: number }>('ELU'),
  softmax: maker<LayerArgs & { axis?: number }>('Softmax'),
};
