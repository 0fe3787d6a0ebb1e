/** What a file begins with: how it was written, and where its root group lies. */

import type { Source } from '../binary/source.js';
import { isHdf5 } from './begins.js';

/** The address of the root group's object header. */
export function readSuperblock(source: Source): number {
  if (!isHdf5(source.bytes)) source.fail('expected an HDF5 file, which begins with \\x89HDF', 0);
  const version = source.version('a superblock', 8, [0, 1, 2, 3]);
  // Old: versions of four other structures, then the sizes of addresses and of lengths.
  const sizes = version < 2 ? 13 : 9;
  for (const at of [sizes, sizes + 1])
    if (source.u8(at) !== 8) source.fail(`addresses of ${source.u8(at)} bytes: only 8 can be read`, at);
  // Old: two sizes of group nodes and flags, 8 bytes in all (version 1: 4 more), then the base address, those of free
  // space, end of file and driver, and the root's entry, whose second word is the address.
  const base = version === 0 ? 24 : version === 1 ? 28 : 12;
  if (source.address(base) !== 0) source.fail('a base address other than 0 cannot be read', base);
  return source.pointer('the root group', version < 2 ? base + 40 : base + 24);
}
