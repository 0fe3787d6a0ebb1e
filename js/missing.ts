/** Names of TensorFlow.js that are not here: each says so when it is called, and names the nearest. */

import { fault } from './engine/errors.js';

function absent(name: string, nearest: string) {
  return (): never => {
    throw fault('name', `${name}: not in mapling; the nearest is ${nearest}`);
  };
}

export const model = absent('model', 'sequential()');
export const input = absent('input', 'inputShape in the config of the first layer');
export const loadLayersModel = absent('loadLayersModel', 'loadModel({ json, weights })');
export const loadGraphModel = absent('loadGraphModel', 'loadModel({ json, weights })');
export const buffer = absent('buffer', 'tensor(values, shape) on a typed array that you have filled');
