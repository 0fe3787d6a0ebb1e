/** How functions that make the library's layers are made, and the types that many layers' settings share. */
import { describe, fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import type { Tensor } from '../../tensor/handle.js';
import type { LayerArgs } from '../args.js';
import type { Layer } from '../layer.js';
import type { Constraint, Initializer, Regularizer } from '../parts.js';
import { layerOfClass } from '../rnn.js';

export type Pair = number | [number, number];
/** The functions by their names, in either spelling. */
export type ActivationName =
  | 'linear'
  | 'relu'
  | 'sigmoid'
  | 'tanh'
  | 'softmax'
  | 'elu'
  | 'selu'
  | 'gelu'
  | 'swish'
  | 'silu'
  | 'softplus'
  | 'softsign'
  | 'hardSigmoid'
  | 'hard_sigmoid'
  | 'keras2HardSigmoid'
  | 'keras2_hard_sigmoid'
  | 'exponential'
  | 'exp'
  | 'relu6'
  | 'leakyRelu'
  | 'leaky_relu'
  | 'celu'
  | 'geluNew'
  | 'gelu_new'
  | 'geluApproximate'
  | 'gelu_approximate'
  | 'hardSilu'
  | 'hard_silu'
  | 'hardSwish'
  | 'hard_swish'
  | 'hardTanh'
  | 'hard_tanh'
  | 'hardShrink'
  | 'hard_shrink'
  | 'softShrink'
  | 'soft_shrink'
  | 'tanhShrink'
  | 'tanh_shrink'
  | 'logSigmoid'
  | 'log_sigmoid'
  | 'logSoftmax'
  | 'log_softmax'
  | 'sparseSigmoid'
  | 'sparse_sigmoid'
  | 'sparsePlus'
  | 'sparse_plus'
  | 'squareplus'
  | 'mish';
type Named = string | { className: string; config?: Record<string, unknown> };
/** `glorotUniform`, `heNormal`, `zeros`, …, with settings: `{ className, config }`; or one of one's own. */
export type InitializerName =
  | Named
  | Initializer
  | { apply(shape: number[], dtype: string): Tensor }
  | ((shape: number[], dtype: string) => Tensor);
/** `l1`, `l2`, `l1l2`, with settings: `{ className, config }`; or one of one's own. */
export type RegularizerName = Named | Regularizer | { apply(x: Tensor): Tensor } | ((x: Tensor) => Tensor);
/** `nonNeg`, `maxNorm`, `unitNorm`, `minMaxNorm`, with settings: `{ className, config }`; or one of one's own. */
export type ConstraintName = Named | Constraint | { apply(w: Tensor): Tensor } | ((w: Tensor) => Tensor);

/** The settings of layers with a kernel and a bias. */
export interface Weighted extends LayerArgs {
  activation?: ActivationName;
  useBias?: boolean;
  kernelInitializer?: InitializerName;
  biasInitializer?: InitializerName;
  kernelRegularizer?: RegularizerName;
  biasRegularizer?: RegularizerName;
  activityRegularizer?: RegularizerName;
  kernelConstraint?: ConstraintName;
  biasConstraint?: ConstraintName;
}
/** Settings under the names of today, of which two have older ones; `inputDim` is Dense's, where Embedding has another. */
function withoutOldNames(className: string, given: LayerArgs): LayerArgs {
  const { inputDType, inputDim, ...others } = given as LayerArgs & { inputDim?: number | null };
  if (inputDType !== undefined) others.dtype ??= inputDType;
  if (inputDim === undefined) return others;
  if (className !== 'Dense') return { inputDim, ...others } as LayerArgs;
  return inputDim === null ? others : { inputShape: [inputDim], ...others };
}

/** A function that makes a layer of this class. `alias` translates TensorFlow.js' settings into Keras'. */
export function maker<Args extends object>(className: string, alias?: (args: Args) => LayerArgs) {
  return (args?: Args): Layer => {
    if (args !== undefined && (!isObject(args) || isArray(args))) {
      throw fault('type', `${className}: expected an object of settings, got ${describe(args)}`);
    }
    const own = alias ? alias((args ?? {}) as Args) : (args ?? {});
    return layerOfClass(className, withoutOldNames(className, own));
  };
}
/** The same for a layer some of whose settings must be given. */
export const needs = <Args extends object>(className: string, alias?: (args: Args) => LayerArgs) =>
  maker<Args>(className, alias) as (args: Args) => Layer;
