/** Layers that disturb values in training, and one that adds to the loss. */
import type { LayerArgs } from '../args.js';
import type { Dims } from '../symbolic.js';
import { maker, needs } from './make.js';

type RateArgs = LayerArgs & { rate: number; seed?: null };
type SpatialArgs = RateArgs & { dataFormat?: 'channelsLast' };

/** Noise. */
export const noise = {
  gaussianNoise: needs<LayerArgs & { stddev: number; seed?: null }>('GaussianNoise'),
  gaussianDropout: needs<RateArgs>('GaussianDropout'),
  alphaDropout: needs<RateArgs & { noiseShape?: Dims | null }>('AlphaDropout'),
  spatialDropout1d: needs<RateArgs>('SpatialDropout1D'),
  spatialDropout2d: needs<SpatialArgs>('SpatialDropout2D'),
  spatialDropout3d: needs<SpatialArgs>('SpatialDropout3D'),
  activityRegularization: maker<LayerArgs & { l1?: number; l2?: number }>('ActivityRegularization'),
};
