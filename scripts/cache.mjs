// Where tools that take minutes to build or to fetch live, once per version: outside the checkout, so that the next
// clone finds what this one has installed.
import { renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'mapling');

/**
 * Makes a folder of the cache: `make` fills another one beside it, which is moved there at the end, so that what was
 * interrupted leaves nothing that looks whole.
 */
export async function makeWhole(folder, make) {
  const making = `${folder}.building-${process.pid}`;
  try {
    await make(making);
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}
