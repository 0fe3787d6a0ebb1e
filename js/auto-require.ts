/** mapling, ready when it is required: what `require('mapling/auto')` gives in Node and in Jest. */
import { readFileSync } from 'node:fs';
import { initAtOnce } from './engine/instance.js';
import { variants } from './engine/variants.js';
import * as glue from './wasm/mapling.js';

export * from './index.js';

initAtOnce(glue, readFileSync(variants.exact.wasm()));
