/** Modules of a user's own in the worker: layers, losses and metrics that are known by their names there. */
import { describe, fault, textOf } from '../../engine/errors.js';
import { isA, isArray } from '../../engine/look.js';
import type { LossOrMetricFn } from '../../nn/compile.js';
import type { ModelSource } from '../protocol.js';

/** Losses and metrics of modules that were loaded. */
const functions = new Map<string, LossOrMetricFn>();

type Exports = Record<string, unknown>;

/**
 * Loads modules. Each class among their exports that extends `layers.Layer` is registered by its `className`; each
 * function is a loss or a metric by its name. A module whose default export is a function gets the library handed and
 * returns its exports: it need not import mapling, which bundlers might give it a second time.
 */
export async function loadModules(addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    try {
      const found = (await import(/* @vite-ignore */ /* webpackIgnore: true */ address)) as Exports;
      const mapling = await import('../../index.js');
      const exported =
        typeof found.default === 'function' && !isLayerClass(found.default, mapling.layers.Layer)
          ? (((await (found.default as (library: unknown) => unknown)(mapling)) ?? {}) as Exports)
          : found;
      for (const [name, value] of Object.entries(exported)) {
        if (isLayerClass(value, mapling.layers.Layer)) mapling.serialization.registerClass(value);
        else if (typeof value === 'function') functions.set(name, value as LossOrMetricFn);
      }
    } catch (failure) {
      throw fault(
        'value',
        `createTrainer: modules: ${describe(address)} could not be loaded (${textOf(failure)})`,
      );
    }
  }
}

/**
 * Loads what works for code of JavaScript's where a model needs it: for initializers with seeds of their own, whose values
 * the core does not make, for outputs without a loss, and for layers that keep states from batch to batch: these come with
 * the whole library, since a file of theirs that is loaded alone lets bundlers split what every worker loads.
 */
export async function loadPartsFor(source: ModelSource): Promise<void> {
  const json: unknown = source?.json;
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  const { loss } = (source?.compile ?? {}) as { loss?: unknown };
  const parts = typeof loss === 'object' && loss !== null ? Object.values(loss) : [];
  if (parts.includes(null) || (text !== undefined && /"seed":\s*-?\d/.test(text)))
    await import('../../nn/provide-own.js');
  if (text !== undefined && /"stateful":\s*true/.test(text)) await import('../../index.js');
}

const isLayerClass = (value: unknown, layer: unknown): boolean =>
  typeof value === 'function' && isA(value.prototype, layer as new () => object);

/** Names of functions in modules become these functions; everything else stays what it is. */
export function withFunctions(spec: unknown): unknown {
  if (typeof spec === 'string') return functions.get(spec) ?? spec;
  if (isArray(spec)) return spec.map(withFunctions);
  if (typeof spec !== 'object' || spec === null || 'className' in spec) return spec;
  return Object.fromEntries(Object.entries(spec).map(([name, part]) => [name, withFunctions(part)]));
}
