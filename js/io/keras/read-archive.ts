/** Reads Keras 3's `.keras` files. */
import { describe, fault } from '../../engine/errors.js';
import { isObject } from '../../engine/look.js';
import type { LayersModel } from '../../nn/model.js';
import { readHdf5 } from '../hdf5/read.js';
import { find } from '../hdf5/tree.js';
import { readJson } from '../light.js';
import { readZip } from '../zip/read.js';
import { assemble } from './assemble.js';
import { CONFIG, METADATA, WEIGHTS } from './members.js';
import { readOptimizer } from './read-optimizer.js';
import { readTraining } from './read-training.js';
import { readWeights } from './read-weights.js';
import { asWritten, readable } from './readable.js';
import { isKerasObject } from './written.js';

/** What is read besides architecture and weights. */
export interface KerasReadOptions {
  /** What the model is compiled with, and what its optimizer remembers. Default: true, where the file has it. */
  compile?: boolean;
}

/** The model of a `.keras` file. */
export async function readKeras(
  where: string,
  bytes: Uint8Array,
  { compile = true }: KerasReadOptions,
): Promise<LayersModel> {
  const { members, names } = await readZip(where, bytes, [METADATA, CONFIG, WEIGHTS]);
  const [config, weights] = [members.get(CONFIG), members.get(WEIGHTS)];
  if (!config || !weights)
    throw fault(
      'format',
      `${where}: expected a .keras archive with ${CONFIG} and ${WEIGHTS}, got one with ${describe(names.slice(0, 8))}`,
    );
  const [inConfig, inWeights] = [CONFIG, WEIGHTS].map((name) => `${where}: ${name}`) as [string, string];
  const json = (label: string, member: Uint8Array): unknown =>
    readJson(label, new TextDecoder().decode(member), bytes.length);
  const written = json(inConfig, config);
  if (!isKerasObject(written))
    throw fault('format', `${inConfig}: expected a model with class_name and config`);
  const metadata = members.get(METADATA);
  const about = metadata && json(`${where}: ${METADATA}`, metadata);
  const version = isObject(about) && 'keras_version' in about ? String(about.keras_version) : '';
  const architecture = readable(inConfig, written);
  const root = await readHdf5(inWeights, weights);
  const training = compile ? readTraining(inConfig, written.compile_config) : undefined;
  return assemble(where, asWritten(architecture, version), weights.length / 2, (own) => {
    const values = readWeights(inWeights, root, architecture, own);
    // Of an optimizer that only scales losses the one inside counts.
    const variables = find(root, 'optimizer/inner_optimizer/vars') ?? find(root, 'optimizer/vars');
    const optimizer = (slots: string[]) =>
      training && readOptimizer(inWeights, training, variables, own, slots);
    return { values, training, optimizer };
  });
}
