/** What a model is compiled with, on its way to the core. */
import { describe, fault, snakeKeys, toCamel } from '../engine/errors.js';
import { registerForeign, releaseForeign } from '../engine/foreign.js';
import { isArray, isFunction, isObject, isRevoked, listOf } from '../engine/look.js';
import type { ClassWeight } from '../train/class-weight.js';
import { type Described, functionName } from '../train/judge.js';
import type { Optimizer, OptimizerSpec } from '../train/optimizer.js';
import { LOSS, type LossOrMetricFn } from './judge-function.js';
import { hasOwnCode, ownCode } from './own-code.js';
import { plainSettings } from './settings.js';

/** How errors of metrics begin. */
const METRICS = 'compile: metrics';
const WEIGHTED = 'compile: weightedMetrics';

/** A name, a function, or a class with settings, as `losses.Huber({ delta: 2 })` and `metrics.AUC()` give them. */
export type LossSpec = string | LossOrMetricFn | Described;
export type MetricSpec = string | LossOrMetricFn | Described;
export type { LossOrMetricFn } from './judge-function.js';

/** One for all outputs, one for each, or by the outputs' names. */
export type PerOutput<T> = T | T[] | { [output: string]: T };

export type MetricSpecs =
  | MetricSpec
  | MetricSpec[]
  | (MetricSpec[] | null)[]
  | { [output: string]: MetricSpec | MetricSpec[] };

export interface CompileArgs {
  /** A name, or what `train.sgd(…)`, `train.adam(…)` give. */
  optimizer: string | Optimizer | OptimizerSpec;
  /** A name such as `meanSquaredError`, one of `losses`, or a function; null for one of several outputs that has none. */
  loss: LossSpec | (LossSpec | null)[] | { [output: string]: LossSpec | null };
  /** How much the loss of each output counts: nothing is said of any, which all count 1, or of all. */
  lossWeights?: number[] | { [output: string]: number };
  /** `accuracy`, … : for every output, a list for each, or by the outputs' names. */
  metrics?: MetricSpecs;
  /** Metrics for which samples count by their weights. */
  weightedMetrics?: MetricSpecs;
  /** How much samples count in training by their class, where `fit` says nothing of that. */
  classWeight?: ClassWeight | null;
}

/** What `compile` takes. */
export const COMPILE = ['optimizer', 'loss', 'lossWeights', 'metrics', 'weightedMetrics', 'classWeight'];

/** How a metric is called, and whether samples count for it by their weights. */
export interface MetricName {
  name: string;
  weighted: boolean;
}

/** What was read from {@link CompileArgs}. */
export interface Compiled {
  /** What the core reads. */
  json: string;
  /** How the metrics of each output are called, or those of all where there is one list. */
  metrics: MetricName[][];
  /** Numbers of functions that the core calls. */
  functions: number[];
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !isArray(value) && !('className' in value);

/** The most that a list is looked through: a model has fewer outputs, and an output fewer metrics. */
const MOST = 2 ** 16;

/** A list without holes, which functions such as `map` pass over. */
function listed<T>(where: string, given: readonly T[]): T[] {
  if (given.length <= MOST) return Array.from(given);
  throw fault('value', `${where}: there are too many, ${describe(given)}`);
}

/** The parts of something given for each output, by place or by name. */
function byOutput<T>(where: string, given: PerOutput<T>, names: readonly string[]): T[] {
  if (isArray(given)) return listed(where, given);
  if (!isPlain(given)) return [given as T];
  const odd = Object.keys(given).find((name) => !names.includes(name));
  if (odd !== undefined) {
    throw fault('name', `${where}: there is no output ${describe(odd)}; there are ${names.join(', ')}`);
  }
  return names.map((name) => {
    const part = (given as Record<string, T>)[name];
    if (part === undefined) throw fault('value', `${where}: nothing is given for the output ${name}`);
    return part;
  });
}

/** How a metric is called in logs: TensorFlow.js says `acc` for accuracy. */
const logName = (metric: MetricSpec): string => {
  if (typeof metric === 'function') return metric.name || 'metric';
  if (typeof metric !== 'string') {
    const { name } = (metric.config ?? {}) as { name?: unknown };
    return typeof name === 'string' ? name : functionName(metric.className);
  }
  return isAccuracy(metric) ? 'acc' : toCamel(metric);
};

const isAccuracy = (metric: MetricSpec): boolean =>
  typeof metric === 'string' && /^acc(uracy)?$/i.test(metric);

/** Whether it is a function that does not stand for a class that the core knows. */
const isOwnFunction = (value: unknown): boolean => isFunction(value) && !('className' in value);

/** The metrics of all outputs as one list, or a list for each output. */
function metricLists(where: string, given: CompileArgs['metrics'], names: readonly string[]): MetricSpec[][] {
  if (isArray(given) && listed<unknown>(where, given).some(isArray)) {
    if (given.length !== names.length)
      throw fault('value', `${where}: there are ${names.length} outputs, but lists for ${given.length}`);
    return given.map((list) => listed(where, listOf(list ?? [])) as MetricSpec[]);
  }
  if (!isPlain(given)) return [listed(where, listOf<unknown>(given ?? [])) as MetricSpec[]];
  const odd = Object.keys(given).find((name) => !names.includes(name));
  if (odd !== undefined)
    throw fault('name', `${where}: there is no output ${describe(odd)}; there are ${names.join(', ')}`);
  const byName = given as Record<string, MetricSpec | MetricSpec[]>;
  return names.map((name) => listed(where, listOf(byName[name] ?? [])));
}

/** A loss or metric, or the function that it computes by where it is an object of a class of one's own. */
const asJudge = (where: string, value: unknown): unknown =>
  hasOwnCode() ? ownCode().asJudge(where, value) : value;

/** The losses as others can take them: one that computes by a `call` of its own as the function that it is. */
export function plainLosses(given: CompileArgs['loss']): CompileArgs['loss'] {
  const one = (loss: unknown): LossSpec => asJudge(LOSS, loss) as LossSpec;
  if (isArray(given)) return listed(LOSS, given).map(one);
  if (!isPlain(given)) return one(given);
  return Object.fromEntries(Object.entries(given).map(([name, loss]) => [name, one(loss)]));
}

/** Reads what `compile` is given, for a model whose outputs have these names. */
export function readCompile(args: CompileArgs, names: readonly string[]): Compiled {
  const functions: number[] = [];
  const part = (where: string, given: unknown): unknown => {
    if (typeof given === 'string') return given;
    const value = asJudge(where, given);
    const described = (isRevoked(value) ? null : value) as Described | null;
    if (
      (typeof value === 'object' || typeof value === 'function') &&
      typeof described?.className === 'string'
    ) {
      const { className, config } = described;
      return snakeKeys(plainSettings(where, { className, config }));
    }
    if (isFunction(value)) {
      functions.push(registerForeign(ownCode().asForeign(where, value as LossOrMetricFn)));
      return { function: functions.at(-1) };
    }
    throw fault('type', `${where}: expected a name or a function, got ${describe(value)}`);
  };
  const none = (): unknown => {
    functions.push(registerForeign(ownCode().noLoss));
    return { function: functions.at(-1) };
  };
  try {
    const losses = byOutput<LossSpec | null>(LOSS, args.loss, names);
    const isOwn = losses.some((loss) => loss === null || isOwnFunction(asJudge(LOSS, loss)));
    const weights =
      args.lossWeights === undefined || args.lossWeights === null
        ? undefined
        : byOutput<number>('compile: lossWeights', args.lossWeights, names);
    for (const weight of weights ?? []) {
      if (typeof weight !== 'number' || !Number.isFinite(weight)) {
        throw fault('value', `compile: lossWeights: expected a finite number, got ${describe(weight)}`);
      }
    }
    const plain = metricLists(METRICS, args.metrics, names);
    const weighted = metricLists(WEIGHTED, args.weightedMetrics, names);
    // One list is for all outputs; where either kind is given by output, both are.
    const lists = Math.max(plain.length, weighted.length);
    const metrics: { metric: MetricSpec; weighted: boolean; written: unknown }[][] = Array.from(
      { length: lists },
      (_, at) => {
        const of = (all: MetricSpec[][]): MetricSpec[] => (all.length === 1 ? all[0]! : all[at]!);
        // Which accuracy is meant the core reads from the loss, if it knows it.
        const write = (where: string, metric: MetricSpec): unknown =>
          part(where, isOwn && isAccuracy(metric) ? ownCode().accuracy : metric);
        return [
          ...of(plain).map((metric) => ({ metric, weighted: false, written: write(METRICS, metric) })),
          ...of(weighted).map((metric) => ({ metric, weighted: true, written: [write(WEIGHTED, metric)] })),
        ];
      },
    );
    const json = JSON.stringify({
      losses: losses.map((loss) =>
        loss === null && losses.some((one) => one !== null) ? none() : part(LOSS, loss),
      ),
      loss_weights: weights,
      metrics: metrics.map((list) => list.map(({ written }) => written)),
    });
    const called = metrics.map((list) =>
      list.map(({ metric, weighted }): MetricName => ({ name: logName(metric), weighted })),
    );
    return { json, metrics: called, functions };
  } catch (failure) {
    functions.forEach(releaseForeign);
    throw failure;
  }
}

/**
 * The names of what logs hold, in the core's order: the loss, the losses of several outputs, the metrics. Each is there
 * once; of metrics with one name a weighted one is called `weighted_…` and others are counted, as in Keras.
 */
export function namesOfLogs(metrics: readonly MetricName[][], outputs: readonly string[]): string[] {
  const several = outputs.length > 1;
  const losses = several ? outputs.map((name) => `${name}_loss`) : [];
  const taken = new Set(['loss', ...losses]);
  const all = outputs.flatMap((output, at) => {
    const full = (name: string): string => (several ? `${output}_${name}` : name);
    const list = metrics.length === 1 ? metrics[0]! : (metrics[at] ?? []);
    return list.map(({ name, weighted }) => {
      let free = full(name);
      if (weighted && taken.has(free)) free = full(`weighted_${name}`);
      const first = free;
      for (let again = 1; taken.has(free); again++) free = `${first}_${again}`;
      taken.add(free);
      return free;
    });
  });
  return ['loss', ...losses, ...all];
}
