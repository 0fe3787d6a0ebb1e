/** Losses: as functions of tensors, and as objects with settings that models are compiled with. */

import { describe, fault, finite, whole } from '../engine/errors.js';
import { isA } from '../engine/look.js';
import { namespace } from '../engine/namespace.js';
import { contained } from '../tensor/contained.js';
import { ones } from '../tensor/create.js';
import {
  abs,
  add,
  castFor,
  div,
  exp,
  type Like,
  log,
  log1p,
  minimum,
  mul,
  neg,
  notEqual,
  relu,
  square,
  squaredDifference,
  sub,
} from '../tensor/elementwise.js';
import { asTensor, Tensor } from '../tensor/handle.js';
import { logSoftmax, mean, sum } from '../tensor/reduce.js';
import { runLoss } from '../tensor/run.js';
import { sameShape } from '../tensor/shape.js';
import { described, functionName, judgeJson, standsFor } from './judge.js';

/** How weighted losses become one number, or stay many; as in TensorFlow.js. */
export enum Reduction {
  NONE = 0,
  /** Divided by the sum of the weights. */
  MEAN = 1,
  SUM = 2,
  /** Divided by how many count at all: the default. */
  SUM_BY_NONZERO_WEIGHTS = 3,
}

export interface LossArgs {
  /** Predictions are logits, not probabilities. */
  fromLogits?: boolean;
  /** Draws targets towards even odds by this share. */
  labelSmoothing?: number;
  /** Up to which error Huber's loss is squared. Default: 1. */
  delta?: number;
  /** The axis along which the cosine is taken. Default: the last. */
  axis?: number;
  /** How much the class 1 counts in a focal loss. Default: 0.25. */
  alpha?: number;
  /** How little a focal loss counts what is nearly right. Default: 2. */
  gamma?: number;
  /** Whether a binary focal loss heeds `alpha`. */
  applyClassBalancing?: boolean;
  /** How the losses of a batch become one number. Default: `sum_over_batch_size`, their mean. */
  reduction?: 'sum_over_batch_size' | 'mean' | 'sum' | 'mean_with_sample_weight' | 'none';
  name?: string;
}

/** A loss with settings: for `compile`, or to be called. */
export class Loss {
  readonly className: string;
  readonly config: Readonly<LossArgs>;

  constructor(className: string, config: LossArgs = {}) {
    ({ className: this.className, config: this.config } = described<LossArgs>('losses', className, config));
  }
  getClassName(): string {
    return this.className;
  }
  getConfig(): LossArgs {
    return { ...this.config };
  }
  /**
   * The loss of predictions; gradients flow through it.
   * @example losses.Huber().call([[0, 0]], [[1, 5]]); // → 2.5
   */
  call(yTrue: Like, yPred: Like, sampleWeight?: Like | null): Tensor {
    const where = `losses.${this.className}`;
    return lossOf(where, judgeJson(where, this), yTrue, yPred, sampleWeight);
  }
}

/** A tensor as it is where it is float32 already, for a function that hands it on to nobody. */
function inFloats(where: string, x: Like): Tensor {
  const tensor = asTensor(where, x);
  return tensor.dtype === 'float32' ? tensor : castFor(where, tensor, 'float32');
}

function lossOf(where: string, settings: string, yTrue: Like, yPred: Like, weights?: Like | null): Tensor {
  const [labels, predictions] = [inFloats(where, yTrue), inFloats(where, yPred)];
  const heavy = weights === undefined || weights === null ? undefined : inFloats(where, weights);
  return runLoss(settings, labels, predictions, heavy, where);
}

/** Whether `x` is a tensor of real values. */
const isReal = (x: unknown): x is Tensor => isA(x, Tensor) && x.dtype !== 'complex64';

/** The mean loss in one op of the core, which a loop of one's own asks for in each step. */
function meanLoss(where: string, settings: string, yTrue: Tensor, yPred: Tensor): Tensor {
  const [labels, predictions] = [inFloats(where, yTrue), inFloats(where, yPred)];
  try {
    return runLoss(settings, labels, predictions, undefined, where);
  } finally {
    if (yTrue.dtype !== 'float32') labels.dispose();
    if (yPred.dtype !== 'float32') predictions.dispose();
  }
}

/** TensorFlow.js' way from many losses to one number. */
function weigh(
  where: string,
  losses: Tensor,
  weights?: Like | null,
  reduction: Reduction = Reduction.SUM_BY_NONZERO_WEIGHTS,
): Tensor {
  if (reduction !== Reduction.SUM_BY_NONZERO_WEIGHTS && !(whole(`${where}: reduction`, reduction, 0) <= 3))
    throw fault('value', `${where}: reduction: expected a value of Reduction, got ${describe(reduction)}`);
  const heavy = weights === undefined || weights === null ? undefined : castFor(where, weights, 'float32');
  const weighted = heavy ? mul(losses, heavy) : losses;
  if (reduction === Reduction.NONE) return weighted;
  if (reduction === Reduction.SUM) return sum(weighted);
  if (!heavy) return mean(losses);
  const each = mul(heavy, ones([...losses.shape]));
  const count = reduction === Reduction.MEAN ? sum(each) : sum(castFor(where, notEqual(each, 0), 'float32'));
  return div(sum(weighted), count);
}

type Pair = [labels: Tensor, predictions: Tensor];
function pair(where: string, labels: Like, predictions: Like): Pair {
  const both: Pair = [castFor(where, labels, 'float32'), castFor(where, predictions, 'float32')];
  if (!sameShape(both[0].shape, both[1].shape))
    throw fault('shape', `${where}: labels are [${both[0].shape}], predictions [${both[1].shape}]`);
  return both;
}

/** A loss of TensorFlow.js: a formula of each value. */
const valuewise =
  (name: string, formula: (labels: Tensor, predictions: Tensor) => Tensor) =>
  (labels: Like, predictions: Like, weights?: Like | null, reduction?: Reduction): Tensor => {
    const where = `losses.${name}`;
    return contained(() => weigh(where, formula(...pair(where, labels, predictions)), weights, reduction));
  };

/** Labels drawn towards even odds between `classes`. */
const smoothed = (where: string, labels: Tensor, smoothing: number, classes: number): Tensor => {
  const share = finite(`${where}: labelSmoothing`, smoothing);
  return share > 0 ? add(mul(labels, 1 - share), share / classes) : labels;
};

/** Keras' losses by their classes; the function's name begins with a small letter. */
const CLASSES = [
  'MeanAbsoluteError',
  'MeanAbsolutePercentageError',
  'MeanSquaredLogarithmicError',
  'Huber',
  'LogCosh',
  'Hinge',
  'SquaredHinge',
  'CategoricalHinge',
  'KLDivergence',
  'Poisson',
  'CosineSimilarity',
  'BinaryCrossentropy',
  'CategoricalCrossentropy',
  'SparseCategoricalCrossentropy',
  'BinaryFocalCrossentropy',
  'CategoricalFocalCrossentropy',
] as const;

export type LossFunction = (
  labels: Like,
  predictions: Like,
  weights?: Like | null,
  reduction?: Reduction,
) => Tensor;
export type LossMaker = (args?: LossArgs) => Loss;

type Names = (typeof CLASSES)[number];
type Keras = Record<Names | 'MeanSquaredError', LossMaker> &
  Record<Exclude<Uncapitalize<Names>, 'kLDivergence'> | 'klDivergence', LossFunction>;

/** A function and an object for each of Keras' losses. */
function kerasLosses(): Keras {
  const maker = (className: string) => (args?: LossArgs) => new Loss(className, args);
  const all: Record<string, unknown> = { MeanSquaredError: maker('MeanSquaredError') };
  for (const className of CLASSES) {
    const name = functionName(className);
    const where = `losses.${name}`;
    const settings = JSON.stringify({ class_name: className, config: { reduction: 'none' } });
    const ofMean = JSON.stringify(className);
    all[className] = maker(className);
    const action: LossFunction = (labels, predictions, weights, reduction) =>
      (weights ?? reduction) === undefined && isReal(labels) && isReal(predictions)
        ? meanLoss(where, ofMean, labels, predictions)
        : contained(() => weigh(where, lossOf(where, settings, labels, predictions), weights, reduction));
    all[name] = standsFor(action, name, className);
  }
  return all as Keras;
}

/**
 * Losses as functions, `(labels, predictions, weights, reduction)` as in TensorFlow.js, whose mean they give unless
 * `reduction` says otherwise, and as objects with settings, by Keras' names: `losses.Huber({ delta: 2 })`.
 * @example
 * losses.MeanSquaredError().call([[1, 2]], [[1, 4]]); // → 2
 * losses.MeanAbsoluteError().call([[1, 2]], [[1, 4]]); // → 1
 * losses.meanAbsoluteError([[1, 2]], [[1, 4]]); // → 1
 * losses.MeanAbsolutePercentageError().call([[1, 2]], [[1, 4]]); // → 50
 * losses.meanAbsolutePercentageError([[1, 2]], [[1, 4]]); // → 50
 * losses.MeanSquaredLogarithmicError().call([[1, 1]], [[1, 3]]); // → 0.2402
 * losses.meanSquaredLogarithmicError([[1, 1]], [[1, 3]]); // → 0.2402
 * losses.Huber({ delta: 2 }).call([[0, 0]], [[1, 5]]); // → 4.25
 * losses.huber([[0, 0]], [[1, 5]]); // → 2.5
 * losses.LogCosh().call([[0, 0]], [[0, 1]]); // → 0.2169
 * losses.logCosh([[0, 0]], [[0, 1]]); // → 0.2169
 * losses.Hinge().call([[1, -1]], [[0.5, -2]]); // → 0.25
 * losses.hinge([[1, -1]], [[0.5, -2]]); // → 0.25
 * losses.SquaredHinge().call([[1, -1]], [[0.5, -2]]); // → 0.125
 * losses.squaredHinge([[1, -1]], [[0.5, -2]]); // → 0.125
 * losses.CategoricalHinge().call([[0, 1]], [[0.3, 0.7]]); // → 0.6
 * losses.categoricalHinge([[0, 1]], [[0.3, 0.7]]); // → 0.6
 * losses.KLDivergence().call([[0.5, 0.5]], [[0.9, 0.1]]); // → 0.5108
 * losses.klDivergence([[0.5, 0.5]], [[0.9, 0.1]]); // → 0.5108
 * losses.Poisson().call([[1, 2]], [[1, 1]]); // → 1
 * losses.poisson([[1, 2]], [[1, 1]]); // → 1
 * losses.CosineSimilarity().call([[1, 0]], [[3, 4]]); // → -0.6
 * losses.cosineSimilarity([[1, 0]], [[3, 4]]); // → -0.6
 * losses.BinaryCrossentropy({ fromLogits: true }).call([[1]], [[0]]); // → 0.6931
 * losses.binaryCrossentropy([[1]], [[0.5]]); // → 0.6931
 * losses.CategoricalCrossentropy({ labelSmoothing: 0.1 }).call([[0, 1]], [[0.2, 0.8]]); // → 0.2925
 * losses.categoricalCrossentropy([[0, 1]], [[0.2, 0.8]]); // → 0.2231
 * losses.SparseCategoricalCrossentropy({ fromLogits: true }).call([1], [[0, 0]]); // → 0.6931
 * losses.sparseCategoricalCrossentropy([1], [[0.2, 0.8]]); // → 0.2231
 * losses.BinaryFocalCrossentropy({ gamma: 2 }).call([[1]], [[0.5]]); // → 0.1733
 * losses.binaryFocalCrossentropy([[1]], [[0.5]]); // → 0.1733
 * losses.CategoricalFocalCrossentropy({ alpha: 1 }).call([[0, 1]], [[0.5, 0.5]]); // → 0.1733
 * losses.categoricalFocalCrossentropy([[0, 1]], [[0.5, 0.5]]); // → 0.04332
 */
export const losses = /* @__PURE__ */ namespace('losses', {
  .../* @__PURE__ */ kerasLosses(),
  /** The mean of `|y − p|`. @example losses.absoluteDifference([1, 2], [1, 4]); // → 1 */
  absoluteDifference: valuewise('absoluteDifference', (y, p) => abs(sub(y, p))),
  /** The mean of `(y − p)²`. @example losses.meanSquaredError([1, 2], [1, 4]); // → 2 */
  meanSquaredError: /* @__PURE__ */ standsFor(
    valuewise('meanSquaredError', squaredDifference),
    'meanSquaredError',
    'MeanSquaredError',
  ),
  /** `max(0, 1 − y p)`, of labels 0 and 1. @example losses.hingeLoss([1, 0], [0.5, -2]); // → 0.25 */
  hingeLoss: valuewise('hingeLoss', (y, p) => relu(sub(1, mul(sub(mul(y, 2), 1), p)))),
  /**
   * Squared for small errors, absolute for large ones.
   * @example losses.huberLoss([0, 0], [1, 5]); // → 2.5
   */
  huberLoss(
    labels: Like,
    predictions: Like,
    weights?: Like | null,
    delta = 1,
    reduction?: Reduction,
  ): Tensor {
    return contained(() => {
      const most = finite('losses.huberLoss: delta', delta);
      const error = abs(sub(...pair('losses.huberLoss', labels, predictions)));
      const squared = minimum(error, most);
      const each = add(mul(square(squared), 0.5), mul(sub(error, squared), most));
      return weigh('losses.huberLoss', each, weights, reduction);
    });
  },
  /** Binary cross-entropy of probabilities. @example losses.logLoss([1], [0.5]); // → 0.6931 */
  logLoss(
    labels: Like,
    predictions: Like,
    weights?: Like | null,
    epsilon = 1e-7,
    reduction?: Reduction,
  ): Tensor {
    return contained(() => {
      const [y, p] = pair('losses.logLoss', labels, predictions);
      const little = finite('losses.logLoss: epsilon', epsilon);
      const ones = mul(y, log(add(p, little)));
      const zeros = mul(sub(1, y), log(add(sub(1, p), little)));
      return weigh('losses.logLoss', neg(add(ones, zeros)), weights, reduction);
    });
  },
  /** Binary cross-entropy of logits. @example losses.sigmoidCrossEntropy([1], [0]); // → 0.6931 */
  sigmoidCrossEntropy(
    labels: Like,
    logits: Like,
    weights?: Like | null,
    labelSmoothing = 0,
    reduction?: Reduction,
  ): Tensor {
    return contained(() => {
      const where = 'losses.sigmoidCrossEntropy';
      const [given, x] = pair(where, labels, logits);
      const y = smoothed(where, given, labelSmoothing, 2);
      const each = add(sub(relu(x), mul(x, y)), log1p(exp(neg(abs(x)))));
      return weigh(where, each, weights, reduction);
    });
  },
  /**
   * Categorical cross-entropy of logits.
   * @example losses.softmaxCrossEntropy([[0, 1]], [[0, 0]]); // → 0.6931
   */
  softmaxCrossEntropy(
    labels: Like,
    logits: Like,
    weights?: Like | null,
    labelSmoothing = 0,
    reduction?: Reduction,
  ): Tensor {
    return contained(() => {
      const where = 'losses.softmaxCrossEntropy';
      const [given, x] = pair(where, labels, logits);
      if (x.rank === 0) throw fault('shape', `${where}: expected rows of logits, got a single value`);
      const y = smoothed(where, given, labelSmoothing, x.shape.at(-1)!);
      return weigh(where, neg(sum(mul(y, logSoftmax(x)), -1)), weights, reduction);
    });
  },
  /**
   * 1 less the cosine, of rows with length 1.
   * @example losses.cosineDistance([[1, 0]], [[0.6, 0.8]], 1); // → 0.4
   */
  cosineDistance(
    labels: Like,
    predictions: Like,
    axis: number,
    weights?: Like | null,
    reduction?: Reduction,
  ): Tensor {
    return contained(() => {
      const product = mul(...pair('losses.cosineDistance', labels, predictions));
      return weigh('losses.cosineDistance', sub(1, sum(product, axis, true)), weights, reduction);
    });
  },
  /**
   * Losses that were computed already, weighed as the others.
   * @example losses.computeWeightedLoss([1, 3], [1, 0]); // → 1
   */
  computeWeightedLoss: (losses: Like, weights?: Like | null, reduction?: Reduction): Tensor =>
    contained(() =>
      weigh(
        'losses.computeWeightedLoss',
        castFor('losses.computeWeightedLoss', losses, 'float32'),
        weights,
        reduction,
      ),
    ),
});
