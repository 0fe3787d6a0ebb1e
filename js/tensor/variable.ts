/** Variables: tensors whose values change, by assignment or by training. */
import { describe, fault } from '../engine/errors.js';
import { broken, core, currentGeneration } from '../engine/instance.js';
import { isA, isObject } from '../engine/look.js';
import type { CoreOptimizer } from '../wasm/mapling.js';
import { bring, changed, hostCell, isResident } from './cell.js';
import { Cell } from './chain.js';
import type { Like } from './elementwise.js';
import { asTensor, fromSlot, giveBack, lend, slotOf, Tensor, valuesOf } from './handle.js';
import { type Entry, Names } from './names.js';
import { copyNoted } from './note.js';
import type { Rank } from './rank.js';
import { current } from './scope.js';
import { checkShape, type Shape, sameShape, sizeOf } from './shape.js';
import { checkType, type DataType, type Values } from './values.js';

/** Where the values of a variable are that do not belong to the variable itself: the weights of a layer. */
export interface Store {
  /** A number that no other store has: optimizers keep what they remember of a variable under it. */
  readonly key: number;
  /** The key, once there is one. */
  readonly knownKey: number | undefined;
  readonly name: string;
  /** Whether there is a value: not before its layer is built, nor after it is disposed of. */
  readonly exists: boolean;
  trainable: boolean;
  /** A slot with the present value. It is the caller's, who frees it. */
  slot(): number;
  /**
   * Takes the value in `slot`, which stays the caller's.
   * @example
   * const weight = variable([1, 2]);
   * weight.assign(tensor([3, 4]));
   * weight; // → [3, 4]
   */
  assign(slot: number): void;
  /** Finds the memory for a step of the core's optimizer. */
  makeRoom(optimizer: CoreOptimizer): void;
  /** Lets the core's optimizer change the value by the gradient in a slot, which stays the caller's. */
  update(optimizer: CoreOptimizer, gradient: number): void;
}

/** The variables that are alive, by name. */
const byName = new Names<Variable>();
let unnamed = 0;

/** The variables with this name that are alive. */
export const living = (name: string): Variable[] => byName.named(name).filter((one) => !one.isDisposed);

/** The variables with this name that are alive; several variables of one weight count once. */
export function variablesNamed(name: string): Variable[] {
  const once = new Map<unknown, Variable>();
  for (const one of living(name)) {
    if (!one.isWeight) once.set(one, one);
    else if (one.exists) once.set(one.key, one);
  }
  return [...once.values()];
}

/** The variables that are alive, by name; of several with one name the first. */
export const variablesByName = (): Record<string, Variable> =>
  Object.fromEntries(
    byName.names.flatMap((name) =>
      variablesNamed(name)
        .slice(0, 1)
        .map((one) => [name, one]),
    ),
  );

/** The variables that are alive, by the numbers under which optimizers remember them. */
export function variablesByKey(): Map<number, Variable> {
  const all = byName.names.flatMap(living);
  const keyed = all.filter(({ exists, dtype }) => exists && dtype === 'float32');
  return new Map(keyed.map((one) => [one.key, one]));
}

/** Cells of variables whose values lie in a store. */
const placeholders = new WeakSet<Cell>();
function placeholder(): Cell {
  const cell = hostCell(0, new Float32Array(0));
  placeholders.add(cell);
  return cell;
}

/** A tensor whose values can be assigned anew, and that gradients are found for. */
export class Variable<R extends Rank = Rank> extends Tensor<R> {
  private readonly _store: Store | undefined;
  private readonly _name: string;
  private readonly _entry: Entry<Variable>;
  private _trainable = true;
  private _key = 0;
  private _keyGeneration = -1;

  /** A variable with values in a store, of kind float32; use `variable(…)` for one of its own. */
  constructor(place: Store | Cell, shape: Shape, dtype: DataType = 'float32', name?: string) {
    if (!isA(place, Cell) && !(isObject(place) && typeof (place as Partial<Store>).slot === 'function'))
      throw fault('type', `Variable: expected a store, got ${describe(place)}; use variable(…)`);
    const store = place instanceof Cell ? undefined : place;
    super(
      store ? placeholder() : (place as Cell),
      checkShape('Variable', shape),
      checkType('Variable', dtype),
    );
    this._cell.changes = true;
    this._store = store;
    this._name = store?.name ?? name ?? `variable${++unnamed}`;
    this._entry = store
      ? byName.enterLightly(this._name, this, 4 * sizeOf(this.shape))
      : byName.enter(this._name, this);
  }

  protected override get isScoped(): boolean {
    return false;
  }
  /** Weights are their layers': a variable of one is made when a program looks at it. */
  protected override get isCounted(): boolean {
    return !placeholders.has(this._cell);
  }
  override get isVariable(): boolean {
    return true;
  }
  override get isWatched(): boolean {
    return this.trainable && this.dtype === 'float32';
  }
  /** Several variables may be of one weight: of its layer, of a model with that layer. */
  override get identity(): number {
    const key = this._store?.knownKey;
    return key === undefined ? this.id : -1 - key;
  }
  get name(): string {
    return this.raw()._name;
  }
  /** Whether its values belong to a layer. */
  get isWeight(): boolean {
    return this.raw()._store !== undefined;
  }
  /** Whether it has values: a weight may not have been made yet, or its layer may be disposed of. */
  get exists(): boolean {
    const self = this.raw();
    return self._store ? self._store.exists : !self.isDisposed;
  }
  /** Whether training changes it, and `variableGrads` finds its gradient. */
  get trainable(): boolean {
    const self = this.raw();
    return self._store ? self._store.trainable : self._trainable;
  }
  set trainable(yes: boolean) {
    if (typeof yes !== 'boolean')
      throw fault('type', `trainable: expected true or false, got ${describe(yes)}`);
    const self = this.raw();
    if (self._store) self._store.trainable = yes;
    else self._trainable = yes;
  }
  /** The number under which optimizers remember it. */
  get key(): number {
    const self = this.raw();
    if (self._store) return self._store.key;
    if (self._keyGeneration !== currentGeneration()) {
      self._key = core().uniqueKey();
      self._keyGeneration = currentGeneration();
    }
    return self._key;
  }

  /** Takes new values, of the same shape and kind. */
  assign(value: Like): void {
    const self = this.raw();
    const from = asTensor('assign', value);
    asTensor('assign', self);
    if (from.dtype !== self.dtype)
      throw fault('type', `assign: the variable is ${self.dtype}, the new value ${from.dtype}`);
    if (!sameShape(from.shape, self.shape))
      throw fault('shape', `assign: the variable is [${self.shape}], the new value [${from.shape}]`);
    if (self.dtype !== 'float32') {
      changed(self._cell, valuesOf('assign', from).slice());
    } else {
      const slot = slotOf(from, 'assign');
      try {
        if (self._store) self._store.assign(slot);
        else core().replace(self._home(), slot);
      } catch (thrown) {
        throw broken(thrown);
      }
      giveBack();
      if (!self._store) changed(self._cell);
    }
    self._retire();
  }

  /** Finds the memory for a step of the core's optimizer: a step that cannot be done whole changes nothing. */
  makeRoom(optimizer: CoreOptimizer): void {
    const self = this.raw();
    asTensor('applyGradients', self);
    try {
      if (self._store) self._store.makeRoom(optimizer);
      else optimizer.makeRoom(self.key, self._home());
    } catch (thrown) {
      throw broken(thrown);
    }
    giveBack();
    if (!self._store) changed(self._cell);
  }

  /** One step of the core's optimizer, which has begun it. */
  update(optimizer: CoreOptimizer, gradient: Tensor): void {
    const self = this.raw();
    asTensor('applyGradients', self);
    const slot = slotOf(gradient, 'applyGradients');
    try {
      if (self._store) self._store.update(optimizer, slot);
      else optimizer.update(self.key, self._home(), slot);
    } catch (thrown) {
      throw broken(thrown);
    }
    giveBack();
    if (!self._store) changed(self._cell);
    if (current) self._retire();
  }

  override dispose(): void {
    const self = this.raw();
    self._leaveNames();
    super.dispose();
  }
  /** Is not found by its name any more. */
  _leaveNames(): void {
    byName.leave(this._entry);
  }

  /** Handles to the old values are not handed out any more. */
  private _retire(): void {
    for (let scope = current; scope; scope = scope.parent) scope.retire(this.identity);
  }

  private _home(): number {
    return bring('variable', this._cell, this.shape);
  }
  override _slot(where: string): number {
    return this._store ? lend(this._store.slot()) : super._slot(where);
  }
  override _values(where: string): Values {
    if (!this._store) return super._values(where);
    const slot = this._slot(where);
    core().lookAt(slot);
    const values = copyNoted(this.size);
    giveBack();
    return values;
  }
  /** The values as they are now, which stay when the variable changes. */
  override _view(shape: Shape): Tensor {
    const { _cell: cell } = this;
    if (!this._store && !isResident(cell)) {
      return new Tensor(hostCell(this.size, valuesOf('variable', this)), shape, this.dtype);
    }
    const slot = core().share(this._slot('variable'));
    giveBack();
    return fromSlot(slot, this.shape)._view(shape);
  }
}

/** What has a variable: the weight of a layer. */
export interface HasVariable {
  readonly val: Variable;
}

/** Of which weight a tensor holds the values as they were when somebody asked for them. */
const snapshots = new WeakMap<Tensor, HasVariable>();
export function noteSnapshot(values: Tensor, weight: HasVariable): void {
  snapshots.set(values, weight);
}

/** A variable, or that of a layer's weight, from the weight or from what `getWeights` gave of it. */
export function variableOf(given: unknown): Variable | undefined {
  if (isA(given, Variable)) return given.raw();
  // What `getWeights` gives are the weights themselves in TensorFlow.js.
  if (isA(given, Tensor)) return snapshots.get(given.raw())?.val;
  const { val } = (isObject(given) ? given : {}) as Partial<HasVariable>;
  return isA(val, Variable) ? val : undefined;
}

/**
 * Disposes of all variables that were made by `variable`.
 * @example
 * const weight = variable([1, 2]);
 * disposeVariables();
 * weight.isDisposed; // → true
 */
export function disposeVariables(): void {
  for (const name of byName.names) for (const one of living(name)) if (!one.isWeight) one.dispose();
}
