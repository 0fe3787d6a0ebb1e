/** A model put together from what file formats have written down. */
import { camelKeys, fault } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isObject } from '../engine/look.js';
import type { CompileArgs } from '../nn/compile.js';
import { giveUp } from '../nn/give-up.js';
import type { LayersModel } from '../nn/model.js';
import { fromJSON } from '../nn/read.js';
import { setAll } from '../nn/weights.js';
import { make } from '../tensor/handle.js';
import { sizeOf } from '../tensor/shape.js';
import { judges, type PortableTraining, type Remembered, rowOf, said, type Written } from './portable.js';

/** Losses or metrics as `compile` takes them; the names of outputs stay as they are. */
const given = (value: unknown): unknown =>
  judges(value, (judge) => {
    const { class_name: className, config = {} } = (isObject(judge) ? judge : {}) as Partial<Written>;
    return className === undefined ? judge : { className, config: camelKeys(config) };
  });

/** What `compile` takes, from Keras' words. */
const compileArgs = (training: PortableTraining): CompileArgs => {
  const { optimizer, loss, loss_weights, metrics, weighted_metrics } = training;
  const { class_name: className, config } = optimizer;
  return {
    optimizer: { className, config: camelKeys(config) },
    loss: given(loss),
    ...said({
      lossWeights: loss_weights,
      metrics: given(metrics),
      weightedMetrics: given(weighted_metrics),
    }),
  } as CompileArgs;
};

/**
 * The model of an architecture, with weights that are to be replaced by `size` values, where it is known how many; with
 * up to `most` where some may be missing.
 * @throws For an architecture that has more, before any of its weights is made.
 */
export function began(where: string, architecture: Written, size?: number, most = size): LayersModel {
  const model = fromJSON(where, architecture);
  try {
    if (size !== undefined) {
      const network = model.core_(where);
      const wanted = model.built ? model.countParams() : call(() => network.missingParams());
      if (wanted > most!)
        throw fault('value', `${where}: the layers have ${wanted} values of weights, and the file ${size}`);
    }
    if (!model.built && size !== undefined) model.build();
    return model;
  } catch (failure) {
    giveUp(model);
    throw failure;
  }
}

/** Replaces the weights for which there are values, in the model's order: all or, if one does not fit, none. */
export function setWeights(
  where: string,
  model: LayersModel,
  values: readonly (Float32Array | undefined)[],
): void {
  const given = model.weights.flatMap((weight, at) => {
    const own = values[at];
    return own ? [{ weight, value: make(where, own, weight.shape, 'float32') }] : [];
  });
  try {
    setAll(
      where,
      given.map(({ weight }) => weight),
      given.map(({ value }) => value),
    );
  } finally {
    // What was lent to the core need not wait there for the collector.
    for (const { value } of given) value.dispose();
  }
}

/** Compiles a model as a file says. */
export const compileAs = (model: LayersModel, training: PortableTraining): void =>
  model.compile(compileArgs(training));

/** The names of what the optimizer of a compiled model remembers for each value of a weight. */
export const slotsOf = (model: LayersModel): string[] => call(() => model.optimizer!.core().slotNames());

/**
 * Lets the optimizer of a compiled model remember what a file says: of each weight as many arrays of its shape as the
 * optimizer has slots.
 */
export function restoreMemory(model: LayersModel, { steps, values }: Remembered): void {
  const optimizer = model.optimizer!;
  const core = optimizer.core();
  call(() => {
    for (const [at, { id, shape }] of model.weights.entries()) {
      const own = values[at];
      if (own) core.setNamedState(id, sizeOf(shape), rowOf(shape), own);
    }
    core.setSteps(steps);
  });
  optimizer.home.measure();
}
