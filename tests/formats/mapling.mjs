// The package as it is built, for tests of file formats.
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';

const entry = pathToFileURL(process.env.MAPLING_ENTRY ?? at('dist/npm/index.js')).href;
export const mapling = await import(entry);
await mapling.init();

/** A module of the package that is no entry of it. */
export const inside = (path) => import(new URL(path, entry).href);
