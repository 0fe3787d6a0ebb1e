/** Normalization. */
import type { LayerArgs } from '../args.js';
import { type ConstraintName, type InitializerName, maker, type RegularizerName } from './make.js';

/** What a normalization may multiply by and add. */
interface ScaledAndCentered extends LayerArgs {
  epsilon?: number;
  center?: boolean;
  scale?: boolean;
  betaInitializer?: InitializerName;
  gammaInitializer?: InitializerName;
  betaRegularizer?: RegularizerName;
  gammaRegularizer?: RegularizerName;
  betaConstraint?: ConstraintName;
  gammaConstraint?: ConstraintName;
}
export interface BatchNormalizationArgs extends ScaledAndCentered {
  axis?: number;
  momentum?: number;
  movingMeanInitializer?: InitializerName;
  movingVarianceInitializer?: InitializerName;
}
export interface LayerNormalizationArgs extends ScaledAndCentered {
  /** Which axes are normalised together. Default: −1. */
  axis?: number | number[];
  rmsScaling?: boolean;
}
export interface GroupNormalizationArgs extends ScaledAndCentered {
  /** How many groups channels are parted into; −1: one a channel. Default: 32. */
  groups?: number;
  axis?: number;
}

/** Normalization. */
export default {
  /**
   * Mean 0 and variance 1 over each batch, then a learned scale and offset.
   * @example layers.batchNormalization().apply(ones([2, 3])).shape; // → [2, 3]
   */
  batchNormalization: maker<BatchNormalizationArgs>('BatchNormalization'),
  /**
   * Mean 0 and variance 1 over each sample, then a learned scale and offset.
   * @example layers.layerNormalization().apply([[1, 3]]).round(); // → [[-1, 1]]
   */
  layerNormalization: maker<LayerNormalizationArgs>('LayerNormalization'),
  /**
   * The same over groups of channels.
   * @example layers.groupNormalization({ groups: 2 }).apply([[1, 3, 10, 30]]).round(); // → [[-1, 1, -1, 1]]
   */
  groupNormalization: maker<GroupNormalizationArgs>('GroupNormalization'),
  /**
   * Divides by the root of the mean square, then a learned scale.
   * @example layers.rmsNormalization().apply([[3, 3]]).round(); // → [[1, 1]]
   */
  rmsNormalization: maker<LayerArgs & { axis?: number | number[]; epsilon?: number }>('RMSNormalization'),
  /** Each sample with length 1. @example layers.unitNormalization().apply([[3, 4]]); // → [[0.6, 0.8]] */
  unitNormalization: maker<LayerArgs & { axis?: number | number[] }>('UnitNormalization'),
};
