/** Models that come from a program's own memory, and go to a function of its own. */
import { checkFunction, describe, fault } from '../engine/errors.js';
import { isObject } from '../engine/look.js';
import type {
  IOHandler,
  IOHandlerSync,
  ModelArtifacts,
  SaveHandler,
  SaveHandlerSync,
  TrainingConfig,
  WeightData,
  WeightsManifestEntry,
} from './types.js';

type FromMemory = [
  artifacts: ModelArtifacts | object,
  weightSpecs?: WeightsManifestEntry[],
  weightData?: WeightData,
  trainingConfig?: TrainingConfig,
];

/** The artifacts, given as such or, in TensorFlow.js' older form, one by one. */
function artifactsOf(where: string, [first, ...rest]: FromMemory): ModelArtifacts {
  if (!isObject(first))
    throw fault('type', `${where}: expected the artifacts of a model, got ${describe(first)}`);
  const given = first as ModelArtifacts;
  if (rest.length === 0 && (given.modelTopology ?? given.weightSpecs)) return given;
  const [weightSpecs, weightData, trainingConfig] = rest;
  return {
    modelTopology: first,
    ...(weightSpecs && { weightSpecs }),
    ...(weightData && { weightData }),
    ...(trainingConfig && { trainingConfig }),
  };
}

/**
 * Artifacts that a program has, as a place that `loadLayersModel` takes.
 * @example
 * let kept;
 * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
 * await model.save(io.withSaveHandler(async (artifacts) => {
 *   kept = artifacts;
 * }));
 * (await loadLayersModel(io.fromMemory(kept))).countParams(); // → 3
 */
export function fromMemory(...given: FromMemory): IOHandler {
  const artifacts = artifactsOf('fromMemory', given);
  return { load: async () => artifacts };
}
/**
 * The same, whose `load` gives them at once.
 * @example io.fromMemorySync({ modelTopology: {} }).load().modelTopology; // → {  }
 */
export function fromMemorySync(...given: FromMemory): IOHandlerSync {
  const artifacts = artifactsOf('fromMemorySync', given);
  return { load: () => artifacts };
}
/**
 * A place for `model.save`: a function that is given the model's artifacts.
 * @example
 * let kept;
 * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
 * await model.save(io.withSaveHandler(async (artifacts) => {
 *   kept = artifacts;
 * }));
 * kept.weightSpecs.map(({ shape }) => shape); // → [[2, 1], [1]]
 */
export function withSaveHandler(saveHandler: SaveHandler): IOHandler {
  checkFunction('withSaveHandler', saveHandler);
  return { save: saveHandler };
}
/**
 * `withSaveHandler` for a function that answers at once.
 * @example typeof io.withSaveHandlerSync(() => undefined).save; // → 'function'
 */
export function withSaveHandlerSync(saveHandler: SaveHandlerSync): IOHandlerSync {
  checkFunction('withSaveHandlerSync', saveHandler);
  return { save: saveHandler };
}
