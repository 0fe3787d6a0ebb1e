/**
 * The type of `import wasm from 'mapling/mapling.wasm'`, to which package.json points: bundlers give a file's address or its
 * bytes, and `init` takes either. Only its types are read.
 */
import type { Bytes } from './bytes.js';

export default '' as string | Bytes;
