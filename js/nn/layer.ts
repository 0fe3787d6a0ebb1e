/**
 * Layers: settings, and a mapping with weights. Those of the library compute in the core; a class that extends `Layer`
 * computes in JavaScript, in the same training loop.
 */
import { describe, fault, ownName } from '../engine/errors.js';
import { type Foreign, registerForeign, releaseForeign } from '../engine/foreign.js';
import { Handle } from '../engine/handle.js';
import { Home, type Movable } from '../engine/home.js';
import { call } from '../engine/instance.js';
import { close, open, recording } from '../tensor/scope.js';
import { nextSeed } from '../tensor/seed.js';
import { checkShape } from '../tensor/shape.js';
import { adoptAll, lendAll } from '../tensor/slots.js';
import { asTensor, Tensor } from '../tensor/tensor.js';
import type { CoreLayer, CoreWeight } from '../wasm/mapling.js';
import { settingsJson } from './settings.js';
import { type Dims, SymbolicTensor } from './symbolic.js';
import { LayerVariable, slotsOf } from './weights.js';

/** Settings that every layer takes. */
export interface LayerArgs {
  name?: string;
  /** Whether training changes its weights. Default: true. */
  trainable?: boolean;
  /** The shape of one sample; for a model's first layer. */
  inputShape?: Dims;
  /** The same with a batch axis, `null`, in front. */
  batchInputShape?: Dims;
  /** The batch size, when `inputShape` is given: any batch is taken all the same. */
  batchSize?: number;
  dtype?: string;
}

/** What a layer is called on, and what it gives. */
export type Value = Tensor | SymbolicTensor;

/** What a call takes besides tensors. */
export interface CallArgs {
  training?: boolean;
  [name: string]: unknown;
}

/** A model, as its layers see it. */
export interface Whole {
  /** Tells the layers what they are called on. */
  wire(): void;
  /** Makes the weights, if the shape of samples is known. */
  makeWeights(): void;
}

/** A call on symbols, and the model that found it if nobody called the layer itself. */
interface Called {
  inputs: SymbolicTensor[];
  outputs: SymbolicTensor[];
  by?: object | undefined;
}

/** A kind of values: its name, or Keras' policy for it, `{ className: 'DTypePolicy', config: { name: 'float32' } }`. */
export function readDtype(where: string, dtype: unknown): 'float32' | 'int32' | undefined {
  if (dtype === undefined || dtype === null) return undefined;
  const name = (dtype as { config?: { name?: unknown } }).config?.name ?? dtype;
  if (name === 'float32' || name === 'int32') return name;
  throw fault('value', `${where}: dtype: expected float32 or int32, got ${describe(name)}`);
}

/** The common settings as the core takes them. */
export function commonSettings(where: string, args: LayerArgs): Record<string, unknown> {
  const { name, trainable, inputShape, batchInputShape, dtype } = args;
  readDtype(where, dtype);
  if (name !== undefined && name !== null) {
    if (typeof name !== 'string')
      throw fault('type', `${where}: name: expected a text, got ${describe(name)}`);
    ownName(name);
  }
  const sample = inputShape ?? batchInputShape?.slice(1);
  return { name, trainable, inputShape: sample };
}

const isSymbol = (value: unknown): value is SymbolicTensor => value instanceof SymbolicTensor;

/** What a layer is called on, one by one. A nested array of numbers is one tensor. */
export const asList = (inputs: Value | Value[]): Value[] =>
  Array.isArray(inputs) && inputs.every((one) => one instanceof Tensor || isSymbol(one))
    ? inputs
    : [inputs as Value];

/** A mapping with weights. Extend it for one of your own: `build`, `call` and `computeOutputShape` say what it does. */
export class Layer {
  /** Keras' name of the class; one's own must say theirs. */
  static className = 'Layer';
  /** The settings it was made with. */
  protected readonly args: Readonly<Record<string, unknown>>;
  #handle: Handle<CoreLayer> | undefined;
  #variables: LayerVariable[] | undefined;
  /** What it was called on and what came of it. */
  #calls: Called[] = [];
  /** The model that it has become a part of last. */
  #model: Whole | undefined;
  /** What `addWeight` was asked for, while a class of the user's builds. */
  #wanted: { spec: Record<string, unknown>; variable: LayerVariable }[] = [];
  readonly #className: string | undefined;
  #home: Home | undefined;
  #isEntering = false;
  #foreign = 0;
  /** What `computeOutputShape` told last, and for which inputs. */
  #told: { key: string; dims: Dims[] } | undefined;
  #wasBuilt = false;

  constructor(args: LayerArgs = {}, className?: string) {
    const isNamed = className === undefined || typeof className === 'string';
    if (isNamed) this.#className = className;
    if (args === null || typeof args !== 'object' || Array.isArray(args)) {
      throw fault('type', `${this.getClassName()}: expected an object of settings, got ${describe(args)}`);
    }
    if (!isNamed) throw fault('type', `Layer: className: expected a text, got ${describe(className)}`);
    this.args = { ...args };
    // Mistakes in what every layer takes are told at once.
    commonSettings(this.getClassName(), args);
  }

  /** The layer in the core. */
  get handle(): Handle<CoreLayer> {
    this.#handle ??= this.makeHandle();
    return this.#handle;
  }
  protected core(where: string): CoreLayer {
    const core = this.handle.get(`${this.getClassName()}: ${where}`);
    this.home?.enter();
    return core;
  }
  /** Sees to it that its weights are in the core. */
  enterHome(): void {
    this.home?.enter();
  }
  /** Where its weights are; a layer whose weights do not exist yet has none to be moved. */
  get home(): Home | undefined {
    if (!this.#home && this.#handle && !this.#isEntering) this.#home = this.makeHome(this.#handle);
    return this.#home;
  }
  protected makeHome(handle: Handle<CoreLayer>): Home | undefined {
    // To ask whether there are weights must not ask for them once more.
    this.#isEntering = true;
    try {
      const core = handle.get(this.getClassName());
      return call(() => core.isBuilt()) ? new Home(weightsOf(handle)) : undefined;
    } finally {
      this.#isEntering = false;
    }
  }

  /** Makes the layer in the core: for a class of the user's one whose mapping comes back here. */
  protected makeHandle(): Handle<CoreLayer> {
    const [className, given] = [this.getClassName(), this.args as LayerArgs];
    const common = settingsJson(className, commonSettings(className, given));
    const config = JSON.stringify(this.getConfig());
    this.#foreign = registerForeign(this.#asForeign());
    return new Handle((wasm) => wasm.CoreLayer.custom(className, common, config, this.#foreign));
  }

  /** What the core calls: with 0 first for the shapes of results, with 1 for the results. */
  #asForeign(): Foreign {
    return (slots, extra) => {
      if (extra[0] === 0) return this.#shapes(extra.subarray(1));
      return this.#compute(slots, extra[1] === 1, extra[2]!);
    };
  }

  /** The shapes of the results, each its rank and its lengths, in a tensor: a negative length is one that is open. */
  #shapes(asked: Float64Array): number[] {
    const inputs: Dims[] = [];
    for (let at = 0; at < asked.length; at += 1 + asked[at]!) {
      const lengths = asked.subarray(at + 1, at + 1 + asked[at]!);
      inputs.push([null, ...Array.from(lengths, (length) => (length < 0 ? null : length))]);
    }
    const shape = inputs.length === 1 ? inputs[0]! : inputs;
    if (!this.#wasBuilt) this.#buildOwn(shape);
    const outputs = listOfDims(`${this.getClassName()}: computeOutputShape`, this.computeOutputShape(shape));
    const told = outputs.flatMap((dims) => [dims.length - 1, ...dims.slice(1).map((length) => length ?? -1)]);
    return lendAll([asTensor('computeOutputShape', told)], 'computeOutputShape');
  }

  #buildOwn(shape: Dims | Dims[]): void {
    // A constructor may have asked for weights already.
    const before = this.#wanted.length;
    try {
      this.build(shape);
      const where = `${this.getClassName()}: addWeight`;
      const specs = settingsJson(
        where,
        this.#wanted.map(({ spec }) => spec),
      );
      call(() => this.core('build').wantWeights(specs));
    } catch (failure) {
      this.#wanted.length = before;
      throw failure;
    }
    this.#wasBuilt = true;
    this.#variables = this.#wanted.map(({ variable }) => variable);
  }

  #compute(slots: Uint32Array, training: boolean, count: number): number[] {
    const where = `${this.getClassName()}: call`;
    const scope = open('record');
    try {
      const inputs = adoptAll(slots.subarray(0, count));
      const weights = this.weights;
      slots.subarray(count).forEach((slot, at) => {
        scope.handles.set(weights[at]!.val.id, slot);
      });
      const shapes = inputs.map(({ shape }) => shape);
      const given = inputs.length === 1 ? alsoList(inputs[0]!) : inputs;
      const outputs = [this.call(given, { training })].flat().map((output: unknown) => {
        if (output instanceof Tensor) return asTensor(where, output);
        throw fault('type', `${where}: expected a tensor, got ${describe(output)}`);
      });
      this.#checkOutputs(where, shapes, outputs);
      return lendAll(outputs, where);
    } finally {
      close(scope, new Set());
      // The handles of weights were the core's; those of a weight that was assigned to are set aside.
      for (const slot of slots.subarray(count)) call((wasm) => wasm.free(slot));
    }
  }

  /** Refuses results that are not of the shape that `computeOutputShape` has told for such inputs. */
  #checkOutputs(where: string, inputs: readonly Dims[], outputs: readonly Tensor[]): void {
    const samples = inputs.map((shape): Dims => [null, ...shape.slice(1)]);
    const key = samples.join('/');
    if (this.#told?.key !== key) {
      const dims = this.computeOutputShape(samples.length === 1 ? samples[0]! : samples);
      this.#told = { key, dims: listOfDims(`${this.getClassName()}: computeOutputShape`, dims) };
    }
    const { dims } = this.#told;
    if (dims.length !== outputs.length) {
      throw fault(
        'shape',
        `${where}: computeOutputShape tells ${dims.length} results, but there are ${outputs.length}`,
      );
    }
    outputs.forEach(({ shape }, at) => {
      const told = dims[at]!;
      if (
        told.length === shape.length &&
        told.slice(1).every((length, axis) => (length ?? shape[axis + 1]) === shape[axis + 1])
      )
        return;
      throw fault(
        'shape',
        `${where}: computeOutputShape tells [${shownDims(told)}], but the result is [${shape}]`,
      );
    });
  }

  /** Makes the weights by `addWeight`; `inputShape` begins with the batch axis. */
  build(_inputShape: Dims | Dims[]): void {}

  /** The mapping. A single input can be used as a tensor and as a list of one. */
  call(inputs: Tensor | Tensor[], _args: CallArgs): Tensor | Tensor[] {
    throw fault(
      'state',
      `${this.getClassName()}: call: a layer of your own needs a method \`call(inputs)\`, got ${describe(inputs)}`,
    );
  }

  /** The shape of the result; that of the input unless a class says otherwise. */
  computeOutputShape(inputShape: Dims | Dims[]): Dims | Dims[] {
    return inputShape;
  }

  /** A weight for {@link build} to make. */
  addWeight(
    name: string,
    shape: number[],
    dtype: string | null = 'float32',
    initializer: unknown = 'zeros',
    regularizer?: unknown,
    trainable = true,
    constraint?: unknown,
  ): LayerVariable {
    const where = `${this.getClassName()}: addWeight`;
    if (typeof name !== 'string' || name === '')
      throw fault('type', `${where}: name: expected a text, got ${describe(name)}`);
    if (this.#wanted.some(({ spec }) => spec.name === name))
      throw fault('name', `${where}: the name ${describe(name)} is used twice`);
    if (dtype !== null && dtype !== 'float32')
      throw fault('value', `${where}: ${name}: dtype: expected float32, got ${describe(dtype)}`);
    const lengths = checkShape(`${where}: ${name}`, shape);
    const start = initializer as { apply?: (shape: number[], dtype: string) => Tensor } | null | undefined;
    const own = typeof start?.apply === 'function';
    const value =
      own && lendAll([asTensor(`${where}: ${name}`, start.apply!([...lengths], 'float32'))], where)[0];
    const spec = {
      name,
      shape: lengths,
      initializer: own ? undefined : initializer,
      regularizer,
      constraint,
      trainable,
      value: own ? value : undefined,
    };
    const place = this.#wanted.length;
    const variable = new LayerVariable(
      () => this.core('weights').weights()[place],
      () => this.enterHome(),
      `${this.name}/${name}`,
      lengths,
    );
    this.#wanted.push({ spec, variable });
    return variable;
  }

  /** What the core makes of it as a setting of another layer. */
  toCore(): unknown {
    throw fault(
      'type',
      `${this.getClassName()}: a layer of a class of your own cannot be inside another layer`,
    );
  }

  /** The layer's result for tensors, or for symbols the symbol of its result. */
  apply(inputs: Value | Value[], args: CallArgs = {}): Value | Value[] {
    const all = asList(inputs);
    if (all.length > 0 && all.every(isSymbol)) return this.#applySymbols(all as SymbolicTensor[], args);
    if (all.some(isSymbol)) {
      throw fault('type', `${this.getClassName()}: apply: expected tensors or symbols, got both`);
    }
    const outputs = this.#applyTensors(
      all.map((value) => asTensor(`${this.getClassName()}: apply`, value)),
      args,
    );
    return outputs.length === 1 ? outputs[0]! : outputs;
  }

  #applySymbols(inputs: SymbolicTensor[], args: CallArgs): SymbolicTensor | SymbolicTensor[] {
    const { training: _, ...options } = args ?? {};
    const where = `${this.getClassName()}: apply`;
    const json = settingsJson(where, options);
    const lent = inputs.map((input) => input.lend(where));
    const results = call(() => this.core('apply').apply(lent, json));
    const outputs = results.map((core, at) => new SymbolicTensor(core, this, inputs, at));
    this.noteCall(inputs, outputs);
    return outputs.length === 1 ? outputs[0]! : outputs;
  }

  #applyTensors(inputs: Tensor[], args: CallArgs): Tensor[] {
    const { training, ...options } = args ?? {};
    const where = `${this.getClassName()}: apply`;
    const json = settingsJson(where, options);
    this.ensureBuilt(inputs);
    const given = lendAll(inputs, where);
    try {
      const weights = recording() ? slotsOf(this.weights) : [];
      const slots = call(() =>
        this.core('apply').call(
          Uint32Array.from(given),
          Uint32Array.from(weights),
          training === true,
          json,
          nextSeed(),
        ),
      );
      return adoptAll(slots);
    } finally {
      call((wasm) => {
        for (const slot of given) wasm.free(slot);
      });
    }
  }

  /** Makes the weights for these inputs, unless they exist. */
  protected ensureBuilt(inputs: readonly { readonly shape: Dims }[]): void {
    const dims = JSON.stringify(inputs.map(({ shape }) => shape.slice(1)));
    call(() => this.core('apply').build(dims, nextSeed()));
  }

  /** Remembers a call, for {@link input} and {@link output}. */
  noteCall(inputs: SymbolicTensor[], outputs: SymbolicTensor[], by?: object): void {
    this.#calls.push({ inputs, outputs, by });
  }
  /** Forgets the calls that a model has found. */
  forgetCalls(by: object): void {
    this.#calls = this.#calls.filter((call) => call.by !== by);
  }
  /** Tells of a model of which the layer is part. */
  join(model: Whole): void {
    this.#model = model;
  }
  protected get calls(): readonly Called[] {
    if (this.#calls.length === 0) this.#model?.wire();
    return this.#calls;
  }

  #onlyCall(what: string): Called {
    const { calls } = this;
    if (calls.length === 1) return calls[0]!;
    const how =
      calls.length === 0 ? 'it has not been called on a symbol yet' : 'it has been called several times';
    throw fault('state', `layer ${this.name}: ${what}: ${how}`);
  }
  /** What it was called on, if it was called once. */
  get input(): SymbolicTensor | SymbolicTensor[] {
    const { inputs } = this.#onlyCall('input');
    return inputs.length === 1 ? inputs[0]! : inputs;
  }
  /** Its result, if it was called once. */
  get output(): SymbolicTensor | SymbolicTensor[] {
    const { outputs } = this.#onlyCall('output');
    return outputs.length === 1 ? outputs[0]! : outputs;
  }
  getInputAt(node: number): SymbolicTensor | SymbolicTensor[] {
    return single(this.#callAt('getInputAt', node).inputs);
  }
  getOutputAt(node: number): SymbolicTensor | SymbolicTensor[] {
    return single(this.#callAt('getOutputAt', node).outputs);
  }
  #callAt(what: string, node: number): Called {
    const found = this.calls[node];
    if (found) return found;
    throw fault(
      'value',
      `layer ${this.name}: ${what}: there are ${this.calls.length} calls, got ${describe(node)}`,
    );
  }

  get name(): string {
    const name = call(() => this.core('name').name());
    // Messages of the core spell it as it is.
    ownName(name);
    return name;
  }
  get className(): string {
    return this.getClassName();
  }
  getClassName(): string {
    if (this.#className !== undefined) return this.#className;
    const { className }: { className: unknown } = this.constructor as typeof Layer;
    if (typeof className === 'string' && className !== '') return className;
    throw fault('type', `Layer: static className: expected a text, got ${describe(className)}`);
  }
  get dtype(): string {
    return readDtype(this.getClassName(), this.args.dtype) ?? 'float32';
  }

  /** Whether training changes its weights; what is set holds from the next step on. */
  get trainable(): boolean {
    return call(() => this.core('trainable').trainable());
  }
  set trainable(trainable: boolean) {
    if (typeof trainable !== 'boolean') {
      throw fault(
        'type',
        `layer ${this.name}: trainable: expected true or false, got ${describe(trainable)}`,
      );
    }
    call(() => this.core('trainable').setTrainable(trainable));
  }

  get built(): boolean {
    return call(() => this.core('built').isBuilt());
  }
  /** The shape of its output, the batch axis as `null`. */
  get outputShape(): Dims | Dims[] {
    const { outputs } = this.#onlyCall('outputShape');
    return single(outputs.map(({ shape }) => shape)) as Dims | Dims[];
  }
  /** The shape of a batch of its input, if its settings say it. */
  get batchInputShape(): Dims | undefined {
    const sample = JSON.parse(call(() => this.core('batchInputShape').inputShape())) as Dims | null;
    return sample ? [null, ...sample] : undefined;
  }

  /** Its weights, those of the layers inside it after its own. */
  get weights(): LayerVariable[] {
    if (this.#variables) return this.#variables;
    const all = this.findWeights().map(
      (core) =>
        new LayerVariable(
          () => core,
          () => this.enterHome(),
        ),
    );
    if (this.built) this.#variables = all;
    return all;
  }
  /**
   * The weights in the core. They are made if it is known for which inputs: by the model, from whose seed they follow, or
   * for what the layer was called on.
   */
  protected findWeights(): CoreWeight[] {
    if (!this.built) this.#model?.makeWeights();
    const [called] = this.#calls;
    if (called && !this.built) this.ensureBuilt(called.inputs);
    return call(() => this.core('weights').weights());
  }
  get trainableWeights(): LayerVariable[] {
    return this.weights.filter(({ trainable }) => trainable);
  }
  get nonTrainableWeights(): LayerVariable[] {
    return this.weights.filter(({ trainable }) => !trainable);
  }
  /** Forgets which weights there are: a model has got more layers. */
  protected forgetWeights(): void {
    this.#variables = undefined;
  }
  countParams(): number {
    return this.weights.reduce((sum, { shape }) => sum + shape.reduce((size, length) => size * length, 1), 0);
  }
  /** The weights' values; only those that training may change if `trainableOnly`. */
  getWeights(trainableOnly = false): Tensor[] {
    return (trainableOnly ? this.trainableWeights : this.weights).map((weight) => weight.snapshot());
  }
  /** Replaces the weights' values: all or, if one does not fit, none. */
  setWeights(values: Tensor[]): void {
    setAll(`layer ${this.name}: setWeights`, this.weights, values);
  }

  /** Its settings. A class of one's own adds those of its own. */
  getConfig(): Record<string, unknown> {
    const { name, trainable, inputShape, batchInputShape } = this.args as LayerArgs;
    const shape = batchInputShape ?? (inputShape ? [null, ...inputShape] : undefined);
    const more = { dtype: this.dtype, ...(shape && { batchInputShape: shape }) };
    if (this.#handle) return { name: this.name, trainable: this.trainable, ...more };
    return { ...(name === undefined ? {} : { name }), trainable: trainable ?? true, ...more };
  }
  /** A layer of this class with these settings. */
  static fromConfig<T extends Layer>(this: new (config: never) => T, config: Record<string, unknown>): T {
    return new this(config as never);
  }

  /** Frees what the core holds of it, now rather than when nobody refers to it any more. */
  dispose(): { refCountAfterDispose: number; numDisposedVariables: number } {
    const count = this.#handle && !this.#handle.isFreed && this.built ? this.weights.length : 0;
    this.#home?.leave();
    this.#handle?.free();
    if (this.#foreign > 0) releaseForeign(this.#foreign);
    return { refCountAfterDispose: 0, numDisposedVariables: count };
  }
}

/** The weights of a layer, moved out with their shapes. */
function weightsOf(handle: Handle<CoreLayer>): Movable<[Float32Array, Uint32Array][]> {
  const core = (): CoreLayer => handle.get('weights');
  return {
    bytes: () => call(() => core().weightBytes()),
    moveOut: () => call(() => core().takeWeights()),
    moveIn: (kept) => {
      const [values, shapes] = [kept.map(([one]) => one), kept.map(([, shape]) => shape)];
      call(() => core().giveWeights(values, shapes));
    },
  };
}

const single = <T>(all: T[]): T | T[] => (all.length === 1 ? all[0]! : all);

const shownDims = (dims: Dims): string => dims.map(String).join(',');

/** A single tensor that can also be read as a list of one: programs do both. */
function alsoList(tensor: Tensor): Tensor {
  Object.defineProperty(tensor, 0, { value: tensor });
  Object.defineProperty(tensor, Symbol.iterator, {
    value: function* () {
      yield tensor;
    },
  });
  return tensor;
}

/** One shape or several, each with its batch axis, as a list. */
export function listOfDims(where: string, shape: unknown): Dims[] {
  const isLength = (value: unknown): boolean =>
    value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);
  const isDims = (value: unknown): value is Dims =>
    Array.isArray(value) && value.length > 0 && value.length <= 6 && value.every(isLength);
  if (isDims(shape)) return [shape];
  if (Array.isArray(shape) && shape.length > 0 && shape.every(isDims)) return shape as Dims[];
  throw fault('type', `${where}: expected a shape such as [null, 3], got ${describe(shape)}`);
}

/** Replaces the values of all these weights, or of none. */
export function setAll(where: string, weights: readonly LayerVariable[], values: unknown): void {
  if (!Array.isArray(values))
    throw fault('type', `${where}: expected an array of tensors, got ${describe(values)}`);
  if (values.length !== weights.length) {
    throw fault('shape', `${where}: there are ${weights.length} weights, but ${values.length} were given`);
  }
  const tensors = values.map((value, at) => {
    const tensor = asTensor(where, value);
    const { name, shape } = weights[at]!;
    if (`${tensor.shape}` !== `${shape}`) {
      throw fault('shape', `${where}: ${name} is [${shape}], not [${tensor.shape}]`);
    }
    return tensor.toFloat();
  });
  weights.forEach((weight, at) => {
    weight.write(tensors[at]!);
  });
}
