import type { ClassWeight } from '../train/class-weight.js';
import type { LayersModel } from './model.js';

/** How much classes count in training: what a call says of that, or else what the model was compiled with. */
export const classWeightOf = (
  model: LayersModel,
  given: ClassWeight | null | undefined,
): ClassWeight | null | undefined => given ?? model.getCompileConfig()?.classWeight;
