/** What a model is compiled with, from Keras' `compile_config`. */
import { describe, fault, toCamel } from '../../engine/errors.js';
import { isObject } from '../../engine/look.js';
import { losses } from '../../train/losses.js';
import { metrics as ownMetrics } from '../../train/metrics.js';
import { judges, only, type PortableTraining, said, type Written } from '../portable.js';
import { BARE } from './assemble.js';
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

/** From a `compile_config`; nothing where the model was not compiled. */
export function readTraining(where: string, config: unknown): PortableTraining | undefined {
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
  return {
    optimizer: { class_name: written.class_name, config: settings },
    loss: read(where, loss),
    ...said({
      loss_weights,
      metrics: read(where, metrics),
      weighted_metrics: read(where, weighted_metrics),
    }),
  };
}
