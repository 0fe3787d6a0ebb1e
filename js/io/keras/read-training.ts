/** What a model is compiled with, from Keras' `compile_config`. */
import { describe, fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import type { PortableTraining, Written } from '../portable.js';
import { isKerasObject } from './written.js';

/** Settings of losses and metrics that say how Keras computes, which is no choice here. */
const IGNORED = ['dtype', 'fn'];

/** Settings that must be left as Keras has them. */
const FIXED: Readonly<Record<string, unknown>> = { multi_label: false, num_regressors: 0 };

/** A loss or metric as it is read here. A function of the user's is known to the Python program alone. */
function read(where: string, value: unknown, depth = 0): unknown {
  if (isArray(value)) return value.map((one: unknown) => read(where, one, depth + 1));
  if (!isObject(value) || depth > 8) return value;
  if (typeof (value as Partial<Written>).class_name !== 'string')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, read(where, one, depth + 1)]));
  const { class_name: className, config } = value as Written;
  if (className === 'function' || !isObject(config))
    throw fault(
      'name',
      `${where}: the function ${describe(config)} is known to the Python program alone; { compile: false } reads the model without what it is compiled with`,
    );
  const entries = Object.entries(config).filter(
    ([key, one]) => !IGNORED.includes(key) && one !== null && one !== FIXED[key],
  );
  return { class_name: className, config: Object.fromEntries(entries) };
}

/** From a `compile_config`; nothing where the model was not compiled. */
export function readTraining(where: string, config: unknown): PortableTraining | undefined {
  if (!isObject(config)) return undefined;
  const { optimizer, loss, loss_weights, metrics, weighted_metrics } = config as Record<string, unknown>;
  // A model of which only layers were compiled, or none, has an empty one.
  if (optimizer === undefined || optimizer === null) return undefined;
  const written = typeof optimizer === 'string' ? { class_name: optimizer, config: {} } : optimizer;
  if (!isKerasObject(written))
    throw fault('format', `${where}: expected an optimizer, got ${describe(optimizer)}`);
  const settings = Object.entries(written.config).filter(([key, value]) => key !== 'name' && value !== null);
  return {
    optimizer: { class_name: written.class_name, config: Object.fromEntries(settings) },
    loss: read(where, loss),
    ...(loss_weights ? { loss_weights } : {}),
    ...(metrics ? { metrics: read(where, metrics) } : {}),
    ...(weighted_metrics ? { weighted_metrics: read(where, weighted_metrics) } : {}),
  };
}
