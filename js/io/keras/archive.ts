/**
 * Keras 3's `.keras` files: a zip archive with `metadata.json`, `config.json` (architecture and what the model is compiled
 * with) and `model.weights.h5` (weights and what the optimizer remembers).
 */
import { describe, fault } from '../../engine/errors.js';
import { isObject } from '../../engine/look.js';
import type { LayersModel } from '../../nn/model.js';
import { readHdf5 } from '../hdf5/read.js';
import { find } from '../hdf5/tree.js';
import { writeHdf5 } from '../hdf5/write.js';
import { takeApart, type WriteOptions } from '../portable.js';
import { readZip } from '../zip/read.js';
import { writeZip } from '../zip/write.js';
import { kerasForm } from './architecture.js';
import { assemble } from './assemble.js';
import { kerasJson } from './json.js';
import { optimizerVariables, readOptimizer } from './optimizer.js';
import { asWritten, readable } from './readable.js';
import { compileConfig, readTraining } from './training.js';
import { readWeights, weightGroups } from './weights.js';
import { isKerasObject, snakeCase } from './written.js';

const [METADATA, CONFIG, WEIGHTS] = ['metadata.json', 'config.json', 'model.weights.h5'];

/** The version of Keras whose form the files have. */
const KERAS_VERSION = '3.15.1';

/** What is read besides architecture and weights. */
export interface KerasReadOptions {
  /** What the model is compiled with, and what its optimizer remembers. Default: true, where the file has it. */
  compile?: boolean;
}

/** `2026-11-28@09:30:00`, as Keras writes when a file was saved. */
const stamp = (date: Date): string => date.toISOString().slice(0, 19).replace('T', '@');

/** The model as a `.keras` file. */
export async function writeKeras(
  where: string,
  model: LayersModel,
  options?: WriteOptions,
): Promise<Uint8Array> {
  const portable = await takeApart(where, model, options);
  const { weights, training, optimizer } = portable;
  const architecture = kerasForm(where, portable.architecture);
  const config = training ? { ...architecture, compile_config: compileConfig(training) } : architecture;
  const remembered = training &&
    optimizer && {
      name: snakeCase(training.optimizer.class_name),
      variables: optimizerVariables(where, training, optimizer, weights),
    };
  const date = new Date();
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(kerasJson(value));
  const members = new Map([
    [METADATA!, json({ keras_version: KERAS_VERSION, date_saved: stamp(date) })],
    [CONFIG!, json(config)],
    [WEIGHTS!, writeHdf5(weightGroups(where, architecture, weights, remembered))],
  ]);
  return writeZip(members, date);
}

/** What a member of the archive says as JSON. */
function parsed(where: string, name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw fault('format', `${where}: ${name}: it is not JSON`);
  }
}

/** The model of a `.keras` file. */
export function readKeras(
  where: string,
  bytes: Uint8Array,
  { compile = true }: KerasReadOptions,
): LayersModel {
  const { members, names } = readZip(where, bytes, [METADATA!, CONFIG!, WEIGHTS!]);
  const [config, weights] = [members.get(CONFIG!), members.get(WEIGHTS!)];
  if (!config || !weights)
    throw fault(
      'format',
      `${where}: expected a .keras archive with ${CONFIG} and ${WEIGHTS}, got one with ${describe(names.slice(0, 8))}`,
    );
  const written = parsed(where, CONFIG!, config);
  if (!isObject(written) || !isKerasObject(written))
    throw fault('format', `${where}: ${CONFIG}: expected a model with class_name and config`);
  const metadata = members.get(METADATA!);
  const about = metadata ? parsed(where, METADATA!, metadata) : {};
  const version = isObject(about) ? String((about as { keras_version?: unknown }).keras_version) : '';
  const architecture = readable(`${where}: ${CONFIG}`, written);
  const root = readHdf5(`${where}: ${WEIGHTS}`, weights);
  const training = compile ? readTraining(where, written.compile_config) : undefined;
  return assemble(where, asWritten(architecture, version), weights.length / 2, (own) => {
    const values = readWeights(`${where}: ${WEIGHTS}`, root, architecture, own);
    const variables = find(root, 'optimizer/vars');
    const optimizer = training && readOptimizer(`${where}: ${WEIGHTS}`, training, variables, own);
    return { values, training, optimizer };
  });
}
