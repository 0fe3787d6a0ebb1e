/** A model taken apart into what file formats write down. */
import { describe, fault, onlyKeys, snakeKeys, toSnake } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isArray } from '../engine/look.js';
import type { CompileArgs } from '../nn/compile.js';
import type { LayersModel } from '../nn/model.js';
import { inOrder } from '../nn/model-ends.js';
import { plainSettings } from '../nn/settings.js';
import { type Optimizer, optimizerJson } from '../train/optimizer.js';
import {
  judges,
  type Portable,
  type PortableOptimizer,
  type PortableTraining,
  type PortableWeight,
  rowOf,
  said,
  type WriteOptions,
  type Written,
} from './portable.js';

/** Keras spells names of losses and metrics in snake case, and those of classes as they are. */
const asName = (name: string): string => (/^[a-z]/.test(name) ? toSnake(name) : name);

/** Losses or metrics in Keras' words. A function of the user's has none. */
const written = (where: string, key: string, value: unknown): unknown =>
  judges(value, (judge) => {
    if (judge === null || judge === undefined) return null;
    if (typeof judge === 'string') return asName(judge);
    if (typeof judge === 'function')
      throw fault(
        'type',
        `${where}: ${key}: a function cannot be written; includeOptimizer: false leaves it out`,
      );
    const { className, config = {} } = judge as { className?: unknown; config?: unknown };
    if (typeof className !== 'string')
      throw fault('type', `${where}: ${key}: expected a name, got ${describe(judge)}`);
    return { class_name: className, config: snakeKeys(plainSettings(where, config, key)) };
  });

function trainingOf(where: string, args: CompileArgs, optimizer: Optimizer): PortableTraining {
  const { class_name } = optimizerJson(optimizer) as Written;
  const config = snakeKeys(plainSettings(where, optimizer.getConfig())) as Record<string, unknown>;
  const { loss, lossWeights, metrics, weightedMetrics } = args;
  return {
    optimizer: { class_name, config },
    loss: written(where, 'loss', loss),
    ...said({
      loss_weights: lossWeights && plainSettings(where, lossWeights, 'lossWeights'),
      metrics: written(where, 'metrics', metrics),
      weighted_metrics: written(where, 'weightedMetrics', weightedMetrics),
    }),
  };
}

function rememberedBy(optimizer: Optimizer, model: LayersModel): PortableOptimizer {
  const core = optimizer.core();
  const weights = model.weights;
  return call(() => ({
    steps: core.steps(),
    slots: core.slotNames(),
    values: weights.map(({ id, shape }) => {
      const values = core.namedState(id, rowOf(shape));
      return values.length > 0 ? values : null;
    }),
  }));
}

/**
 * A model as it predicts: what it is compiled with, and remembers of its training, is left out.
 * @throws For a model that is not built, or has parts that are functions.
 */
export function predictorOf(where: string, model: LayersModel): Pick<Portable, 'architecture' | 'weights'> {
  const { json } = model.saved_(where);
  const weights = model.weights.map((weight): PortableWeight => {
    const { name, shape, trainable, isState } = weight;
    const values = weight.snapshot();
    try {
      return { name, shape: [...shape], values: values.dataSync() as Float32Array, trainable, isState };
    } finally {
      values.dispose();
    }
  });
  return { architecture: JSON.parse(json) as Written, weights };
}

/**
 * Takes a model apart. `where` begins errors.
 * @throws For a model that is not built, or has parts that are functions.
 */
export async function takeApart(
  where: string,
  model: LayersModel,
  options: WriteOptions = {},
): Promise<Portable> {
  onlyKeys(where, options, ['includeOptimizer']);
  const portable: Portable = predictorOf(where, model);
  const [args, optimizer] = [model.getCompileConfig(), model.optimizer];
  if (options?.includeOptimizer !== false && args && optimizer) {
    const training = trainingOf(where, args, optimizer);
    const names = model.outputNames;
    const { output_layers: ends } = portable.architecture.config;
    // Two outputs of one layer have names that nothing else knows.
    const isOurs = isArray(ends) && ends.some(([layer], at) => layer !== names[at]);
    portable.training = isOurs ? inOrder(training, names) : training;
    portable.optimizer = rememberedBy(optimizer, model);
  }
  return portable;
}
