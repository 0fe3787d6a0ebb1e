// The package as it is built, for tests of file formats.
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';

export const mapling = await import(pathToFileURL(process.env.MAPLING_ENTRY ?? at('dist/npm/index.js')).href);
await mapling.init();

/** A module of the package that is no entry of it. */
export const inside = (path) => import(pathToFileURL(at(`dist/npm/${path}`)).href);
