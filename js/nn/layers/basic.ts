/** Dense layers, activations as layers, dropout and what only changes shapes. */
import { isArray } from '../../engine/look.js';
import { type LayerArgs, MOST_LENGTHS } from '../args.js';
import { InputLayer, type InputLayerArgs } from '../input-layer.js';
import type { Layer } from '../layer.js';
import type { Dims } from '../symbolic.js';
import { maker, needs, type Weighted } from './make.js';

export interface DenseArgs extends Weighted {
  units: number;
  /** How long a sample is: an older way to say `inputShape`. */
  inputDim?: number;
}

type ReshapeArgs = LayerArgs & { targetShape: (number | null)[] };

/** TensorFlow.js also writes `null` for the axis whose length follows from the others. */
const withFreeAxis = (args: ReshapeArgs): ReshapeArgs => {
  const { targetShape } = args;
  if (!isArray(targetShape) || targetShape.length > MOST_LENGTHS) return args;
  return { ...args, targetShape: Array.from(targetShape, (length) => length ?? -1) };
};

/** Dense layers, dropout, shapes. */
export default {
  /**
   * Every unit sees every input: `activation(x · kernel + bias)`.
   * @example layers.dense({ units: 1, kernelInitializer: 'ones' }).apply([[1, 2]]); // → [[3]]
   */
  dense: needs<DenseArgs>('Dense'),
  /**
   * All axes of a sample in one row.
   * @example layers.flatten().apply([[[1, 2], [3, 4]]]); // → [[1, 2, 3, 4]]
   */
  flatten: maker<LayerArgs & { dataFormat?: 'channelsLast' }>('Flatten'),
  /**
   * The values of a sample in another shape.
   * @example layers.reshape({ targetShape: [2, 2] }).apply([[1, 2, 3, 4]]); // → [[[1, 2], [3, 4]]]
   */
  reshape: needs<ReshapeArgs>('Reshape', withFreeAxis),
  /**
   * The axes of a sample in another order, counted from 1.
   * @example layers.permute({ dims: [2, 1] }).apply([[[1, 2], [3, 4]]]); // → [[[1, 3], [2, 4]]]
   */
  permute: needs<LayerArgs & { dims: number[] }>('Permute'),
  /**
   * Each sample `n` times, as steps of a sequence.
   * @example layers.repeatVector({ n: 2 }).apply([[1, 2]]); // → [[[1, 2], [1, 2]]]
   */
  repeatVector: needs<LayerArgs & { n: number }>('RepeatVector'),
  /**
   * In training, a share of the values becomes 0 and the others grow to keep the mean.
   * @example layers.dropout({ rate: 0.5 }).apply([[1, 2]]); // → [[1, 2]]
   */
  dropout: needs<LayerArgs & { rate: number; noiseShape?: Dims; seed?: null }>('Dropout'),
  /** `x · scale + offset`. @example layers.rescaling({ scale: 1 / 255 }).apply([[0, 255]]); // → [[0, 1]] */
  rescaling: needs<LayerArgs & { scale: number; offset?: number }>('Rescaling'),
  /**
   * Where samples enter a model.
   * @example
   * const model = sequential({ layers: [layers.inputLayer({ inputShape: [2] }), layers.dense({ units: 3 })] });
   * model.outputs[0].shape; // → [null, 3]
   */
  inputLayer: (args: InputLayerArgs): Layer => new InputLayer(args),
};
