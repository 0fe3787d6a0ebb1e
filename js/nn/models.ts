/** TensorFlow.js' name for where models are read. */
import { namespace } from '../engine/namespace.js';
import { modelFromJSON } from './read.js';

export const models = /* @__PURE__ */ namespace('models', { modelFromJSON });
