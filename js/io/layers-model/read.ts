/** A model from TensorFlow.js' artifacts. */
import { describe, fault, shown, textOf } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import { giveUp } from '../../nn/give-up.js';
import type { LayersModel } from '../../nn/model.js';
import { type CompositeArrayBuffer, composite } from '../buffers.js';
import { setMetadata } from '../metadata.js';
import type { PortableWeight, Written } from '../portable.js';
import { began, compileAs, restoreMemory, setWeights, slotsOf } from '../put-together.js';
import { readSpecs, type Spec } from '../specs.js';
import type { ModelArtifacts } from '../types.js';
import { checkLength, decoded } from '../weights.js';
import { find } from './find.js';
import { architectureIn } from './in.js';
import { memoryIn, type ReadMemory } from './memory.js';
import { type Named, namesOf } from './names.js';
import { trainingIn } from './training.js';

/** So many values may begin anew where weights are missing, besides four times those that are there: 1 MB. */
const MOST_NEW = 2 ** 18;

/** The values of a model's weights and of its optimizer's, where the artifacts have some. */
interface Data {
  specs: Spec[];
  bytes: CompositeArrayBuffer;
}

async function dataOf(
  where: string,
  artifacts: ModelArtifacts,
  isStrict: boolean,
): Promise<Data | undefined> {
  const { weightSpecs, getWeightStream } = artifacts;
  let { weightData } = artifacts;
  const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
  if (!isGiven(weightData) && typeof getWeightStream === 'function')
    weightData = await new Response(getWeightStream()).arrayBuffer();
  if (!isGiven(weightData)) {
    if (isStrict && isArray(weightSpecs) && weightSpecs.length > 0)
      throw fault('format', `${where}: there are weightSpecs, but no weightData`);
    return undefined;
  }
  if (!isGiven(weightSpecs)) throw fault('format', `${where}: there is weightData, but no weightSpecs`);
  const specs = readSpecs(`${where}: weightSpecs`, weightSpecs);
  const bytes = composite(`${where}: weightData`, weightData);
  checkLength(`${where}: weightData`, specs, bytes.byteLength);
  const used = specs.reduce((sum, spec) => sum + spec.bytes, 0);
  if (isStrict && used !== bytes.byteLength)
    throw fault(
      'format',
      `${where}: weightData: ${bytes.byteLength} bytes, of which the weights take ${used}: files of another model?`,
    );
  return { specs, bytes };
}

/** Puts values in the place of the model's, and gives what is the optimizer's. */
function load(
  where: string,
  model: LayersModel,
  { specs, bytes }: Data,
  isStrict: boolean,
): { weights: PortableWeight[]; order: Named[]; memory: ReadMemory[] } {
  const paths = model.weights.map(({ name }) => name);
  const order = namesOf(where, model.written_(where) as Written, paths);
  const isOwn = (spec: Spec): boolean => !spec.isOptimizers;
  const label = `${where}: weights`;
  const found = find(label, specs.filter(isOwn), order, paths, isStrict);
  for (const [{ name, shape, dtype }, { at }] of found) {
    const own = model.weights[at]!;
    if (`${own.shape}` !== `${shape}`)
      throw fault(
        'shape',
        `${label}: ${name} is ${shown(own.shape)} in the model, and ${shown(shape)} in the file`,
      );
    if (dtype === 'bool') throw fault('format', `${label}: ${name}: expected numbers, got bool`);
  }
  const given: (Float32Array | undefined)[] = paths.map(() => undefined);
  const memory: ReadMemory[] = [];
  for (const [spec, values] of decoded(label, specs, bytes)) {
    const numbers = values instanceof Float32Array ? values : Float32Array.from(values);
    const weight = found.get(spec);
    if (spec.isOptimizers) memory.push({ name: spec.name, shape: spec.shape, values: numbers });
    else if (weight) given[weight.at] = numbers;
  }
  setWeights(where, model, given);
  const weights = model.weights.map(({ name, shape, trainable, isState }) => {
    return { name, shape, trainable, isState, values: new Float32Array(0) };
  });
  return { weights, order, memory };
}

async function read(where: string, artifacts: ModelArtifacts, isStrict: boolean): Promise<LayersModel> {
  if (!isObject(artifacts))
    throw fault('type', `${where}: expected the artifacts of a model, got ${describe(artifacts)}`);
  const { modelTopology, trainingConfig, userDefinedMetadata } = artifacts;
  if (modelTopology === undefined || modelTopology === null)
    throw fault('format', `${where}: there is no modelTopology`);
  const data = await dataOf(where, artifacts, isStrict);
  const isGiven = trainingConfig !== undefined && trainingConfig !== null;
  const training = isGiven ? trainingIn(where, trainingConfig) : undefined;
  const own = data?.specs.filter(({ isOptimizers }) => !isOptimizers);
  const size = own?.reduce((sum, spec) => sum + spec.size, 0);
  const shapes = new Map(own?.map(({ name, shape }) => [name, shape]));
  const model = began(
    where,
    architectureIn(where, modelTopology, shapes),
    size,
    isStrict ? size : 4 * (size ?? 0) + MOST_NEW,
  );
  try {
    const loaded = data && load(where, model, data, isStrict);
    if (training) compileAs(model, training);
    if (training && loaded && loaded.memory.length > 0) {
      const { memory, weights, order } = loaded;
      restoreMemory(model, memoryIn(where, training.optimizer, slotsOf(model), memory, weights, order));
    }
    if (isObject(userDefinedMetadata)) setMetadata(where, model, userDefinedMetadata);
    return model;
  } catch (failure) {
    giveUp(model);
    throw failure;
  }
}

/**
 * The model that artifacts describe: with its weights, compiled and with its optimizer's memory where these are there.
 * @throws An error with a code, which begins with `where`; nothing is left of the model then.
 */
export async function modelOf(
  where: string,
  artifacts: ModelArtifacts,
  { strict }: { strict?: boolean } = {},
): Promise<LayersModel> {
  try {
    return await read(where, artifacts, strict ?? true);
  } catch (failure) {
    const { code } = (failure ?? {}) as { code?: unknown };
    const text = textOf(failure);
    const said = text.startsWith(where) ? text : `${where}: ${text}`;
    throw fault(typeof code === 'string' ? (code as 'format') : 'format', said);
  }
}
