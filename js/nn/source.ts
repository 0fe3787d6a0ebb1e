/** A model written down: architecture, weights, what it is compiled with and what its optimizer remembers. */
import { describe, fault, onlyKeys, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isArray, isObject } from '../engine/look.js';
import { nextSeed } from '../tensor/seed.js';
import type { Checkpoint } from '../train/callbacks/model-checkpoint.js';
import type { RunState } from '../train/run-state.js';
import { restoreState, type State } from '../train/state.js';
import type { Carried } from './carried.js';
import type { CompileArgs } from './compile.js';
import { giveUp } from './give-up.js';
import type { LayersModel } from './model.js';
import { fromJSON } from './read.js';
import { SOURCE_KEYS } from './source-keys.js';

/** What a model is compiled with, all of it by names: functions cannot be written down. */
export interface CompileSpec {
  optimizer: string | { className: string; config: Record<string, unknown> };
  /** A name, `{ className, config }`, several in a list, or by the names of outputs. */
  loss: unknown;
  lossWeights?: unknown;
  metrics?: unknown;
  weightedMetrics?: unknown;
}

/** What an optimizer remembers: how many steps it took, and its values for each weight, in the model's order. */
export type OptimizerState = State;

/** A model as it goes from a page to its worker, and as it is kept. */
export interface ModelSource {
  /** The architecture in Keras' form, as `model.toJSON()` gives it. */
  json: string | object;
  /** The weights in the safetensors format, as `model.save()` gives them. Default: new ones, by the seed. */
  weights?: Uint8Array;
  /** Without it the model answers, and is not trained. */
  compile?: CompileSpec;
  /** The shape of a sample, where the architecture does not say. A trainer takes that of its set `train`, if there is one. */
  inputShape?: (number | null)[];
  /** Decides weights, order and dropout: the same seed ends with the same bits everywhere. Default: a new one. */
  seed?: number;
  optimizerState?: OptimizerState;
  /** What stateful layers keep from batch to batch. */
  states?: Carried;
  /** How many runs of training it has begun, and how many numbers its layers have drawn: what is drawn next follows. */
  generator?: number[];
  /** The run that was under way, or where the last one ended: `fit({ resume: true })` goes on there. */
  run?: RunState;
  /** Batches that it was trained for. */
  step?: number;
}

/** A model as a trainer's `save` gives it: `setModel` goes on with it, and `loadModel` reads it. */
export interface SavedModel extends ModelSource {
  json: string;
  weights: Uint8Array;
}

/** The model that was written down. `compiledWith` may put something in the place of what was named. */
export function readSource(
  where: string,
  source: ModelSource,
  compiledWith: (compile: CompileSpec) => CompileArgs = (compile) => compile as CompileArgs,
): LayersModel {
  if (!isObject(source) || !('json' in source))
    throw fault('type', `${where}: expected { json, weights }, got ${describe(source)}`);
  const { json, weights, compile, inputShape, optimizerState, states, generator, run } = source;
  const { seed = nextSeed(), step } = source;
  if (step !== undefined) whole(`${where}: step`, step, 0);
  if (inputShape !== undefined && !isArray(inputShape))
    throw fault('type', `${where}: inputShape: expected an array, got ${describe(inputShape)}`);
  const model = fromJSON(where, json, seed);
  try {
    if (!model.built) model.build(inputShape && [null, ...inputShape]);
    if (weights) model.loadWeights(weights);
    if (compile) model.compile(compiledWith(compile));
    if (optimizerState && model.optimizer) {
      restoreState(where, model.optimizer, model.weights, optimizerState);
    }
    if (states !== undefined && states !== null) model.goOnFrom_?.(where, states);
    if (generator !== undefined) {
      const counts = Array.from({ length: Math.max(2, generator.length) }, (_, at) =>
        whole(`${where}: generator`, generator[at], 0),
      );
      const [runs, drawn, ...own] = counts;
      call(() => model.core_(where).setGenerator(runs!, drawn!, Float64Array.from(own)));
    }
    if (run !== undefined) model.run_ = { state: () => run };
    return model;
  } catch (failure) {
    giveUp(model);
    throw failure;
  }
}

/**
 * A model from what `save` gave: of the model itself, of a checkpoint, or of a trainer, whose optimizer goes on where it was. `compile:
 * false` leaves it uncompiled, where its losses or metrics are known elsewhere only.
 * @example
 * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
 * (await loadModel(await model.save())).countParams(); // → 3
 */
export async function loadModel(
  saved: SavedModel | Checkpoint | { json: string; weights: Uint8Array },
  options: { compile?: boolean } = {},
): Promise<LayersModel> {
  onlyKeys('loadModel', options, ['compile']);
  const source = checked(saved);
  if (options?.compile !== false) return readSource('loadModel', source);
  const { compile: _, optimizerState: _state, ...rest } = source;
  return readSource('loadModel', rest);
}

function checked(saved: unknown): ModelSource {
  if (saved === undefined) throw fault('type', 'loadModel: expected { json, weights }, got undefined');
  // A checkpoint says of when it is.
  onlyKeys('loadModel', saved, [...SOURCE_KEYS, 'epoch', 'logs']);
  const { json, weights } = saved as Partial<ModelSource>;
  if (weights === undefined) throw fault('type', 'loadModel: weights: expected a Uint8Array, got undefined');
  if (json !== undefined) return saved as ModelSource;
  throw fault(
    'type',
    'loadModel: expected { json, weights }, got weights alone; model.loadWeights(weights) takes them',
  );
}
