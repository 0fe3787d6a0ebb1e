/** Names of TensorFlow.js that are not here: each says so when it is called, and names the nearest. */

function absent(name: string, nearest: string) {
  return (): never => {
    throw new Error(`${name}: not in mapling; the nearest is ${nearest}`);
  };
}

export const model = absent('model', 'sequential()');
export const input = absent('input', 'inputShape in the config of the first layer');
export const variable = absent('variable', 'a layer, whose weights are variables');
export const grad = absent('grad', 'model.fit, which finds the gradients itself');
export const grads = absent('grads', 'model.fit, which finds the gradients itself');
export const valueAndGrads = absent('valueAndGrads', 'model.fit, which finds the gradients itself');
export const loadLayersModel = absent('loadLayersModel', 'loadModel({ json, weights })');
export const loadGraphModel = absent('loadGraphModel', 'loadModel({ json, weights })');
export const buffer = absent('buffer', 'tensor(values, shape) on a typed array that you have filled');
export const setBackend = absent('setBackend', 'init(): there is one backend, WebAssembly with SIMD');
