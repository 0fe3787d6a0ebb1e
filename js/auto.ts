/**
 * mapling, ready when it is imported: `import * as tf from 'mapling/auto'` runs programs written for TensorFlow.js as they
 * are. Modules that import it wait, at the top level, until the WebAssembly module is there.
 */
import { init } from './engine/instance.js';

export * from './index.js';

await init();
