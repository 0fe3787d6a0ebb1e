/** Metrics: as functions of tensors, and as objects that add up over batches and that models are compiled with. */

import { describe, fault, whole } from '../engine/errors.js';
import { Handle } from '../engine/handle.js';
import { call } from '../engine/instance.js';
import { namespace } from '../engine/namespace.js';
import { contained } from '../tensor/contained.js';
import { castFor, type Like, neg } from '../tensor/elementwise.js';
import { asTensor, Tensor, valuesOf } from '../tensor/handle.js';
import { runCore, slotFor } from '../tensor/run.js';
import { freeAll, lendAll, NO_SLOT } from '../tensor/slots.js';
import { room } from '../tensor/values.js';
import type { CoreMetric } from '../wasm/mapling.js';
import { described, functionName, judgeJson, standsFor } from './judge.js';

export interface MetricArgs {
  /** How it is called in logs. */
  name?: string;
  /** Scores above this count as yes. */
  threshold?: number;
  thresholds?: number | number[];
  /** How many of the greatest scores count. */
  k?: number;
  topK?: number;
  /** The one class that is looked at. */
  classId?: number;
  average?: 'macro' | 'micro' | 'weighted';
  beta?: number;
  /** Default: 200. */
  numThresholds?: number;
  curve?: 'ROC' | 'PR';
  summationMethod?: 'interpolation' | 'minoring' | 'majoring';
  classAggregation?: 'uniform_average' | 'variance_weighted_average';
  fromLogits?: boolean;
  labelSmoothing?: number;
  axis?: number;
}

/** A metric with settings: for `compile`, or to be told batch by batch. */
export class Metric {
  readonly className: string;
  readonly config: Readonly<MetricArgs>;
  /** How it is called in logs. */
  readonly name: string;
  #made: Handle<CoreMetric> | undefined;

  constructor(className: string, config: MetricArgs = {}) {
    ({ className: this.className, config: this.config } = described<MetricArgs>(
      'metrics',
      className,
      config,
    ));
    const { name } = this.config;
    if (name !== undefined && name !== null && typeof name !== 'string')
      throw fault('type', `metrics: name: expected a text, got ${describe(name)}`);
    this.name = name ?? functionName(className);
  }
  /** The core's metric, which is made when it is needed first. */
  #core(where: string): CoreMetric {
    if (!this.#made) {
      const settings = judgeJson(where, this);
      this.#made = new Handle((wasm) => new wasm.CoreMetric(settings));
    }
    return this.#made.get(where);
  }
  getClassName(): string {
    return this.className;
  }
  getConfig(): MetricArgs {
    return { ...this.config };
  }
  /**
   * Adds a batch; each sample counts by its weight.
   * @example
   * const share = metrics.BinaryAccuracy();
   * share.updateState([[1]], [[0.9]]);
   * share.updateState([[1]], [[0.1]]);
   * share.result(); // → 0.5
   */
  updateState(yTrue: Like, yPred: Like, sampleWeight?: Like | null): void {
    const where = `metrics.${this.className}`;
    const given = [
      yTrue,
      yPred,
      ...(sampleWeight === undefined || sampleWeight === null ? [] : [sampleWeight]),
    ];
    const core = this.#core(where);
    const slots = lendAll(
      given.map((one) => castFor(where, one, 'float32')),
      where,
    );
    try {
      call(() => core.update(slots[0]!, slots[1]!, slots[2] ?? NO_SLOT));
    } finally {
      freeAll(slots);
    }
  }
  /** The value over all batches; 0 before the first. */
  result(): number {
    return call(() => this.#core(`metrics.${this.className}`).value());
  }
  /**
   * Forgets all batches.
   * @example
   * const share = metrics.BinaryAccuracy();
   * share.updateState([[1]], [[0.9]]);
   * share.resetState();
   * share.result(); // → 0
   */
  resetState(): void {
    call(() => this.#core(`metrics.${this.className}`).reset());
  }
  /** The value of each row of predictions for itself. */
  each(yTrue: Like, yPred: Like): Tensor {
    const where = `metrics.${functionName(this.className)}`;
    const [labels, predictions] = [castFor(where, yTrue, 'float32'), castFor(where, yPred, 'float32')];
    const core = this.#core(where);
    const like = predictions.shape.slice(0, -1);
    return runCore(where, like, () => core.each(slotFor(labels, where), slotFor(predictions, where)));
  }
  /** Frees it now rather than when nobody refers to it any more. */
  dispose(): void {
    this.#made?.free();
    this.#made = undefined;
  }
}

/** Metrics with a value for each sample. */
const ROWS = [
  'BinaryAccuracy',
  'CategoricalAccuracy',
  'SparseCategoricalAccuracy',
  'TopKCategoricalAccuracy',
  'SparseTopKCategoricalAccuracy',
  'MeanSquaredError',
  'MeanAbsoluteError',
  'MeanAbsolutePercentageError',
  'MeanSquaredLogarithmicError',
  'LogCoshError',
  'Hinge',
  'SquaredHinge',
  'CategoricalHinge',
  'KLDivergence',
  'Poisson',
  'CosineSimilarity',
  'BinaryCrossentropy',
  'CategoricalCrossentropy',
  'SparseCategoricalCrossentropy',
] as const;
/** Metrics with one value for all. */
const WHOLE = [
  'Accuracy',
  'RootMeanSquaredError',
  'Precision',
  'Recall',
  'F1Score',
  'FBetaScore',
  'AUC',
  'R2Score',
  'Perplexity',
  'TruePositives',
  'TrueNegatives',
  'FalsePositives',
  'FalseNegatives',
] as const;
/** More names that TensorFlow.js gives. */
const ALIASES = {
  mse: 'MeanSquaredError',
  MSE: 'MeanSquaredError',
  mae: 'MeanAbsoluteError',
  MAE: 'MeanAbsoluteError',
  mape: 'MeanAbsolutePercentageError',
  MAPE: 'MeanAbsolutePercentageError',
};

/** A metric of tensors: a value for each sample, or one for all. */
export type MetricFunction = (yTrue: Like, yPred: Like, args?: MetricArgs) => Tensor;
export type MetricMaker = (args?: MetricArgs) => Metric;

const temporary = <T>(className: string, args: MetricArgs | undefined, use: (metric: Metric) => T): T => {
  const metric = new Metric(className, args);
  try {
    return use(metric);
  } finally {
    metric.dispose();
  }
};

type Classes = (typeof ROWS)[number] | (typeof WHOLE)[number];
type Functions = Exclude<Uncapitalize<Classes>, 'kLDivergence' | 'aUC'> | 'klDivergence' | 'auc';
type All = Record<Classes, MetricMaker> & Record<Functions | keyof typeof ALIASES, MetricFunction>;

function all(): All {
  const found: Record<string, unknown> = {};
  const enter = (className: string, name: string, isRow: boolean): void => {
    const action: MetricFunction = (yTrue, yPred, args) =>
      contained(() =>
        temporary(className, args, (metric) => {
          if (isRow) return metric.each(yTrue, yPred);
          metric.updateState(yTrue, yPred);
          return new Tensor(Float32Array.of(metric.result()), [], 'float32');
        }),
      );
    found[name] = standsFor(action, name, className);
  };
  for (const list of [ROWS, WHOLE]) {
    for (const className of list) {
      found[className] = (args?: MetricArgs) => new Metric(className, args);
      enter(className, functionName(className), list === ROWS);
    }
  }
  for (const [name, className] of Object.entries(ALIASES)) enter(className, name, true);
  return found as All;
}

/**
 * How often each class (row) is taken for each (column), `[numClasses, numClasses]`, int32.
 * @example math.confusionMatrix([0, 1, 1], [0, 0, 1], 2); // → [[1, 0], [1, 1]]
 */
export function confusionMatrix(labels: Like, predictions: Like, numClasses: number): Tensor {
  const where = 'confusionMatrix';
  const classes = whole(`${where}: numClasses`, numClasses, 1);
  const [truths, guesses] = [labels, predictions].map((given) => {
    const values = valuesOf(where, asTensor(where, given));
    const odd = values.find((value) => !(Number.isInteger(value) && value >= 0 && value < classes));
    if (odd !== undefined) throw fault('value', `${where}: ${odd} is not a class number below ${classes}`);
    return values;
  });
  if (truths!.length !== guesses!.length) {
    throw fault('shape', `${where}: there are ${truths!.length} labels, but ${guesses!.length} predictions`);
  }
  const counts = room(where, classes * classes, 'int32');
  truths!.forEach((truth, at) => {
    counts[truth * classes + guesses![at]!]!++;
  });
  return new Tensor(counts, [classes, classes], 'int32');
}

/** With TensorFlow.js' cosine proximity, which is the cosine similarity with the other sign. */
const withProximity = (found: All) => ({
  ...found,
  confusionMatrix,
  cosineProximity: (yTrue: Like, yPred: Like): Tensor =>
    contained(() => neg(found.cosineSimilarity(yTrue, yPred))),
});

/**
 * Metrics as functions of `(yTrue, yPred)`, as in TensorFlow.js: a value for each sample, or one for all where it is no
 * mean. And as objects with settings, by Keras' names: `metrics.AUC({ numThresholds: 50 })`.
 * @example
 * metrics.BinaryAccuracy({ threshold: 0.6 }).each([[1, 0]], [[0.7, 0.55]]); // → [1]
 * metrics.binaryAccuracy([[1, 0]], [[0.7, 0.55]]); // → [0.5]
 * metrics.cosineProximity([[3, 4]], [[4, 3]]); // → [-0.96]
 * metrics.CategoricalAccuracy().each([[0, 1], [1, 0]], [[0.2, 0.8], [0.3, 0.7]]); // → [1, 0]
 * metrics.categoricalAccuracy([[0, 1], [1, 0]], [[0.2, 0.8], [0.3, 0.7]]); // → [1, 0]
 * metrics.SparseCategoricalAccuracy().each([1, 0], [[0.2, 0.8], [0.3, 0.7]]); // → [1, 0]
 * metrics.sparseCategoricalAccuracy([1, 0], [[0.2, 0.8], [0.3, 0.7]]); // → [1, 0]
 * metrics.TopKCategoricalAccuracy({ k: 2 }).each([[0, 0, 1]], [[0.5, 0.2, 0.3]]); // → [1]
 * metrics.topKCategoricalAccuracy([[0, 0, 1]], [[0.5, 0.2, 0.3]], { k: 1 }); // → [0]
 * metrics.SparseTopKCategoricalAccuracy({ k: 2 }).each([2], [[0.5, 0.2, 0.3]]); // → [1]
 * metrics.sparseTopKCategoricalAccuracy([2], [[0.5, 0.2, 0.3]], { k: 1 }); // → [0]
 * metrics.MeanSquaredError().each([[1, 2]], [[1, 4]]); // → [2]
 * metrics.meanSquaredError([[1, 2]], [[1, 4]]); // → [2]
 * metrics.MeanAbsoluteError().each([[1, 2]], [[1, 4]]); // → [1]
 * metrics.meanAbsoluteError([[1, 2]], [[1, 4]]); // → [1]
 * metrics.MeanAbsolutePercentageError().each([[1, 2]], [[1, 4]]); // → [50]
 * metrics.meanAbsolutePercentageError([[1, 2]], [[1, 4]]); // → [50]
 * metrics.MeanSquaredLogarithmicError().each([[1, 1]], [[1, 3]]); // → [0.2402]
 * metrics.meanSquaredLogarithmicError([[1, 1]], [[1, 3]]); // → [0.2402]
 * metrics.LogCoshError().each([[0, 0]], [[0, 1]]); // → [0.2169]
 * metrics.logCoshError([[0, 0]], [[0, 1]]); // → [0.2169]
 * metrics.Hinge().each([[1, -1]], [[0.5, -2]]); // → [0.25]
 * metrics.hinge([[1, -1]], [[0.5, -2]]); // → [0.25]
 * metrics.SquaredHinge().each([[1, -1]], [[0.5, -2]]); // → [0.125]
 * metrics.squaredHinge([[1, -1]], [[0.5, -2]]); // → [0.125]
 * metrics.CategoricalHinge().each([[0, 1]], [[0.3, 0.7]]); // → [0.6]
 * metrics.categoricalHinge([[0, 1]], [[0.3, 0.7]]); // → [0.6]
 * metrics.KLDivergence().each([[0.5, 0.5]], [[0.9, 0.1]]); // → [0.5108]
 * metrics.klDivergence([[0.5, 0.5]], [[0.9, 0.1]]); // → [0.5108]
 * metrics.Poisson().each([[1, 2]], [[1, 1]]); // → [1]
 * metrics.poisson([[1, 2]], [[1, 1]]); // → [1]
 * metrics.CosineSimilarity().each([[1, 0]], [[3, 4]]); // → [0.6]
 * metrics.cosineSimilarity([[1, 0]], [[3, 4]]); // → [0.6]
 * metrics.BinaryCrossentropy({ fromLogits: true }).each([[1]], [[0]]); // → [0.6931]
 * metrics.binaryCrossentropy([[1]], [[0.5]]); // → [0.6931]
 * metrics.CategoricalCrossentropy().each([[0, 1]], [[0.2, 0.8]]); // → [0.2231]
 * metrics.categoricalCrossentropy([[0, 1]], [[0.2, 0.8]]); // → [0.2231]
 * metrics.SparseCategoricalCrossentropy().each([1], [[0.2, 0.8]]); // → [0.2231]
 * metrics.sparseCategoricalCrossentropy([1], [[0.2, 0.8]]); // → [0.2231]
 * metrics.accuracy([[1], [2]], [[1], [3]]); // → 0.5
 * metrics.rootMeanSquaredError([[0, 0]], [[3, 4]]); // → 3.536
 * metrics.precision([[1, 0, 1]], [[0.9, 0.7, 0.1]]); // → 0.5
 * metrics.recall([[1, 0, 1, 1]], [[0.9, 0.7, 0.1, 0.8]]); // → 0.6667
 * metrics.f1Score([[1, 0], [0, 1]], [[0.8, 0.2], [0.3, 0.7]], { average: 'macro' }); // → 1
 * metrics.fBetaScore([[1, 0], [0, 1]], [[0.8, 0.2], [0.6, 0.4]], { average: 'macro', beta: 2 }); // → 0.4167
 * metrics.auc([[0], [1], [0], [1]], [[0.1], [0.9], [0.6], [0.4]]); // → 0.75
 * metrics.r2Score([[1], [2], [3]], [[1], [2], [4]]); // → 0.5
 * metrics.perplexity([[0, 1]], [[[0.25, 0.75], [0.75, 0.25]]]); // → 4
 * metrics.truePositives([[1, 0, 1]], [[0.9, 0.7, 0.1]]); // → 1
 * metrics.trueNegatives([[0, 0, 1]], [[0.2, 0.7, 0.1]]); // → 1
 * metrics.falsePositives([[0, 0, 1]], [[0.2, 0.7, 0.1]]); // → 1
 * metrics.falseNegatives([[0, 0, 1]], [[0.2, 0.7, 0.1]]); // → 1
 * metrics.mse([[1, 2]], [[1, 4]]); // → [2]
 * metrics.MSE([[1, 2]], [[1, 4]]); // → [2]
 * metrics.mae([[1, 2]], [[1, 4]]); // → [1]
 * metrics.MAE([[1, 2]], [[1, 4]]); // → [1]
 * metrics.mape([[1, 2]], [[1, 4]]); // → [50]
 * metrics.MAPE([[1, 2]], [[1, 4]]); // → [50]
 * metrics.confusionMatrix([0, 1, 1], [0, 0, 1], 2); // → [[1, 0], [1, 1]]
 * @example
 * const share = metrics.Accuracy();
 * share.updateState([[1], [2]], [[1], [3]]);
 * share.result(); // → 0.5
 * @example
 * const error = metrics.RootMeanSquaredError();
 * error.updateState([[0, 0]], [[3, 4]]);
 * error.result(); // → 3.536
 * @example
 * const precision = metrics.Precision({ thresholds: 0.6 });
 * precision.updateState([[1, 0, 1]], [[0.9, 0.7, 0.1]]);
 * precision.result(); // → 0.5
 * @example
 * const recall = metrics.Recall();
 * recall.updateState([[1, 0, 1, 1]], [[0.9, 0.7, 0.1, 0.8]]);
 * recall.result(); // → 0.6667
 * @example
 * const score = metrics.F1Score({ average: 'macro' });
 * score.updateState([[1, 0], [0, 1]], [[0.8, 0.2], [0.3, 0.7]]);
 * score.result(); // → 1
 * @example
 * const score = metrics.FBetaScore({ average: 'macro', beta: 2 });
 * score.updateState([[1, 0], [0, 1]], [[0.8, 0.2], [0.6, 0.4]]);
 * score.result(); // → 0.4167
 * @example
 * const area = metrics.AUC();
 * area.updateState([[0], [1], [1]], [[0.1], [0.9], [0.8]]);
 * area.result(); // → 1
 * @example
 * const explained = metrics.R2Score();
 * explained.updateState([[1], [2], [3]], [[1], [2], [4]]);
 * explained.result(); // → 0.5
 * @example
 * const perplexity = metrics.Perplexity();
 * perplexity.updateState([[0, 1]], [[[0.5, 0.5], [0.5, 0.5]]]);
 * perplexity.result(); // → 2
 * @example
 * const count = metrics.TruePositives();
 * count.updateState([[1, 0, 1]], [[0.9, 0.7, 0.1]]);
 * count.result(); // → 1
 * @example
 * const count = metrics.TrueNegatives();
 * count.updateState([[0, 0, 1]], [[0.2, 0.7, 0.1]]);
 * count.result(); // → 1
 * @example
 * const count = metrics.FalsePositives();
 * count.updateState([[0, 0, 1]], [[0.2, 0.7, 0.1]]);
 * count.result(); // → 1
 * @example
 * const count = metrics.FalseNegatives();
 * count.updateState([[0, 0, 1]], [[0.2, 0.7, 0.1]]);
 * count.result(); // → 1
 */
export const metrics = /* @__PURE__ */ namespace('metrics', /* @__PURE__ */ withProximity(all()));

/** TensorFlow.js' namespace for it. */
export const math = /* @__PURE__ */ namespace('math', { confusionMatrix });
