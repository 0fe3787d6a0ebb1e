/** Keras' files by their first bytes: `.keras` archives, and legacy HDF5 files of whole models. What reads either comes then. */
import { describe, fault } from '../../engine/errors.js';
import type { LayersModel } from '../../nn/model.js';
import { isHdf5 } from '../hdf5/begins.js';
import { isZip } from '../zip/begins.js';
import { type KerasReadOptions, readKeras } from './read-archive.js';

export async function read(
  where: string,
  given: Uint8Array | ArrayBuffer,
  options: KerasReadOptions = {},
): Promise<LayersModel> {
  const bytes = asBytes(where, given);
  if (isZip(bytes)) return readKeras(where, bytes, options);
  if (isHdf5(bytes)) return (await import('./legacy.js')).readLegacy(where, bytes, options);
  throw fault(
    'format',
    `${where}: expected a .keras archive or an HDF5 file, got ${bytes.length} other bytes`,
  );
}

/** The bytes of a file as they are given: an array of bytes, or a buffer. Memory that threads share is copied. */
export function asBytes(where: string, given: unknown): Uint8Array {
  try {
    if (ArrayBuffer.isView(given)) {
      const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
      const isShared = typeof SharedArrayBuffer === 'function' && given.buffer instanceof SharedArrayBuffer;
      return isShared ? bytes.slice() : bytes;
    }
    // Buffers alone, of whichever realm, can be viewed.
    return new Uint8Array(new DataView(given as ArrayBuffer).buffer);
  } catch {
    // Neither, or memory that was given away and has no bytes any more.
    throw fault('type', `${where}: expected the bytes of a file, a Uint8Array, got ${describe(given)}`);
  }
}
