/** What is said of a name of TensorFlow.js that is not here, and what comes closest to it. */
import { nearestName } from './engine/alike.js';
import { notHere } from './engine/namespace.js';
import { Tensor } from './tensor/handle.js';

/** What comes closest, where it is not a name that looks alike. */
const NEAREST: Readonly<Record<string, string>> = {
  loadLayersModel: 'loadModel({ json, weights })',
  loadGraphModel: 'loadModel({ json, weights }): graph models run only in TensorFlow.js',
  conv1d: 'conv2d with a height of 1',
  depthwiseConv2d: 'conv2d',
  separableConv2d: 'conv2d',
  conv3d: 'conv2d',
  conv2dTranspose: 'conv2d',
  conv3dTranspose: 'conv2d',
  avgPool3d: 'avgPool',
  maxPool3d: 'maxPool',
  maxPoolWithArgmax: 'maxPool',
  pool: 'maxPool and avgPool',
  batchNorm: 'moments, sub and div',
  batchNorm2d: 'moments, sub and div',
  batchNorm3d: 'moments, sub and div',
  batchNorm4d: 'moments, sub and div',
  dropout: 'layers.dropout',
  basicLSTMCell: 'layers.lstm',
  multiRNNCell: 'layers.lstm',
  booleanMaskAsync: 'whereAsync, then gather',
  stridedSlice: 'slice, or gather with the indices',
  gatherND: 'gather',
  scatterND: 'buffer(shape), then set(value, …)',
  tensorScatterUpdate: 'buffer(shape), then set(value, …)',
  sparseToDense: 'buffer(shape), then set(value, …)',
  truncatedNormal: 'randomNormal, then clipByValue',
  randomStandardNormal: 'randomNormal(shape)',
  randomUniformInt: "randomUniform(shape, low, high, 'int32')",
  randomGamma: 'randomNormal',
  rand: 'tensor(values, shape)',
  multinomial: 'randomUniform beside cumsum of the probabilities',
  einsum: 'matMul and transpose',
  cumprod: 'exp(cumsum(log(x))), for positive values',
  unique: 'new Set(x.dataSync())',
  bincount: 'oneHot(x, size).sum(0)',
  denseBincount: 'oneHot(x, size).sum(0)',
  unsortedSegmentSum: 'oneHot(ids, segments), then matMul',
  localResponseNormalization: 'norm and div',
  registerKernel: 'customGrad, for a derivative of your own',
  registerGradient: 'customGrad',
  registerBackend: 'init(): there is one backend, WebAssembly with SIMD',
  'browser.fromPixels': 'tensor3d(imageData.data, [height, width, 4])',
  'browser.toPixels': 'dataSync(), for the bytes of an ImageData',
  'image.resizeBilinear': 'gather along both axes',
  'io.browserFiles': 'loadModel({ json, weights })',
  'data.array': 'tensors, which fit takes',
  'linalg.bandPart': 'mul by a mask',
  'Tensor.dataToGPU': 'data()',
  'Tensor.resizeBilinear': 'gather along both axes',
};

/** The methods of tensors, which most functions are named after. */
const methods = (): string[] =>
  Object.getOwnPropertyNames(Tensor.prototype).filter((name) => !/^_|^constructor$/.test(name));

const refusal = (name: string, names: readonly string[]): Error =>
  notHere(name, NEAREST[name] ?? nearestName(name.replace(/^.*\./, ''), names));

/** A function or class that says when it is called that it is not here. */
export function absent(name: string): (...args: unknown[]) => never {
  return (): never => {
    throw refusal(name, methods());
  };
}

/** A namespace whose members say that they are not here. */
export function empty(name: string): Record<string, (...args: unknown[]) => never> {
  return new Proxy<Record<string, (...args: unknown[]) => never>>(
    {},
    {
      get: (_, member) =>
        // Whoever looks whether this is a promise gets no function.
        typeof member !== 'string' || member === 'then' || member === 'toJSON'
          ? undefined
          : absent(`${name}.${member}`),
    },
  ) as Record<string, (...args: unknown[]) => never>;
}

/** Methods of TensorFlow.js' tensors that are not here. */
const METHODS =
  'avgPool3d batchNorm batchToSpaceND conv1d conv2dTranspose cumprod dataToGPU depthToSpace depthwiseConv2d dilation2d fft ' +
  'ifft irfft localResponseNormalization pool resizeBilinear resizeNearestNeighbor rfft separableConv2d spaceToBatchND ' +
  'stridedSlice unique unsortedSegmentSum';

/** Makes the missing methods of tensors say so. */
export function refuseMissingMethods(): void {
  for (const name of METHODS.split(' ')) {
    if (name in Tensor.prototype) continue;
    const value = (): never => {
      throw refusal(NEAREST[`Tensor.${name}`] ? `Tensor.${name}` : name, methods());
    };
    Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
  }
}
