/** What is said of a name of TensorFlow.js that is not here, and what comes closest to it. */
import { lookalike } from './engine/alike.js';
import { fault } from './engine/errors.js';
import { notHere } from './engine/namespace.js';
import { Tensor } from './tensor/handle.js';

/** What comes closest, where it is not a name that looks alike. */
const NEAREST: Readonly<Record<string, string>> = {
  loadGraphModel: 'loadModel({ json, weights }): graph models run only in TensorFlow.js',
  registerKernel: 'customGrad, for a derivative of your own',
  registerGradient: 'customGrad',
  registerBackend: 'init(): there is one backend, WebAssembly with SIMD',
  GraphModel: 'loadModel({ json, weights }): graph models run only in TensorFlow.js',
  'LayersModel.fitLoop': 'fit',
  'LayersModel.predictLoop': 'predict',
  'LayersModel.testLoop': 'evaluate',
  'LayersModel.getNamedWeights': 'weights, of which each has a name',
  'LayersModel.loadTrainingConfig': 'compile',
  'LayersModel.checkTrainableWeightsConsistency': 'trainableWeights',
  'Layer.getNodeAtIndex': 'getInputAt(index) and getOutputAt(index)',
  'Layer.setCallHook': 'a class of your own that extends layers.Layer',
  'Layer.clearCallHook': 'a class of your own that extends layers.Layer',
  'Layer.setFastWeightInitDuringBuild': "kernelInitializer: 'zeros'",
  'Layer.disposeWeights': 'dispose()',
  'Layer.assertInputCompatibility': 'computeOutputShape, which refuses inputs',
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

/** Makes a missing member of a class say so; what a program puts in its place is there. */
function refuseMember(prototype: object, name: string, label: string): void {
  if (name in prototype) return;
  const refuse = (): never => {
    throw refusal(label, offered());
  };
  refusals.add(refuse);
  Object.defineProperty(prototype, name, { value: refuse, writable: true, configurable: true });
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
