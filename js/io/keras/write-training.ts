/** What a model is compiled with, as Keras 3's `compile_config`. */
import { fault } from '../../engine/errors.js';
import { judges, mapped, type PortableTraining } from '../portable.js';
import { asFloats } from './json.js';
import { named, withModules } from './modules.js';
import { isKerasObject } from './written.js';

/** Names that TensorFlow.js, Keras 2 and mapling have, and Keras 3 has not, or finds by their classes alone. */
const NAMES: Readonly<Record<string, string>> = {
  cosine: 'cosine_similarity',
  cosine_proximity: 'cosine_similarity',
  huber_loss: 'huber',
  kullback_leibler_divergence: 'kl_divergence',
  logcosh: 'log_cosh',
  top_k: 'top_k_categorical_accuracy',
  topk: 'top_k_categorical_accuracy',
  r2: 'r2_score',
  f1: 'F1Score',
  f1_score: 'F1Score',
  f_beta: 'FBetaScore',
  fbeta: 'FBetaScore',
  f_beta_score: 'FBetaScore',
};

/** What Keras has nothing of the kind for. */
const UNKNOWN = ['ce', 'crossentropy', 'perplexity', 'Perplexity', 'OneCycle'];

/** Metrics that Keras gives for each class where nothing is said, and that are one number here. */
const AVERAGED = ['F1Score', 'FBetaScore'];

function known(where: string, name: string): string {
  if (UNKNOWN.includes(name))
    throw fault('name', `${where}: Keras has no ${name}; compile the model without it to write it for Keras`);
  return name;
}

const METRICS = 'keras.metrics';

/** Settings of losses and metrics that Keras takes as floats alone. */
const FLOATS = ['beta', 'threshold'];

/** The names of losses or metrics, or their classes with the module that they come from. */
const judged = (where: string, value: unknown, module: string): unknown =>
  judges(value, (judge) => {
    if (typeof judge === 'string') {
      const name = NAMES[known(where, judge)] ?? judge;
      if (AVERAGED.includes(name)) return judged(where, { class_name: name, config: {} }, module);
      // As a metric it is called otherwise than as a loss.
      return name === 'log_cosh' && module === METRICS ? 'log_cosh_error' : name;
    }
    if (!isKerasObject(judge)) return judge ?? null;
    known(where, judge.class_name);
    const settings = mapped(judge.config, (one, key) => (FLOATS.includes(key) ? asFloats(one) : one));
    const average = AVERAGED.includes(judge.class_name) && { average: 'macro' };
    return named(judge.class_name, { ...average, ...settings }, module);
  });

/** As Keras writes it; what it does with a compiled model otherwise is left to its defaults. */
export function compileConfig(where: string, training: PortableTraining): Record<string, unknown> {
  const { optimizer, loss, loss_weights, metrics, weighted_metrics } = training;
  const rate = optimizer.config.learning_rate;
  if (isKerasObject(rate)) known(where, rate.class_name);
  return {
    optimizer: named(
      optimizer.class_name,
      asFloats(withModules(optimizer.config)) as Record<string, unknown>,
      'keras.optimizers',
    ),
    loss: judged(where, loss, 'keras.losses'),
    loss_weights: loss_weights ?? null,
    metrics: judged(where, metrics, METRICS),
    weighted_metrics: judged(where, weighted_metrics, METRICS),
  };
}
