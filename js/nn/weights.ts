/** The weights of layers as variables: what is assigned to them is what the layer computes with. */
import { describe, fault } from '../engine/errors.js';
import { takeThrown } from '../engine/foreign.js';
import { broken, call, currentGeneration } from '../engine/instance.js';
import { isA, isArray, isObject } from '../engine/look.js';
import { asFloat, asTensor, make, slotOf, Tensor, Unasked } from '../tensor/handle.js';
import { checkShape, sizeOf } from '../tensor/shape.js';
import { adoptAll, lendAll } from '../tensor/slots.js';
import { shapeOf } from '../tensor/values.js';
import type { Store, Variable } from '../tensor/variable.js';
import type { CoreOptimizer, CoreWeight } from '../wasm/mapling.js';
import { hasVariables, makeVariable, noteSnapshot } from './weight-variables.js';

/** Reads and writes a weight where it lies: in its layer. */
class WeightStore implements Store {
  #find: () => CoreWeight | undefined;
  /** Sees to it that the weights of the layer are in the core. */
  #enter: () => void;
  #found: CoreWeight | undefined;
  #isFreed = false;
  readonly #generation = currentGeneration();
  #key: number | undefined;
  /** A slot with the values that it has while its layer is tried out, before it exists. */
  #standIn: number | undefined;
  /** The name, where it is known before the weight exists. */
  readonly #name: (() => string) | undefined;

  constructor(find: () => CoreWeight | undefined, enter: () => void, name?: () => string) {
    this.#find = find;
    this.#enter = enter;
    this.#name = name;
  }
  /** Lets go of the weight now rather than when the collector finds it. */
  free(): void {
    this.#isFreed = true;
    // What was in an instance that has stopped is gone with it.
    if (this.#generation === currentGeneration()) this.#found?.free();
    this.#found = undefined;
    // Whoever still has the weight holds nothing of the layer.
    this.#find = () => undefined;
    this.#enter = () => {};
  }
  get core(): CoreWeight {
    if (this.#isFreed) throw fault('state', 'the weight was disposed of with its layer');
    this.#enter();
    this.#found ??= call(this.#find);
    if (typeof this.#found?.key === 'function') return this.#found;
    throw fault('state', 'the weight does not exist before its layer is built');
  }
  get key(): number {
    this.#key ??= this.core.key();
    return this.#key;
  }
  get knownKey(): number | undefined {
    if (this.#key === undefined && this.#found) this.#key = this.#found.key();
    return this.#key;
  }
  get name(): string {
    return this.#found || !this.#name ? this.core.name() : this.#name();
  }
  get exists(): boolean {
    // What was in an instance that has stopped is lost.
    if (this.#isFreed || this.#generation !== currentGeneration()) return false;
    if (this.#found) return true;
    try {
      // A weight that does not exist has no key.
      return this.key !== undefined;
    } catch {
      return false;
    }
  }
  get trainable(): boolean {
    // Where the values are does not matter.
    const core = this.#found ?? this.core;
    try {
      return core.trainable();
    } catch (thrown) {
      throw broken(thrown);
    }
  }
  set trainable(_: boolean) {
    throw fault('state', `${this.name}: set \`trainable\` of the layer: its weights follow`);
  }
  /** Has the values in a slot until it is told `undefined`; what is assigned in between is forgotten. */
  pretend(slot: number | undefined): void {
    this.#standIn = slot;
  }
  slot(): number {
    const standIn = this.#standIn;
    if (standIn !== undefined) return call((wasm) => wasm.share(standIn));
    const { core } = this;
    try {
      return core.slot();
    } catch (thrown) {
      throw broken(thrown);
    }
  }
  assign(slot: number): void {
    if (this.#standIn === undefined) call(() => this.core.assign(slot));
  }
  makeRoom(optimizer: CoreOptimizer): void {
    this.core.makeRoom(optimizer);
  }
  update(optimizer: CoreOptimizer, gradient: number): void {
    this.core.update(optimizer, gradient);
    takeThrown();
  }
}

/** A weight of a layer. */
export class LayerVariable {
  readonly dtype = 'float32' as const;
  readonly shape: number[];
  #variable: Variable | undefined;
  readonly #store: WeightStore;

  /**
   * `find` gives the weight once it exists; until then it has this name and shape. `enter` sees to it that the weights
   * of its layer are in the core.
   */
  constructor(find: () => CoreWeight | undefined, enter: () => void, name?: () => string, shape?: number[]) {
    if (typeof find !== 'function' || typeof enter !== 'function')
      throw fault('type', 'LayerVariable: layers make them, by addWeight()');
    this.#store = new WeightStore(find, enter, name);
    this.shape = shape ?? Array.from(this.#store.core.shape());
    // Variables are found by their names, so it is one from the start.
    if (hasVariables()) void this.val;
  }
  /** The weight as a variable, of which gradients can be found. */
  get val(): Variable {
    this.#variable ??= makeVariable(this.#store, this.shape);
    return this.#variable;
  }
  get id(): number {
    return this.#store.key;
  }
  /** See {@link WeightStore.pretend}. */
  pretend(slot: number | undefined): void {
    this.#store.pretend(slot);
  }
  get name(): string {
    return this.#store.name;
  }
  get originalName(): string {
    return this.name;
  }
  get trainable(): boolean {
    return this.#store.trainable;
  }
  /** Refused: training changes all weights of a layer, or none. */
  set trainable(trainable: boolean) {
    this.#store.trainable = trainable;
  }
  /** Whether its layer changes it and gradients do not. */
  get isState(): boolean {
    return this.#store.core.isState();
  }
  /** The weight as a variable: it has the values that the weight has when they are read. */
  read(): Variable {
    return this.val;
  }
  /** Finds the memory for what an optimizer remembers of it. */
  makeRoom_(optimizer: CoreOptimizer): void {
    call(() => this.#store.makeRoom(optimizer));
  }
  /** Lets go of it: its layer is disposed of. */
  free(): void {
    this.#store.free();
    this.#variable?._leaveNames();
  }
  /** Its values at this moment. */
  snapshot(): Tensor {
    const made = adoptAll([this.#store.slot()])[0]!;
    const values = new Unasked(made._cell, made.shape, made.dtype);
    made.dispose();
    noteSnapshot?.(values, this);
    return values;
  }
  /** Whether it adds something to the loss. */
  hasPenalty_(): boolean {
    return call(() => this.#store.core.hasPenalty());
  }
  /** What it adds to the loss, a single value through which gradients flow. */
  penalty_(): Tensor | undefined {
    const [slot] = lendAll([this.val], this.name);
    try {
      const made = call(() => this.#store.core.penalty(slot!));
      return made === undefined ? undefined : adoptAll([made])[0];
    } finally {
      call((wasm) => wasm.free(slot!));
    }
  }
  /** Replaces its values. */
  write(value: Tensor): this {
    const [slot] = lendAll([asTensor(this.name, value)], this.name);
    this.#store.assign(slot!);
    call((wasm) => wasm.free(slot!));
    return this;
  }
}

/** A path without what stands before its last part: TensorFlow.js leaves out the names of cells and of wrapped layers. */
function withoutInner(path: string): string {
  const parts = path.split('/');
  parts.splice(-2, 1);
  return parts.join('/');
}

/**
 * The weight of this path. Keras puts the name of a sequential model in front, which may be there or not; TensorFlow.js
 * leaves some names out.
 */
export function weightAt(weights: readonly LayerVariable[], path: string): LayerVariable | undefined {
  const inside = path.slice(path.indexOf('/') + 1);
  const short = weights.filter(({ name }) => withoutInner(name) === path);
  return (
    weights.find(({ name }) => name === path) ??
    weights.find(({ name }) => name === inside) ??
    (short.length === 1 ? short[0] : undefined)
  );
}

/** The slots under which the weights are known in the scope that records at this moment. */
export function slotsOf(weights: readonly LayerVariable[]): number[] {
  const slots: number[] = [];
  for (const { val } of weights) slots.push(slotOf(val, val.name));
  return slots;
}

/**
 * Each weight once: a layer may be reached in two ways.
 * @example
 * const { values, indices } = unique([7, 5, 7]);
 * indices; // → [0, 1, 0]
 */
export function unique(weights: LayerVariable[]): LayerVariable[] {
  const known = new Set<number>();
  const once = weights.filter(({ id }) => !known.has(id) && known.add(id));
  return once.length === weights.length ? weights : once;
}

/** A weight in plain words, as it goes to another page, worker or machine; what `getWeights` gives has these too. */
export interface PlainWeight {
  shape: readonly number[];
  /** Row by row. */
  values: Float32Array | Float64Array | readonly number[];
}

/** A plain weight, whose values are not copied where they are 32-bit floats already. */
function fromPlain(where: string, given: object): Tensor {
  const { values, shape } = given as Partial<PlainWeight>;
  const isList = isArray(values) || ArrayBuffer.isView(values);
  if (!isList || !isArray(shape)) return asTensor(where, given as never);
  const isFloats = Object.prototype.toString.call(values) === '[object Float32Array]';
  const lengths = checkShape(where, shape);
  if (!isFloats || sizeOf(lengths) !== (values as Float32Array).length)
    return make(where, values, [...lengths], 'float32');
  // An array whose memory was given away has no values any more.
  shapeOf(where, values);
  return new Tensor(values as Float32Array, lengths, 'float32');
}

/** Replaces the values of all these weights, or of none. */
export function setAll(where: string, weights: readonly LayerVariable[], values: unknown): void {
  if (!isArray(values))
    throw fault('type', `${where}: expected an array of tensors, got ${describe(values)}`);
  if (values.length !== weights.length) {
    throw fault('shape', `${where}: there are ${weights.length} weights, but ${values.length} were given`);
  }
  const tensors = values.map((value, at) => {
    const tensor = isObject(value) && !isA(value, Tensor) ? fromPlain(where, value) : asTensor(where, value);
    const { name, shape } = weights[at]!;
    if (`${tensor.shape}` !== `${shape}`) {
      throw fault('shape', `${where}: ${name} is [${shape}], not [${tensor.shape}]`);
    }
    return asFloat(where, tensor);
  });
  weights.forEach((weight, at) => {
    weight.write(tensors[at]!);
  });
}
