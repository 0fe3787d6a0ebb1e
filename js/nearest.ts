/** What is said of a name of TensorFlow.js that is not here, and what comes closest to it. */
import { lookalike } from './engine/alike.js';
import { fault } from './engine/errors.js';
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
  'linalg.bandPart': 'mul by a mask',
  RNN: 'layers.lstm, layers.gru and layers.simpleRNN',
  InputSpec: 'computeOutputShape, which refuses inputs',
  CallbackList: 'the callbacks of fit, a list',
  registerCallbackConstructor: 'the callbacks of fit',
  OptimizerConstructors: 'train',
  ENV: 'env()',
  GraphModel: 'loadModel({ json, weights }): graph models run only in TensorFlow.js',
  op: 'a function of tensors, as it is',
  'LayersModel.fitLoop': 'fit',
  'LayersModel.predictLoop': 'predict',
  'LayersModel.testLoop': 'evaluate',
  'LayersModel.getNamedWeights': 'weights, of which each has a name',
  'LayersModel.loadTrainingConfig': 'compile',
  'LayersModel.setUserDefinedMetadata': 'an object of your own beside what save() gives',
  'LayersModel.getUserDefinedMetadata': 'an object of your own beside what save() gives',
  'LayersModel.checkTrainableWeightsConsistency': 'trainableWeights',
  'Layer.getNodeAtIndex': 'getInputAt(index) and getOutputAt(index)',
  'Layer.calculateLosses': 'model.evaluate, whose loss counts them',
  'Layer.losses': 'model.evaluate, whose loss counts them',
  'Layer.updates': 'nonTrainableWeights',
  'Layer.setCallHook': 'a class of your own that extends layers.Layer',
  'Layer.clearCallHook': 'a class of your own that extends layers.Layer',
  'Layer.invokeCallHook': 'a class of your own that extends layers.Layer',
  'Layer.setFastWeightInitDuringBuild': "kernelInitializer: 'zeros'",
  'Layer.disposeWeights': 'dispose()',
  'Layer.assertInputCompatibility': 'computeOutputShape, which refuses inputs',
  'Optimizer.getWeights': 'getConfig() and the weights of the model',
  'Optimizer.setWeights': 'compile',
  'Optimizer.incrementIterations': 'applyGradients, which counts',
  'Optimizer.saveIterations': 'getConfig()',
  'Optimizer.extractIterations': 'getConfig()',
  'LayerVariable.dispose': 'dispose() of its layer',
  'Tensor.oneHot': 'oneHot(x, depth)',
  'Tensor.onesLike': 'onesLike(x)',
  'Tensor.zerosLike': 'zerosLike(x)',
  'LayersModel.getTrainingConfig': 'getCompileConfig()',
  'Tensor.dataToGPU': 'data()',
  'Tensor.resizeBilinear': 'gather along both axes',
};

/** The methods of tensors, which most functions are named after. */
const methods = (): string[] =>
  Object.getOwnPropertyNames(Tensor.prototype).filter((name) => !/^_|^constructor$/.test(name));

/** Those that are here, and a program's to call. */
const offered = (): string[] =>
  methods().filter((name) => {
    const method: unknown = Object.getOwnPropertyDescriptor(Tensor.prototype, name)?.value;
    return typeof method === 'function' && !refusals.has(method);
  });
const refusals = new WeakSet<object>();

const refusal = (name: string, names: readonly string[]): Error =>
  notHere(name, NEAREST[name] ?? lookalike(name.replace(/^.*\./, ''), names));

/** A function, or a class, that says when it is called that it is not here. */
export type Absent = ((...args: unknown[]) => never) & (new (...args: unknown[]) => never);

/** A function or class that says when it is called that it is not here. */
export function absent(name: string): Absent {
  // No arrow: programs also say `new CustomCallback(…)` and `extends RNN`.
  return function refuse(): never {
    throw refusal(name, offered());
  } as unknown as Absent;
}

/** A namespace whose members say that they are not here. */
export function empty(name: string): Record<string, Absent> {
  return new Proxy<Record<string, Absent>>(
    {},
    {
      get: (_, member) =>
        // Whoever looks whether this is a promise gets no function.
        typeof member !== 'string' || member === 'then' || member === 'toJSON'
          ? undefined
          : absent(`${name}.${member}`),
    },
  ) as Record<string, Absent>;
}

/** Methods of TensorFlow.js' tensors that are not here. */
const METHODS =
  'avgPool3d batchNorm batchToSpaceND conv1d conv2dTranspose cumprod dataToGPU depthToSpace depthwiseConv2d dilation2d fft ' +
  'ifft irfft localResponseNormalization pool resizeBilinear resizeNearestNeighbor rfft separableConv2d spaceToBatchND ' +
  'stridedSlice unique unsortedSegmentSum oneHot onesLike zerosLike';

/** Properties, not methods: to read one is to miss it. */
const PROPERTIES: ReadonlySet<string> = new Set(['Layer.losses', 'Layer.updates']);

/** Makes a missing member of a class say so; what a program puts in its place is there. */
function refuseMember(prototype: object, name: string, label: string): void {
  if (name in prototype) return;
  const refuse = (): never => {
    throw refusal(label, offered());
  };
  refusals.add(refuse);
  const there = { writable: true, configurable: true };
  if (!PROPERTIES.has(label)) {
    Object.defineProperty(prototype, name, { value: refuse, ...there });
    return;
  }
  Object.defineProperty(prototype, name, {
    get: refuse,
    set(value: unknown) {
      Object.defineProperty(this, name, { value, enumerable: true, ...there });
    },
    configurable: true,
  });
}

/** Makes symbols say what stands in the place of the methods of tensors. */
export function refuseOnSymbols(prototype: object): void {
  for (const name of methods()) {
    const isMethod = typeof Object.getOwnPropertyDescriptor(Tensor.prototype, name)?.value === 'function';
    if (!isMethod || name in prototype) continue;
    const refuse = (): never => {
      throw fault(
        'type',
        `${name}: a symbol has no values: call a layer on it, such as layers.add().apply([a, b]), or one of your own`,
      );
    };
    Object.defineProperty(prototype, name, { value: refuse, writable: true, configurable: true });
  }
}

/** Makes the missing methods of tensors say so, and the members of other classes that stand in the table above. */
export function refuseMissingMembers(classes: Readonly<Record<string, { prototype: object }>>): void {
  for (const name of METHODS.split(' ')) {
    const label = `Tensor.${name}`;
    refuseMember(Tensor.prototype, name, NEAREST[label] ? label : name);
  }
  for (const label of Object.keys(NEAREST)) {
    const [type, name] = label.split('.');
    const found = name !== undefined && type !== 'Tensor' ? classes[type!] : undefined;
    if (found) refuseMember(found.prototype, name!, label);
  }
}
