/** Dataspaces: how many values there are, along which axes. */
import { sizeOf } from '../../tensor/shape.js';
import type { Source } from '../binary/source.js';

const MOST_AXES = 32;

/**
 * The lengths of the axes: none for a single value, null where there is no value. Version 1: version, rank, flags, zeros
 * (5), lengths (8 each). Version 2: version, rank, flags, kind (0 a single value, 1 axes, 2 nothing), lengths.
 */
export function readDataspace(source: Source, at: number): number[] | null {
  const version = source.version('a dataspace', at, [1, 2]);
  const rank = source.u8(at + 1);
  if (rank > MOST_AXES) source.fail(`an array of ${rank} axes`, at);
  if (version === 2 && source.u8(at + 3) === 2) return null;
  const first = at + (version === 1 ? 8 : 4);
  const shape = Array.from({ length: rank }, (_, axis) => source.u64(first + 8 * axis));
  if (!Number.isSafeInteger(sizeOf(shape))) source.fail(`an array of the lengths [${shape}]`, at);
  return shape;
}
