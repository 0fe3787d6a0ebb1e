/** Layers whose queries look for what they need among values. */
import type { LayerArgs } from '../args.js';
import { type ConstraintName, type InitializerName, maker, needs, type RegularizerName } from './make.js';

/** Called with `[query, value]` or `[query, value, key]`; the call takes `useCausalMask` and `returnAttentionScores`. */
export interface AttentionArgs extends LayerArgs {
  /** Whether scores have a weight that they are multiplied by. Default: false. */
  useScale?: boolean;
  scoreMode?: 'dot' | 'concat';
  /** The share of weights that are dropped in training. Default: 0. */
  dropout?: number;
  seed?: null;
}
/** The same but for `scoreMode`; `useScale` is true unless it is said. */
export type AdditiveAttentionArgs = Omit<AttentionArgs, 'scoreMode'>;
/**
 * Called with `[query, value]` or `[query, value, key]`, or with the query and `{ value, key }`; the call takes
 * `attentionMask`, `useCausalMask` and `returnAttentionScores` too.
 */
export interface MultiHeadAttentionArgs extends LayerArgs {
  numHeads: number;
  /** How long a head's queries and keys are. */
  keyDim: number;
  /** How long a head's values are. Default: `keyDim`. */
  valueDim?: number | null;
  /** The share of weights that are dropped in training. Default: 0. */
  dropout?: number;
  useBias?: boolean;
  /** The axes of a step of the output. Default: as long as the query's. */
  outputShape?: number | number[] | null;
  /** The axis of time, which is all that is offered. */
  attentionAxes?: number | number[] | null;
  /** This says how to compute, not what: it changes nothing here. */
  flashAttention?: boolean | null;
  kernelInitializer?: InitializerName;
  biasInitializer?: InitializerName;
  kernelRegularizer?: RegularizerName;
  biasRegularizer?: RegularizerName;
  activityRegularizer?: RegularizerName;
  kernelConstraint?: ConstraintName;
  biasConstraint?: ConstraintName;
  seed?: null;
}

/** Attention. */
export default {
  /**
   * Attention in several heads, each with products of its own.
   * @example
   * const x = input({ shape: [5, 8] });
   * layers.multiHeadAttention({ numHeads: 2, keyDim: 4 }).apply([x, x]).shape; // → [null, 5, 8]
   */
  multiHeadAttention: needs<MultiHeadAttentionArgs>('MultiHeadAttention'),
  /**
   * Values weighed by how much a query and their keys have in common.
   * @example
   * const [query, value] = [zeros([1, 2, 3]), ones([1, 4, 3])];
   * layers.attention().apply([query, value]).shape; // → [1, 2, 3]
   */
  attention: maker<AttentionArgs>('Attention'),
  /**
   * The same, by a sum in place of a product.
   * @example
   * const [query, value] = [zeros([1, 2, 3]), ones([1, 4, 3])];
   * layers.additiveAttention().apply([query, value]).shape; // → [1, 2, 3]
   */
  additiveAttention: maker<AdditiveAttentionArgs>('AdditiveAttention'),
};
