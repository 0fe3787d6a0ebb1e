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
export const normalization = {
  batchNormalization: maker<BatchNormalizationArgs>('BatchNormalization'),
  layerNormalization: maker<LayerNormalizationArgs>('LayerNormalization'),
  groupNormalization: maker<GroupNormalizationArgs>('GroupNormalization'),
  rmsNormalization: maker<LayerArgs & { axis?: number | number[]; epsilon?: number }>('RMSNormalization'),
  unitNormalization: maker<LayerArgs & { axis?: number | number[] }>('UnitNormalization'),
};
