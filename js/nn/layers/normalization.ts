/** Normalization. */
import type { LayerArgs } from '../args.js';
import { type ConstraintName, type InitializerName, maker, type RegularizerName } from './make.js';

export interface BatchNormalizationArgs extends LayerArgs {
  axis?: number;
  momentum?: number;
  epsilon?: number;
  center?: boolean;
  scale?: boolean;
  betaInitializer?: InitializerName;
  gammaInitializer?: InitializerName;
  movingMeanInitializer?: InitializerName;
  movingVarianceInitializer?: InitializerName;
  betaRegularizer?: RegularizerName;
  gammaRegularizer?: RegularizerName;
  betaConstraint?: ConstraintName;
  gammaConstraint?: ConstraintName;
}

/** Normalization. */
export const normalization = {
  batchNormalization: maker<BatchNormalizationArgs>('BatchNormalization'),
};
