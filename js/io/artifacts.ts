/** A model's artifacts, from `model.json` and as it, and what is told of them. */
import { checkFunction, describe, fault } from '../engine/errors.js';
import { isArray, isObject } from '../engine/look.js';
import { composite, kindOf } from './buffers.js';
import { readJson } from './light.js';
import type {
  ModelArtifacts,
  ModelArtifactsInfo,
  ModelJSON,
  WeightData,
  WeightsManifestConfig,
  WeightsManifestEntry,
} from './types.js';

/** What goes from `model.json` to artifacts and back as it is; those that are absent stay absent. */
const HEAD = [
  'trainingConfig',
  'signature',
  'userDefinedMetadata',
  'modelInitializer',
  'initializerSignature',
] as const;

const headOf = (from: object): object => {
  const { format, generatedBy, convertedBy } = from as ModelArtifacts;
  const known = from as Record<string, unknown>;
  const rest = HEAD.filter((key) => known[key] !== undefined && known[key] !== null);
  return { format, generatedBy, convertedBy, ...Object.fromEntries(rest.map((key) => [key, known[key]])) };
};

/**
 * The artifacts of a model, from `model.json` and the weights that its manifest leads to.
 * @example io.getModelArtifactsForJSONSync({ modelTopology: {}, format: 'layers-model' }).format; // → 'layers-model'
 */
export function getModelArtifactsForJSONSync(
  modelJSON: ModelJSON,
  weightSpecs?: WeightsManifestEntry[],
  weightData?: WeightData,
): ModelArtifacts {
  return artifactsFor('getModelArtifactsForJSONSync', modelJSON, weightSpecs, weightData);
}

function artifactsFor(
  where: string,
  modelJSON: ModelJSON,
  weightSpecs?: WeightsManifestEntry[],
  weightData?: WeightData,
): ModelArtifacts {
  if (!isObject(modelJSON))
    throw fault('type', `${where}: expected what model.json has, got ${describe(modelJSON)}`);
  const artifacts = { modelTopology: modelJSON.modelTopology, ...headOf(modelJSON) } as ModelArtifacts;
  if (modelJSON.weightsManifest === undefined || modelJSON.weightsManifest === null) return artifacts;
  if (!weightSpecs) throw fault('value', `${where}: there is a weightsManifest, but no weightSpecs`);
  if (!weightData) throw fault('value', `${where}: there is a weightsManifest, but no weightData`);
  return { ...artifacts, weightSpecs, weightData };
}

/**
 * The same; `loadWeights` finds the weights of a manifest.
 * @example
 * const found = await io.getModelArtifactsForJSON({ modelTopology: {}, format: 'layers-model' }, async () => [[], []]);
 * found.format; // → 'layers-model'
 */
export async function getModelArtifactsForJSON(
  modelJSON: ModelJSON,
  loadWeights: (manifest: WeightsManifestConfig) => Promise<[WeightsManifestEntry[], WeightData]>,
): Promise<ModelArtifacts> {
  const where = 'getModelArtifactsForJSON';
  const manifest = isObject(modelJSON) ? modelJSON.weightsManifest : undefined;
  if (manifest === undefined || manifest === null) return artifactsFor(where, modelJSON);
  checkFunction(`${where}: loadWeights`, loadWeights);
  const loaded: unknown = await loadWeights(manifest);
  if (!isArray(loaded))
    throw fault('type', `${where}: loadWeights: expected [specs, data], got ${describe(loaded)}`);
  return artifactsFor(where, modelJSON, ...(loaded as [WeightsManifestEntry[], WeightData]));
}

/** Refuses artifacts whose topology is no JSON. */
export function checkTopology(where: string, artifacts: ModelArtifacts): void {
  if (!isObject(artifacts))
    throw fault('type', `${where}: expected the artifacts of a model, got ${describe(artifacts)}`);
  if (kindOf(artifacts.modelTopology) === 'ArrayBuffer')
    throw fault('type', `${where}: expected a topology that is JSON, got an ArrayBuffer`);
}

const jsonBytes = (value: unknown): number =>
  value === undefined || value === null ? 0 : new TextEncoder().encode(JSON.stringify(value)).length;

/**
 * When a model was saved, and how large it is.
 * @example io.getModelArtifactsInfoForJSON({ modelTopology: {} }).modelTopologyBytes; // → 2
 */
export function getModelArtifactsInfoForJSON(modelArtifacts: ModelArtifacts): ModelArtifactsInfo {
  const where = 'getModelArtifactsInfoForJSON';
  checkTopology(where, modelArtifacts);
  const { modelTopology, weightSpecs, weightData } = modelArtifacts;
  return {
    dateSaved: new Date(),
    modelTopologyType: 'JSON',
    modelTopologyBytes: jsonBytes(modelTopology),
    weightSpecsBytes: jsonBytes(weightSpecs),
    weightDataBytes: composite(where, weightData).byteLength,
  };
}

/** The file `model.json` for artifacts whose weights lie in the files of `manifest`. */
export const modelJSONOf = (artifacts: ModelArtifacts, manifest: WeightsManifestConfig): ModelJSON => {
  const { modelTopology } = artifacts;
  return {
    modelTopology,
    ...headOf(artifacts),
    weightsManifest: manifest,
  } as ModelJSON;
};

/** Reads the text of `model.json`. */
export function readModelJSON(where: string, text: string): ModelJSON {
  const read = readJson(where, text);
  const { modelTopology, weightsManifest } = (isObject(read) ? read : {}) as Partial<ModelJSON>;
  if (!isObject(modelTopology) && !isObject(weightsManifest))
    throw fault('format', `${where}: expected model.json, with modelTopology and weightsManifest`);
  return read as ModelJSON;
}
