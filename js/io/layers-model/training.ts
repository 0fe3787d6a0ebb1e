/** What a model is compiled with, as TensorFlow.js writes it down. */
import { describe, fault, toCamel, toSnake } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import type { PortableTraining, Written } from '../portable.js';
import type { TrainingConfig } from '../types.js';

type Config = Record<string, unknown>;

/** The losses that TensorFlow.js has, by all names that Keras 3 has for them without settings. */
const LOSSES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    mean_squared_error: 'mse',
    mean_absolute_error: 'mae',
    mean_absolute_percentage_error: 'mape',
    mean_squared_logarithmic_error: 'msle',
    squared_hinge: '',
    hinge: '',
    categorical_hinge: '',
    logcosh: 'log_cosh',
    categorical_crossentropy: '',
    sparse_categorical_crossentropy: '',
    binary_crossentropy: 'bce',
    kullback_leibler_divergence: 'kl_divergence kld',
    poisson: '',
    cosine_proximity: 'cosine_similarity',
  }).flatMap(([name, others]) => [name, ...others.split(' ').filter(Boolean)].map((one) => [one, name])),
);

/** The metrics that TensorFlow.js finds by a name. */
const METRICS =
  'accuracy acc binary_accuracy categorical_accuracy sparse_categorical_accuracy precision recall mse mae mape ' +
  'mean_squared_error mean_absolute_error mean_absolute_percentage_error categorical_crossentropy ' +
  'sparse_categorical_crossentropy binary_crossentropy cosine';

const has = (names: string, name: string): boolean => names.split(' ').includes(name);

/** A loss without settings, as its name. */
function lossOut(where: string, loss: unknown): string {
  const { class_name, config } = (isObject(loss) ? loss : {}) as Partial<Written>;
  const name = toSnake(typeof loss === 'string' ? loss : String(class_name ?? ''));
  // What says nothing but the default: how it is called, that it is a mean over samples.
  const plain: Config = {
    reduction: 'sum_over_batch_size',
    from_logits: false,
    label_smoothing: 0,
    axis: -1,
  };
  const odd = Object.entries(config ?? {}).find(
    ([key, value]) => key !== 'name' && key !== 'dtype' && value !== null && value !== plain[key],
  );
  if (odd) throw fault('value', `${where}: loss: TensorFlow.js has no setting ${odd[0]} for ${name}`);
  if (Object.hasOwn(LOSSES, name)) return LOSSES[name]!;
  throw fault('name', `${where}: loss: TensorFlow.js has no loss ${describe(loss)}`);
}

function metricOut(where: string, metric: unknown): string {
  const name =
    typeof metric === 'string'
      ? metric
      : String(((isObject(metric) ? metric : {}) as Partial<Written>).class_name ?? '');
  const plain = toSnake(name);
  if (has(METRICS, plain)) return plain;
  throw fault('name', `${where}: metrics: TensorFlow.js has no metric ${describe(name || metric)}`);
}

/** One for all outputs, one for each, or by their names. */
function each(value: unknown, one: (part: unknown) => unknown): unknown {
  if (isArray(value)) return value.map((part: unknown) => each(part, one));
  if (isObject(value) && !('class_name' in value))
    return Object.fromEntries(Object.entries(value).map(([output, part]) => [output, each(part, one)]));
  return one(value);
}

/** Settings of Keras' optimizers that TensorFlow.js does not have, with what they must be. */
const NONE: Config = {
  name: 'any',
  amsgrad: false,
  weight_decay: null,
  clipnorm: null,
  clipvalue: null,
  global_clipnorm: null,
  use_ema: false,
  ema_momentum: 'any',
  ema_overwrite_frequency: 'any',
  loss_scale_factor: null,
  gradient_accumulation_steps: null,
  nesterov: false,
  momentum: 0,
};

/** The optimizers of both: TensorFlow.js' class, and its settings by Keras' names. */
const OPTIMIZERS: Readonly<Record<string, [className: string, settings: Record<string, string>]>> = {
  SGD: ['SGD', { learning_rate: 'learningRate' }],
  Momentum: ['Momentum', { learning_rate: 'learningRate', momentum: 'momentum', nesterov: 'useNesterov' }],
  Adam: ['Adam', { learning_rate: 'learningRate', beta_1: 'beta1', beta_2: 'beta2', epsilon: 'epsilon' }],
  RMSprop: [
    'RMSProp',
    {
      learning_rate: 'learningRate',
      rho: 'decay',
      momentum: 'momentum',
      epsilon: 'epsilon',
      centered: 'centered',
    },
  ],
  Adagrad: [
    'Adagrad',
    { learning_rate: 'learningRate', initial_accumulator_value: 'initialAccumulatorValue' },
  ],
  Adadelta: ['Adadelta', { learning_rate: 'learningRate', rho: 'rho', epsilon: 'epsilon' }],
};
const GROUND = 1e-7;

function optimizerOut(where: string, { class_name, config }: Written): Written {
  const label = `${where}: optimizer`;
  const name = class_name === 'SGD' && config.momentum ? 'Momentum' : class_name;
  if (!Object.hasOwn(OPTIMIZERS, name))
    throw fault(
      'name',
      `${label}: TensorFlow.js cannot save ${class_name}; includeOptimizer: false leaves it out`,
    );
  const [className, settings] = OPTIMIZERS[name]!;
  const out: Config = {};
  for (const [key, value] of Object.entries(config)) {
    if (Object.hasOwn(settings, key)) out[settings[key]!] = value;
    // What is added under the root is not to be chosen there.
    else if (key === 'epsilon' && value === GROUND) continue;
    else if (value !== null && value !== undefined && NONE[key] !== 'any' && value !== NONE[key])
      throw fault('value', `${label}: TensorFlow.js has no setting ${key} for ${class_name}`);
  }
  const { learningRate } = out;
  if (typeof learningRate !== 'number')
    throw fault('value', `${label}: TensorFlow.js has no schedules; setLearningRate(number) ends one`);
  return { class_name: className, config: out };
}

/** What TensorFlow.js reads as `trainingConfig`. */
export function trainingOut(where: string, training: PortableTraining): TrainingConfig {
  const { optimizer, loss, loss_weights, metrics, weighted_metrics } = training;
  for (const [key, value] of Object.entries({ loss_weights, weighted_metrics }))
    if (value !== undefined && value !== null)
      throw fault(
        'value',
        `${where}: TensorFlow.js cannot load ${key}; includeOptimizer: false leaves it out`,
      );
  return {
    loss: each(loss, (one) => lossOut(where, one)) as string,
    metrics: (metrics === undefined
      ? []
      : each(isArray(metrics) || isObject(metrics) ? metrics : [metrics], (one) =>
          metricOut(where, one),
        )) as string[],
    optimizer_config: optimizerOut(where, optimizer),
  };
}

/** A setting of an optimizer under Keras' name: files have `learningRate`, `learning_rate`, and `lr` of old. */
function optimizerIn(where: string, given: unknown): Written {
  const { class_name, config } = (isObject(given) ? given : {}) as Partial<Written>;
  if (typeof class_name !== 'string' || !isObject(config))
    throw fault(
      'format',
      `${where}: optimizer_config: expected { class_name, config }, got ${describe(given)}`,
    );
  const found = Object.entries(OPTIMIZERS).find(
    ([keras, [tfjs]]) => tfjs === class_name || keras === class_name,
  );
  if (!found) throw fault('name', `${where}: the optimizer ${describe(class_name)} is unknown`);
  const [keras, [, settings]] = found;
  const read: Config = {};
  for (const [key, value] of Object.entries(config)) {
    const name = Object.keys(settings).find(
      (known) => known === key || settings[known] === key || settings[known] === toCamel(key),
    );
    if (name !== undefined && value !== null) read[name] = value;
  }
  return { class_name: keras === 'Momentum' ? 'SGD' : keras, config: read };
}

/** What is compiled with, from TensorFlow.js' `trainingConfig`. */
export function trainingIn(where: string, given: unknown): PortableTraining {
  const label = `${where}: trainingConfig`;
  if (!isObject(given)) throw fault('format', `${label}: expected an object, got ${describe(given)}`);
  const { optimizer_config, loss, metrics, loss_weights, weighted_metrics } = given as TrainingConfig;
  const name = (one: unknown): unknown => {
    if (typeof one !== 'string') throw fault('format', `${label}: expected a name, got ${describe(one)}`);
    return toSnake(one) === 'cosine_proximity' ? 'cosine_similarity' : toSnake(one);
  };
  const isGiven = (value: unknown): boolean =>
    value !== undefined && value !== null && !(isArray(value) && value.length === 0);
  return {
    optimizer: optimizerIn(label, optimizer_config),
    loss: each(loss, name),
    ...(isGiven(metrics) && { metrics: each(metrics, name) }),
    ...(isGiven(loss_weights) && { loss_weights }),
    ...(isGiven(weighted_metrics) && { weighted_metrics: each(weighted_metrics, name) }),
  };
}
