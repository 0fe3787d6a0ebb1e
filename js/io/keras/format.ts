/** Keras' files by their first bytes: `.keras` archives, and legacy HDF5 files of whole models. */
import { describe, fault } from '../../engine/errors.js';
import { isA, isRevoked } from '../../engine/look.js';
import { LayersModel } from '../../nn/model.js';
import { isHdf5 } from '../hdf5/superblock.js';
import type { WriteOptions } from '../portable.js';
import { isZip } from '../zip/read.js';
import { type KerasReadOptions, readKeras, writeKeras } from './archive.js';
import { readLegacy } from './legacy.js';

export async function write(where: string, model: LayersModel, options?: WriteOptions): Promise<Uint8Array> {
  if (!isA(model, LayersModel)) throw fault('type', `${where}: expected a model, got ${describe(model)}`);
  return writeKeras(where, model, options);
}

export async function read(
  where: string,
  given: Uint8Array,
  options: KerasReadOptions = {},
): Promise<LayersModel> {
  const bytes = asBytes(where, given);
  if (isZip(bytes)) return readKeras(where, bytes, options);
  if (isHdf5(bytes)) return readLegacy(where, bytes, options);
  throw fault(
    'format',
    `${where}: expected a .keras archive or an HDF5 file, got ${bytes.length} other bytes`,
  );
}

/** The bytes of a file as they are given: an array of bytes, or a buffer. */
export function asBytes(where: string, given: unknown): Uint8Array {
  const tag = isRevoked(given) ? '' : Object.prototype.toString.call(given);
  if (tag === '[object Uint8Array]') return given as Uint8Array;
  if (tag === '[object ArrayBuffer]') return new Uint8Array(given as ArrayBuffer);
  throw fault('type', `${where}: expected the bytes of a file, a Uint8Array, got ${describe(given)}`);
}
