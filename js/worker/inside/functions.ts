/** Losses and metrics that are functions of a user's modules, by their names. */
import { isArray } from '../../engine/look.js';
import type { CompileArgs, LossOrMetricFn } from '../../nn/compile.js';
import type { CompileSpec } from '../protocol.js';

/** Those of the modules that were loaded. */
export const functions = new Map<string, LossOrMetricFn>();

/** Names of functions in modules become these functions; everything else stays what it is. */
export function withFunctions(spec: unknown): unknown {
  if (typeof spec === 'string') return functions.get(spec) ?? spec;
  if (isArray(spec)) return spec.map(withFunctions);
  if (typeof spec !== 'object' || spec === null || 'className' in spec) return spec;
  return Object.fromEntries(Object.entries(spec).map(([name, part]) => [name, withFunctions(part)]));
}

/** The same for all that a model is compiled with. */
export const withFunctionsIn = ({ loss, metrics, weightedMetrics, ...rest }: CompileSpec): CompileArgs =>
  ({
    ...rest,
    loss: withFunctions(loss),
    ...(metrics === undefined ? {} : { metrics: withFunctions(metrics) }),
    ...(weightedMetrics === undefined ? {} : { weightedMetrics: withFunctions(weightedMetrics) }),
  }) as CompileArgs;
