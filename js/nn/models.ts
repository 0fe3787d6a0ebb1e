/** TensorFlow.js' name for where models are read. */
import { namespace } from '../engine/namespace.js';
import type { LayersModel } from './model.js';
import { modelFromJSON } from './read.js';

/**
 * TensorFlow.js' namespace for `modelFromJSON`, which gives a promise there.
 * @example
 * const json = sequential({ layers: [layers.dense({ units: 3, inputShape: [2] })] }).toJSON();
 * (await models.modelFromJSON(json)).countParams(); // → 9
 */
export const models = /* @__PURE__ */ namespace('models', {
  modelFromJSON: async (json: string | object): Promise<LayersModel> => modelFromJSON(json),
});
