/** What a model is compiled with, from Keras' `compile_config`. */
import { describe, fault, toCamel } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import { losses } from '../../train/losses.js';
import { metrics as ownMetrics } from '../../train/metrics.js';
import { judges, only, type PortableTraining, said, type Written } from '../portable.js';
import { BARE } from './assemble.js';
import type { End } from './ends.js';
import { isKerasObject } from './written.js';

/** Settings of losses and metrics that say how Keras computes, which is no choice here. */
const IGNORED = ['dtype', 'fn'];

/** Settings that must be left as Keras has them. */
const FIXED: Readonly<Record<string, unknown>> = { multi_label: false, num_regressors: 0 };

/** Whether a function of this name is one of the library's. */
const isKnown = (name: string): boolean =>
  [losses, ownMetrics].some((all) => Object.hasOwn(all, toCamel(name)));

/** Losses and metrics as they are read here. A function of the user's is known to the Python program alone. */
const read = (where: string, value: unknown): unknown =>
  judges(value, (judge) => {
    if (!isObject(judge)) return judge;
    const { class_name: className, config } = judge as Partial<Written>;
    if (typeof className !== 'string')
      throw fault('format', `${where}: losses or metrics are nested too deeply`);
    // Functions of Keras' own are written as those of the user, and found by their names.
    if (className === 'function' && typeof config === 'string' && isKnown(config)) return config;
    if (className === 'function' || !isObject(config))
      throw fault(
        'name',
        `${where}: the function ${describe(config)} is known to the Python program alone${BARE}`,
      );
    const settings = only(config, (one, key) => !IGNORED.includes(key) && one !== null && one !== FIXED[key]);
    return { class_name: className, config: settings };
  });

/** What is said by the names of outputs, by the names of the layers that give them. */
function byLayers(value: unknown, ends: readonly End[]): unknown {
  if (!isObject(value) || isArray(value) || 'class_name' in value) return value;
  const layerOf = (name: string): string => {
    const place = ends.find(({ key }) => key === name)?.place;
    return isArray(place) && typeof place[0] === 'string' ? place[0] : name;
  };
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [layerOf(name), one]));
}

/**
 * From a `compile_config`; nothing where the model was not compiled. `ends` are the model's outputs: those that it gives
 * names of their own are judged by these names in the file, and by the names of their layers here.
 */
export function readTraining(
  where: string,
  config: unknown,
  ends: readonly End[] = [],
): PortableTraining | undefined {
  if (!isObject(config)) return undefined;
  const { optimizer, loss, loss_weights, metrics, weighted_metrics } = config as Record<string, unknown>;
  // A model of which only layers were compiled, or none, has an empty one.
  if (optimizer === undefined || optimizer === null) return undefined;
  const outer = typeof optimizer === 'string' ? { class_name: optimizer, config: {} } : optimizer;
  // One that scales losses, so that half-precision gradients do not vanish, has another inside: none do here.
  const isScaled = isKerasObject(outer) && outer.class_name === 'LossScaleOptimizer';
  const written = isScaled ? outer.config.inner_optimizer : outer;
  if (!isKerasObject(written))
    throw fault('format', `${where}: expected an optimizer, got ${describe(optimizer)}`);
  const settings = only(written.config, (value, key) => key !== 'name' && value !== null);
  const judged = (value: unknown): unknown => byLayers(read(where, value), ends);
  return {
    optimizer: { class_name: written.class_name, config: settings },
    loss: judged(loss),
    ...said({
      loss_weights: byLayers(loss_weights, ends),
      metrics: judged(metrics),
      weighted_metrics: judged(weighted_metrics),
    }),
  };
}
