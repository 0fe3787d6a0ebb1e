// Mutated HDF5 files, read by the package: `node tests/formats/hdf5_mutated.mjs 100000 [seed [begin]]`. Each is read with all
// its values, or refused by an error that names the file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromCommandLine, readMany } from '../fuzz/read_many.mjs';
import { inside, mapling } from './mapling.mjs';
import { otherBytes } from './other_bytes.mjs';
import { ask, sharedFolder } from './python.mjs';

const { readHdf5 } = await inside('io/hdf5/read.js');
const { readAttributes } = await inside('io/hdf5/attribute.js');

/** Files that h5py wrote into a folder, their names, and what it says of them. */
export async function filesOfH5py(folder) {
  const names = ['default.h5', 'many.h5', 'new.h5'];
  const theirs = await ask('hdf5.py', folder, { step: 'write', files: names });
  const files = names.map((name) => new Uint8Array(readFileSync(join(folder, name))));
  return { names, theirs, files };
}

/** Reads all values of a tree of groups. */
function readAll(node) {
  for (const data of node.attributes.values()) data.values();
  if (node.members) for (const member of node.members.values()) readAll(member);
  else node.values();
}

/** Reads so many mutated files. */
export async function mutated(files, count, seed, begin) {
  const make = (chosen) => {
    const bytes = otherBytes(chosen.pick(files), chosen);
    return {
      bytes,
      read: async () => readAll(await readHdf5('file', bytes, readAttributes)),
      where: /^file: /,
      codes: ['format'],
    };
  };
  for (const file of files) readAll(await readHdf5('file', file, readAttributes));
  return readMany({ memory: mapling.memory, make, count, seed, begin });
}

await fromCommandLine(import.meta.url, {
  HDF5: async (...how) => mutated((await filesOfH5py(sharedFolder())).files, ...how),
});
