/** What is said of a name of TensorFlow.js that is not here, and what comes closest to it. */
import { lookalike } from './engine/alike.js';
import { fault } from './engine/errors.js';
import { notHere } from './engine/namespace.js';
import { Tensor } from './tensor/handle.js';

/** What comes closest, where it is not a name that looks alike. */
const NEAREST: Readonly<Record<string, string>> = {
  loadGraphModel: 'loadModel({ json, weights }): graph models run only in TensorFlow.js',
  raggedGather: 'gather, on rows padded to one length',
  raggedRange: 'range, for each row',
  raggedTensorToTensor: 'pad each row, then stack',
  registerKernel: 'customGrad, for a derivative of your own',
  registerGradient: 'customGrad',
  registerBackend: 'init(): there is one backend, WebAssembly with SIMD',
  InputSpec: 'computeOutputShape, which refuses inputs',
  CallbackList: 'the callbacks of fit, a list',
  registerCallbackConstructor: 'the callbacks of fit',
  OptimizerConstructors: 'train',
  GraphModel: 'loadModel({ json, weights }): graph models run only in TensorFlow.js',
  op: 'a function of tensors, as it is',
  'LayersModel.fitLoop': 'fit',
  'LayersModel.predictLoop': 'predict',
  'LayersModel.testLoop': 'evaluate',
  'LayersModel.getNamedWeights': 'weights, of which each has a name',
  'LayersModel.loadTrainingConfig': 'compile',
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
  'LayersModel.getTrainingConfig': 'getCompileConfig()',
  'Tensor.dataToGPU': 'data()',
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
  // No arrow: programs also say `new CustomCallback(…)` and `extends InputSpec`.
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
const METHODS = 'dataToGPU';

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
