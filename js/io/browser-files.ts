/** Files that a user chose: `model.json` and those with the weights, or one that holds the whole model. */
import { describe, fault } from '../engine/errors.js';
import { can, isArray, isObject } from '../engine/look.js';
import { getModelArtifactsForJSONSync, readModelJSON } from './artifacts.js';
import { kindOf } from './buffers.js';
import { readManifest } from './specs.js';
import type { IOHandler, ModelArtifacts } from './types.js';

/** A model has fewer files; a list without anything in it may say any length. */
const MOST = 2 ** 20;

const isFile = (value: unknown): value is File =>
  isObject(value) && can(value, 'arrayBuffer') && typeof (value as File).name === 'string';

/** Whether it is a list: an array, or the `FileList` of an input or of what was dropped. */
export const isList = (value: unknown): value is ArrayLike<unknown> =>
  isArray(value) || kindOf(value) === 'FileList';

/** A list of files, or an error. */
export function readFiles(where: string, given: unknown): File[] {
  const { length = 0 } = isObject(given) ? (given as Partial<ArrayLike<unknown>>) : {};
  const list: unknown[] = length > 0 && length <= MOST ? Array.from(given as ArrayLike<unknown>) : [];
  if (list.length === 0 || !list.every(isFile))
    throw fault(
      'type',
      `${where}: expected a list of files, got ${length === 0 && isList(given) ? 'none' : describe(list.find((one) => !isFile(one)) ?? given)}`,
    );
  return list;
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

async function load(where: string, json: File, weights: readonly File[]): Promise<ModelArtifacts> {
  const label = `${where}: ${json.name}`;
  const model = readModelJSON(label, await json.text());
  // The architecture alone: its weights are new ones.
  if (weights.length === 0) return { modelTopology: model.modelTopology };
  const groups = readManifest(`${label}: weightsManifest`, model.weightsManifest);
  const paths = groups.flatMap((group) => group.paths);
  const byName = new Map(weights.map((file) => [baseOf(file.name), file]));
  const files = paths.map((path) => {
    const file = byName.get(baseOf(path));
    if (!file) throw fault('format', `${label}: the file ${describe(baseOf(path))} is not among those given`);
    byName.delete(baseOf(path));
    return file;
  });
  const [odd] = byName.keys();
  if (odd !== undefined || files.length !== weights.length)
    throw fault('format', `${label}: the file ${describe(odd ?? '')} belongs to another model`);
  const data = await Promise.all(files.map((file) => file.arrayBuffer()));
  return getModelArtifactsForJSONSync(
    model,
    model.weightsManifest.flatMap((group) => group.weights),
    data,
  );
}

/**
 * A model in files, as a user chose or dropped them: `model.json`, and the files with its weights. Their order means nothing
 * where one alone ends with `.json`; otherwise the first is the model.
 * @example
 * let json;
 * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
 * await model.save(io.withSaveHandler(async (artifacts) => {
 *   json = { modelTopology: artifacts.modelTopology, weightsManifest: [{ paths: ['w.bin'], weights: artifacts.weightSpecs }] };
 *   json = [new File([JSON.stringify(json)], 'model.json'), new File([artifacts.weightData], 'w.bin')];
 * }));
 * (await loadLayersModel(io.browserFiles(json))).countParams(); // → 3
 */
export function browserFiles(files: ArrayLike<File>): IOHandler & { files: readonly File[] } {
  const all = readFiles('browserFiles', files);
  // Browsers sort what was chosen by name, and TensorFlow.js' converter calls weights `group1-shard1of1.bin`.
  const named = all.filter(({ name }) => /\.json$/i.test(name));
  const json = named.length === 1 ? named[0]! : all[0]!;
  const weights = all.filter((file) => file !== json);
  return { files: [json, ...weights], load: () => load('loadLayersModel', json, weights) };
}
