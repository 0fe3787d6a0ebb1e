/** Losses and metrics that are functions of a user's modules, by their names. */
import { isArray } from '../../engine/look.js';
import type { LossOrMetricFn } from '../../nn/compile.js';

/** Those of the modules that were loaded. */
export const functions = new Map<string, LossOrMetricFn>();

/** Names of functions in modules become these functions; everything else stays what it is. */
export function withFunctions(spec: unknown): unknown {
  if (typeof spec === 'string') return functions.get(spec) ?? spec;
  if (isArray(spec)) return spec.map(withFunctions);
  if (typeof spec !== 'object' || spec === null || 'className' in spec) return spec;
  return Object.fromEntries(Object.entries(spec).map(([name, part]) => [name, withFunctions(part)]));
}
