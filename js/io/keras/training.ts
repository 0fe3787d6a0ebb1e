/** What a model is compiled with, in Keras 3's `compile_config`, and read from there. */
import { describe, fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import type { PortableTraining, Written } from '../portable.js';
import { asFloats } from './json.js';
import { named, withModules } from './modules.js';
import { isKerasObject } from './written.js';

/** Names that TensorFlow.js and Keras 2 have, and Keras 3 has not. */
const NAMES: Readonly<Record<string, string>> = {
  cosine: 'cosine_similarity',
  cosine_proximity: 'cosine_similarity',
  kullback_leibler_divergence: 'kl_divergence',
  logcosh: 'log_cosh',
};

/** Settings of losses and metrics that Keras takes as floats alone. */
const FLOATS = ['beta', 'threshold'];

/** The name of a loss or metric, or its class with the module it comes from; also in lists, and by outputs' names. */
function judged(value: unknown, module: string): unknown {
  if (isArray(value)) return value.map((one: unknown) => judged(one, module));
  if (typeof value === 'string') return NAMES[value] ?? value;
  if (!isObject(value)) return value ?? null;
  if (isKerasObject(value)) {
    const settings = Object.entries(value.config).map(([key, one]) => [
      key,
      FLOATS.includes(key) ? asFloats(one) : one,
    ]);
    return named({ ...value, config: Object.fromEntries(settings) }, module);
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, judged(one, module)]));
}

/** As Keras writes it; what it does with a compiled model otherwise is left to its defaults. */
export function compileConfig(training: PortableTraining): Record<string, unknown> {
  const { optimizer, loss, loss_weights, metrics, weighted_metrics } = training;
  return {
    optimizer: named(
      { class_name: optimizer.class_name, config: asFloats(withModules(optimizer.config)) },
      'keras.optimizers',
    ),
    loss: judged(loss, 'keras.losses'),
    loss_weights: loss_weights ?? null,
    metrics: judged(metrics, 'keras.metrics'),
    weighted_metrics: judged(weighted_metrics, 'keras.metrics'),
  };
}

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
      `${where}: config.json: the function ${describe(config)} is known to the Python program alone; { compile: false } reads the model without what it is compiled with`,
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
    throw fault('format', `${where}: config.json: expected an optimizer, got ${describe(optimizer)}`);
  const settings = Object.entries(written.config).filter(([key, value]) => key !== 'name' && value !== null);
  return {
    optimizer: { class_name: written.class_name, config: Object.fromEntries(settings) },
    loss: read(where, loss),
    ...(loss_weights ? { loss_weights } : {}),
    ...(metrics ? { metrics: read(where, metrics) } : {}),
    ...(weighted_metrics ? { weighted_metrics: read(where, weighted_metrics) } : {}),
  };
}
