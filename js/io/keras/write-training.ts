/** What a model is compiled with, as Keras 3's `compile_config`. */
import { isArray, isObject } from '../../engine/look.js';
import type { PortableTraining } from '../portable.js';
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
