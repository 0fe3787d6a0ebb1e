/** Modules of a user's own in the worker: layers, losses and metrics that are known by their names there. */
import { describe, fault, textOf } from '../../engine/errors.js';
import { isA, isFunction } from '../../engine/look.js';
import type { LossOrMetricFn } from '../../nn/compile.js';
import { functions } from './functions.js';

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
      const exported = isFunction(found.default)
        ? (((await (found.default as (library: unknown) => unknown)(mapling)) ?? {}) as Exports)
        : found;
      for (const [name, value] of Object.entries(exported)) {
        if (isLayerClass(value, mapling.layers.Layer)) mapling.serialization.registerClass(value);
        else if (isFunction(value)) functions.set(name, value as LossOrMetricFn);
      }
    } catch (failure) {
      throw fault(
        'value',
        `createTrainer: modules: ${describe(address)} could not be loaded (${textOf(failure)})`,
      );
    }
  }
}

const isLayerClass = (value: unknown, layer: unknown): boolean =>
  typeof value === 'function' && isA(value.prototype, layer as new () => object);
