/** Layers that disturb values in training, and one that adds to the loss. */
import type { LayerArgs } from '../args.js';
import type { Dims } from '../symbolic.js';
import { maker, needs } from './make.js';

type RateArgs = LayerArgs & { rate: number; seed?: null };
type SpatialArgs = RateArgs & { dataFormat?: 'channelsLast' };

/** Noise. */
export default {
  /**
   * In training, adds noise.
   * @example layers.gaussianNoise({ stddev: 0.1 }).apply([[1, 2]]); // → [[1, 2]]
   */
  gaussianNoise: needs<LayerArgs & { stddev: number; seed?: null }>('GaussianNoise'),
  /**
   * In training, multiplies by noise with mean 1.
   * @example layers.gaussianDropout({ rate: 0.1 }).apply([[1, 2]]); // → [[1, 2]]
   */
  gaussianDropout: needs<RateArgs>('GaussianDropout'),
  /**
   * Dropout that keeps mean and variance, for `selu`.
   * @example layers.alphaDropout({ rate: 0.1 }).apply([[1, 2]]); // → [[1, 2]]
   */
  alphaDropout: needs<RateArgs & { noiseShape?: Dims | null }>('AlphaDropout'),
  /**
   * Dropout of whole channels of sequences.
   * @example layers.spatialDropout1d({ rate: 0.5 }).apply(ones([1, 2, 1])).dataSync(); // → [1, 1]
   */
  spatialDropout1d: needs<RateArgs>('SpatialDropout1D'),
  /**
   * Dropout of whole channels of pictures.
   * @example layers.spatialDropout2d({ rate: 0.5 }).apply(ones([1, 1, 2, 1])).dataSync(); // → [1, 1]
   */
  spatialDropout2d: needs<SpatialArgs>('SpatialDropout2D'),
  /**
   * Dropout of whole channels of volumes.
   * @example layers.spatialDropout3d({ rate: 0.5 }).apply(ones([1, 1, 1, 2, 1])).dataSync(); // → [1, 1]
   */
  spatialDropout3d: needs<SpatialArgs>('SpatialDropout3D'),
  /**
   * Adds a penalty for large outputs to the loss.
   * @example layers.activityRegularization({ l2: 0.1 }).apply([[1, 2]]); // → [[1, 2]]
   */
  activityRegularization: maker<LayerArgs & { l1?: number; l2?: number }>('ActivityRegularization'),
};
