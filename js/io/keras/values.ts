/** Arrays of an HDF5 file as the values of weights. */
import { fault, shown } from '../../engine/errors.js';
import { isArray } from '../../engine/look.js';
import { type Dataset, type Group, isGroup } from '../hdf5/tree.js';

/** The values of the array at a path, which must have this shape. */
export function floats(
  where: string,
  path: string,
  node: Group | Dataset | undefined,
  shape: readonly number[],
): Float32Array {
  if (!node || isGroup(node)) throw fault('format', `${where}: ${path}: it is not in the file`);
  if (`${node.shape}` !== `${shape}` || node.shape === null)
    throw fault(
      'shape',
      `${where}: ${path}: expected the shape ${shown(shape)}, got ${node.shape === null ? 'nothing' : shown(node.shape)}`,
    );
  const values = node.values();
  if (isArray(values)) throw fault('format', `${where}: ${path}: expected numbers, got texts`);
  if (values instanceof Float32Array) return values;
  const own = Float32Array.from(values as ArrayLike<number | bigint>, Number);
  const odd = own.findIndex((value, at) => !Number.isFinite(value) && Number.isFinite(Number(values[at])));
  if (odd >= 0) throw fault('value', `${where}: ${path}: ${values[odd]} is more than a 32-bit float can be`);
  return own;
}
