/**
 * A model taken apart into what every file format writes down, in Keras' form, and put together again. The formats turn
 * this into bytes and back; none of them asks the model or the core itself.
 */
import { camelKeys, describe, fault, onlyKeys, snakeKeys, toSnake } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isArray, isObject } from '../engine/look.js';
import type { CompileArgs } from '../nn/compile.js';
import { giveUp } from '../nn/give-up.js';
import type { LayersModel } from '../nn/model.js';
import { fromJSON } from '../nn/read.js';
import { plainSettings } from '../nn/settings.js';
import { setAll } from '../nn/weights.js';
import { make } from '../tensor/handle.js';
import { sizeOf } from '../tensor/shape.js';
import { type Optimizer, optimizerJson } from '../train/optimizer.js';

/** A weight of a model, with its values in row-major order. */
export interface PortableWeight {
  /** Keras' path inside the model, such as `dense/kernel`. */
  name: string;
  shape: number[];
  values: Float32Array;
  trainable: boolean;
  /** Whether its layer changes it, as a moving mean, and no gradient does. */
  isState: boolean;
}

/** A class and its settings, with Keras' keys. */
export interface Written {
  class_name: string;
  config: Record<string, unknown>;
}

/** What a model is compiled with, in Keras' words; losses and metrics are names or {@link Written}, by output or not. */
export interface PortableTraining {
  optimizer: Written;
  loss: unknown;
  loss_weights?: unknown;
  metrics?: unknown;
  weighted_metrics?: unknown;
}

/** What an optimizer remembers. */
export interface PortableOptimizer {
  /** Steps taken. */
  steps: number;
  /** What it remembers for each value of a weight, by Keras' names: `momentum` and `velocity` for Adam. */
  slots: string[];
  /** For each weight of the model an array for each slot; null where it remembers nothing. */
  values: (Float32Array[] | null)[];
}

export interface Portable {
  /** The model's class and configuration as Keras 3 writes them. */
  architecture: Written;
  /** In the order of `model.weights`. */
  weights: PortableWeight[];
  /** Where the model is compiled. */
  training?: PortableTraining;
  optimizer?: PortableOptimizer;
}

/** What is written besides architecture and weights. */
export interface WriteOptions {
  /** What the model is compiled with, and what its optimizer remembers. Default: true, where it is compiled. */
  includeOptimizer?: boolean;
}

/** Keras spells names of losses and metrics in snake case, and those of classes as they are. */
const asName = (name: string): string => (/^[a-z]/.test(name) ? toSnake(name) : name);

/** Losses and metrics stand by outputs, in lists, and no deeper than settings of their own. */
const DEEPEST = 8;

/**
 * What a model is judged by with each loss and metric changed: a single one, lists of them, or some by the names of outputs.
 * What is nested too deeply is handed to `change` as it is.
 */
export function judges(value: unknown, change: (judge: unknown) => unknown, depth = 0): unknown {
  if (depth > DEEPEST || !isObject(value)) return change(value);
  if (isArray(value)) return value.map((one: unknown) => judges(one, change, depth + 1));
  const { class_name, className = class_name } = value as { class_name?: unknown; className?: unknown };
  if (typeof className === 'string') return change(value);
  const entries = Object.entries(value).map(([output, one]) => [output, judges(one, change, depth + 1)]);
  return Object.fromEntries(entries);
}

/** Those of some settings that say something. */
export const said = <T extends object>(settings: T): Partial<T> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value)) as Partial<T>;

/** Losses or metrics in Keras' words. A function of the user's has none. */
const written = (where: string, key: string, value: unknown): unknown =>
  judges(value, (judge) => {
    if (judge === null || judge === undefined) return null;
    if (typeof judge === 'string') return asName(judge);
    if (typeof judge === 'function')
      throw fault(
        'type',
        `${where}: ${key}: a function cannot be written; includeOptimizer: false leaves out what the model is compiled with`,
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

/** How long the rows of a weight are: the core keeps what it remembers in whole rows. */
const rowOf = (shape: readonly number[]): number => shape.at(-1) ?? 1;

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
    portable.training = trainingOf(where, args, optimizer);
    portable.optimizer = rememberedBy(optimizer, model);
  }
  return portable;
}

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

/**
 * The model that was taken apart: built, with its weights, compiled and with its optimizer's memory where these are there.
 * @throws For parts that do not belong together; nothing is left of the model then.
 */
export function putTogether(where: string, portable: Portable): LayersModel {
  const { architecture, weights, training, optimizer } = portable;
  const size = weights.reduce((sum, { values }) => sum + values.length, 0);
  const model = began(where, architecture, size);
  try {
    const own = model.weights;
    if (weights.length !== own.length)
      throw fault('value', `${where}: the model has ${own.length} weights, and the file ${weights.length}`);
    own.forEach(({ name, shape }, at) => {
      const given = weights[at]!;
      if (`${given.shape}` !== `${shape}`)
        throw fault('shape', `${where}: ${name} is [${shape}], not [${given.shape}]`);
    });
    setWeights(
      where,
      model,
      weights.map(({ values }) => values),
    );
    if (training) compileAs(model, training);
    if (optimizer) restoreMemory(where, model, optimizer);
    return model;
  } catch (failure) {
    giveUp(model);
    throw failure;
  }
}

/** Lets the optimizer of a compiled model remember what a file says. */
export function restoreMemory(where: string, model: LayersModel, kept: PortableOptimizer): void {
  const { optimizer } = model;
  if (!optimizer) return;
  const core = optimizer.core();
  const own = call(() => core.slotNames());
  const { values, slots, steps } = kept;
  if (`${slots}` !== `${own}`)
    throw fault('value', `${where}: ${optimizer.className} remembers ${own}, and the file has ${slots}`);
  model.weights.forEach(({ id, shape, name }, at) => {
    const kept = values[at];
    if (!kept) return;
    const size = sizeOf(shape);
    if (kept.some((one) => one.length !== size))
      throw fault('shape', `${where}: what the optimizer remembers of ${name} is not of its shape`);
    call(() => core.setNamedState(id, size, rowOf(shape), kept));
  });
  call(() => core.setSteps(steps));
  optimizer.home.measure();
}
