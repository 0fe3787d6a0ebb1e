/** Writes Keras 3's `.keras` files: a zip archive of JSON and an HDF5 file. */
import type { Bytes } from '../../engine/bytes.js';
import { describe, fault } from '../../engine/errors.js';
import { isA } from '../../engine/look.js';
import { nameStates } from '../../nn/keras-states.js';
import { LayersModel } from '../../nn/model.js';
import { checkShared } from '../../nn/shared-layers.js';
import { writeHdf5 } from '../hdf5/write.js';
import type { WriteOptions } from '../portable.js';
import { takeApart } from '../take-apart.js';
import { writeZip } from '../zip/write.js';
import { kerasForm } from './architecture.js';
import { kerasJson } from './json.js';
import { CONFIG, METADATA, WEIGHTS } from './members.js';
import { optimizerVariables } from './write-optimizer.js';
import { compileConfig } from './write-training.js';
import { weightGroups } from './write-weights.js';
import { snakeCase } from './written.js';

/** The version of Keras whose form files have. */
const KERAS_VERSION = '3.15.1';

/** `2026-11-28@09:30:00`, as Keras writes when a file was saved. */
const stamp = (date: Date): string => date.toISOString().slice(0, 19).replace('T', '@');

/** See `io.toKeras`. */
export async function write(where: string, model: LayersModel, options?: WriteOptions): Promise<Bytes> {
  if (!isA(model, LayersModel)) throw fault('type', `${where}: expected a model, got ${describe(model)}`);
  checkShared(where, model);
  const portable = await takeApart(where, model, options);
  const { weights, training, optimizer } = portable;
  const architecture = kerasForm(where, portable.architecture);
  nameStates(architecture);
  const config = training
    ? { ...architecture, compile_config: compileConfig(where, training) }
    : architecture;
  const remembered = training &&
    optimizer && {
      name: snakeCase(training.optimizer.class_name),
      variables: optimizerVariables(training, optimizer, weights),
    };
  const date = new Date();
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(kerasJson(value));
  const members = new Map([
    [METADATA, json({ keras_version: KERAS_VERSION, date_saved: stamp(date) })],
    [CONFIG, json(config)],
    [WEIGHTS, writeHdf5(weightGroups(where, architecture, weights, remembered))],
  ]);
  return writeZip(where, members, date);
}
