/** The handle of a tensor: immutable values with a shape, in the core or in JavaScript; nothing to dispose of. */

import { describe, fault, shown } from '../engine/errors.js';
import { broken, core } from '../engine/instance.js';
import { areAll, isA, isArray, isObject } from '../engine/look.js';
import { type Batch, enlist } from './batches.js';
import {
  adoptSlot,
  bring,
  FAILED,
  hold,
  hostCell,
  isResident,
  opIsOver,
  read,
  release,
  unpin,
} from './cell.js';
import { type Bytes, Cell } from './chain.js';
import { notedShape } from './note.js';
import type { Rank } from './rank.js';
import { current, type Made, type Scope, type Watchable } from './scope.js';
import { checkShape, type Shape, sameShape, sizeOf, stepsOf } from './shape.js';
import {
  checkType,
  convert,
  type DataType,
  type DataTypeMap,
  flatten,
  isTypedArray,
  type NumericDataType,
  nest,
  room,
  shapeOf,
  typeOfArray,
  type Values,
} from './values.js';

export type { Bytes } from './chain.js';

export type Padding = 'same' | 'valid';

/** Names that TensorFlow.js gives to numbers of axes. */
export type RankType = '0' | '1' | '2' | '3' | '4' | '5' | '6' | 'higher';

let count = 0;

/** A cell for values that the constructor is given beside their shape. */
function hostFor(held: Values | Bytes, shape: Shape): Cell {
  const { bytes = held } = (isObject(held) ? held : {}) as Partial<Bytes>;
  if (isArray(shape) && areAll(shape, (length) => typeof length === 'number') && isTypedArray(bytes))
    return hostCell(sizeOf(shape), held);
  throw fault('type', `Tensor: tensor(…) makes them, got ${describe(held)} and ${describe(shape)}`);
}

/**
 * An array of numbers with a shape. Its ops are in the files beside this one; `methods.ts` makes them methods, and
 * `print.ts` adds those that write it as text.
 */
export class Tensor<R extends Rank = Rank> implements Made, Watchable {
  /**
   * Tells types of so many axes apart, and lets a tensor of any be taken for one of those: ops say only that they give a
   * tensor. It is never there.
   */
  _ofRank?(rank: R): void;
  readonly id = count++;
  readonly shape: Shape;
  readonly dtype: DataType;
  /**
   * The tensor itself. Through a proxy around it (a UI library's reactive state, say) everything else may come back
   * wrapped; what a function gives does not.
   */
  readonly raw: () => this;
  /** Where the values lie; for this folder only, as everything that begins with an underscore. */
  readonly _cell: Cell;
  private readonly _batch: Batch;
  private readonly _place: number;
  private _disposed = false;
  private _kept = false;
  /** Of a gradient the variable that it is for. (A `WeakMap` of thousands of gradients makes the collector slow.) */
  declare _target?: Tensor;

  /** Takes `held` as it is; use `tensor(…)` to have it checked. */
  constructor(held: Values | Bytes | Cell, shape: Shape, dtype: DataType) {
    this.shape = shape;
    this.dtype = dtype;
    this.raw = () => this;
    const cell = isA(held, Cell) ? held : hostFor(held, shape);
    this._cell = cell;
    const { isCounted } = this;
    hold(cell.account, isCounted);
    this._batch = enlist(cell.account, isCounted);
    this._place = this._batch.accounts.length - 1;
    if (this.isScoped) current?.made.push(this);
  }

  /** Whether the tensor is freed with the scope that it is made in. */
  protected get isScoped(): boolean {
    return true;
  }
  /** Whether `memory().numTensors` counts it. */
  protected get isCounted(): boolean {
    return true;
  }
  get isVariable(): boolean {
    return false;
  }
  /** See {@link Watchable}. */
  get identity(): number {
    return this.id;
  }
  /** Whether scopes that watch variables watch it. */
  get isWatched(): boolean {
    return false;
  }

  get rank(): number {
    return this.shape.length;
  }
  get rankType(): RankType {
    return this.rank < 5 ? (String(this.rank) as RankType) : 'higher';
  }
  get size(): number {
    return sizeOf(this.shape);
  }
  /** How far apart neighbours lie along each axis but the last, where it is 1. */
  get strides(): number[] {
    return stepsOf(this.shape).slice(0, -1);
  }

  /** The bytes of a set of pictures, when this tensor is one. */
  get packed(): Uint8Array | undefined {
    const { host } = this.raw()._cell;
    return host && 'bytes' in host ? host.bytes : undefined;
  }
  /** The values, row by row; where they lie in JavaScript not copied, so for reading only. */
  get values(): Values {
    return heldBy('values', this.raw());
  }

  /**
   * A copy of the values, row by row; of complex ones real and imaginary parts by turns.
   * @example tensor([[1, 2], [3, 4]]).dataSync(); // → [1, 2, 3, 4]
   */
  dataSync<D extends DataType = NumericDataType>(): DataTypeMap[D] {
    const self = this.raw();
    const values = heldBy('dataSync', self);
    return (self._cell.host === values ? values.slice() : values) as DataTypeMap[D];
  }
  /** The values, row by row. @example await tensor([1, 2]).data(); // → [1, 2] */
  async data<D extends DataType = NumericDataType>(): Promise<DataTypeMap[D]> {
    return this.dataSync<D>();
  }
  /**
   * The values as nested arrays, or a number.
   * @example tensor([1, 2, 3, 4], [2, 2]).arraySync(); // → [[1, 2], [3, 4]]
   */
  // biome-ignore lint/suspicious/noExplicitAny: as deeply nested as the shape; TensorFlow.js' programs index it freely
  arraySync(): any {
    const self = this.raw();
    const values = heldBy('arraySync', self);
    const width = self.shape.at(-1);
    const wide = self.dtype === 'complex64' && width !== undefined;
    return nest(values, wide ? [...self.shape.slice(0, -1), 2 * width] : self.shape);
  }
  /** The values as nested arrays, or a number. @example await tensor([[1, 2]]).array(); // → [[1, 2]] */
  // biome-ignore lint/suspicious/noExplicitAny: see arraySync
  async array(): Promise<any> {
    return this.arraySync();
  }
  /** The bytes of a copy of the values. */
  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(this.dataSync().buffer as ArrayBuffer);
  }

  /**
   * Frees the memory now; without it that happens when nobody refers to the tensor.
   * @example
   * const x = tensor([1]);
   * x.dispose();
   * x.isDisposed; // → true
   */
  dispose(): void {
    const self = this.raw();
    if (self._disposed) return;
    self._disposed = true;
    self._batch.accounts[self._place] = undefined;
    release(self._cell.account, self.isCounted);
  }
  get isDisposed(): boolean {
    return this.raw()._disposed;
  }
  /** Keeps the tensor beyond the end of the `tidy` that it is made in. */
  keep(): this {
    const self = this.raw();
    self._kept = true;
    return self;
  }
  get isKept(): boolean {
    return this.raw()._kept;
  }

  /** See {@link Made}. */
  settle(): void {
    const { _cell: cell } = this;
    if (!isResident(cell)) return;
    try {
      if (cell.isRecorded) core().detach(cell.account.slot);
    } catch (thrown) {
      throw broken(thrown);
    }
    unpin(cell);
  }

  /** The slot in which the core finds the values; for ops that run at once, as {@link slotOf}. */
  _slot(where: string): number {
    const { _cell: cell } = this;
    const slot = bring(where, cell, this.shape);
    if (this.shape === cell.shape || sameShape(this.shape, cell.shape)) return slot;
    return lend(reshaped(where, slot, this.shape));
  }
  /** The same values in another shape of as many. */
  _view(shape: Shape): Tensor {
    return new Tensor(this._cell, shape, this.dtype);
  }
  /** The values, for reading only. */
  _values(where: string): Values {
    return read(where, this._cell);
  }
}

/** A tensor that the program has not made: of an array that an op is given, or of a weight's values. */
export class Unasked extends Tensor {
  protected override get isCounted(): boolean {
    return false;
  }
}

const dispose = (Symbol as { dispose?: symbol }).dispose;
if (dispose) Object.defineProperty(Tensor.prototype, dispose, { value: Tensor.prototype.dispose });

/** Slots that are freed once the op that asked for them is done. */
const lent: number[] = [];

/** Hands over a slot to the op that is about to run. */
export function lend(slot: number): number {
  lent.push(slot);
  return slot;
}

/** To be called when an op has run: frees what was lent to it, and lets its inputs be moved out again. */
export function giveBack(): void {
  opIsOver();
  while (lent.length > 0) core().free(lent.pop()!);
}

function reshaped(where: string, slot: number, shape: readonly number[]): number {
  const view = core().view(slot, Uint32Array.from(shape));
  if (view !== FAILED) return view;
  core().takeFailure();
  throw fault('state', `${where}: the values of shape ${shown(shape)} are not there`);
}

function checkAlive(where: string, tensor: Tensor): void {
  if (tensor.isDisposed) throw fault('state', `${where}: the tensor is disposed`);
}

/** Refuses complex numbers: ops that take them ask for their pairs (`pairs.ts`) and never come here. */
function checkReal(where: string, tensor: Tensor): void {
  if (tensor.dtype === 'complex64')
    throw fault('type', `${where}: complex64 is not taken here; real(x) and imag(x) are`);
}

/** Makes a recorded handle to a tensor's values. */
export function track(tensor: Watchable, around: Scope | undefined): number {
  const before = lent.length;
  const known = around ? around.resolve(tensor, track) : -1;
  const slot = core().track(known >= 0 ? known : (tensor as Tensor)._slot('gradients'));
  // The op that asks may have other inputs already: what was lent to it is its own until it has run.
  while (lent.length > before) core().free(lent.pop()!);
  return slot;
}

/**
 * The slot of a tensor for an op that runs at once, and calls {@link giveBack} afterwards. The values are brought into
 * the core if they are not there; within a scope that watches the tensor it is the recorded handle's.
 */
export function slotOf(tensor: Tensor, where = 'tensor'): number {
  const self = tensor.raw();
  checkAlive(where, self);
  checkReal(where, self);
  if (current?.records) {
    const handle = current.resolve(self, track);
    if (handle >= 0) return handle;
  }
  return self._slot(where);
}

/**
 * A tensor of what the core has put into `slot`, which is the tensor's from now on. The core is asked for the shape if
 * it is not given.
 */
export function fromSlot(slot: number, shape?: readonly number[], dtype: DataType = 'float32'): Tensor {
  core().lookAt(slot);
  return adopt(slot, shape ? shape.slice() : notedShape([]), dtype);
}

/** As {@link fromSlot}, for the slot that the core has put a tensor into last. */
export function adopt(slot: number, shape: Shape, dtype: DataType = 'float32'): Tensor {
  return new Tensor(adoptSlot(slot, shape, sizeOf(shape), current?.pins ?? false), shape, dtype);
}

/** The values of a tensor, for reading only. */
export function valuesOf(where: string, tensor: Tensor): Values {
  const self = tensor.raw();
  checkReal(where, self);
  return heldBy(where, self);
}

/** The same for complex tensors too: real and imaginary parts by turns. */
export function heldBy(where: string, self: Tensor): Values {
  checkAlive(where, self);
  return self._values(where);
}

/** `value` as a tensor, whatever it was. */
export function asTensor(where: string, value: unknown): Tensor {
  if (!isA(value, Tensor)) return make(where, value, undefined, undefined, Unasked);
  const tensor = value.raw();
  checkAlive(where, tensor);
  return tensor;
}

/** The tensor as float32: itself, where it is. */
export function asFloat(where: string, tensor: Tensor): Tensor {
  if (tensor.dtype === 'float32') return tensor;
  return new Tensor(convert(where, valuesOf(where, tensor), 'float32'), tensor.shape, 'float32');
}

/** Several tensors, from an array of what can be made into tensors. */
export function asTensors(where: string, values: unknown): Tensor[] {
  if (isArray(values) && values.length > 0) {
    return Array.from(values, (value: unknown) => asTensor(where, value));
  }
  throw fault('type', `${where}: expected an array of at least one tensor, got ${describe(values)}`);
}

/** Where a program says that it wants numbers, texts of numbers are taken for them, as TensorFlow.js does. */
const isNumeric = (dtype: unknown): boolean => dtype === 'float32' || dtype === 'int32';

/** A checked tensor of `value`; shape and kind follow from it when not given. */
export function make(
  where: string,
  value: unknown,
  shape?: readonly number[] | null,
  dtype?: DataType | null,
  Class: typeof Tensor = Tensor,
): Tensor {
  const array = isTypedArray(value);
  const known = array || isArray(value) || typeof value === 'number' || typeof value === 'boolean';
  if (!known)
    throw fault('type', `${where}: expected numbers or (nested) arrays of numbers, got ${describe(value)}`);
  const found = shapeOf(where, value);
  // A typed array is already flat: no need to look at each value.
  const { flat, kind: implied } = array
    ? { flat: value, kind: typeOfArray(value) }
    : flatten(where, value, found, isNumeric(dtype));
  const wanted = shape === undefined || shape === null ? found : checkShape(where, shape);
  if (sizeOf(wanted) !== flat.length) {
    throw fault(
      'shape',
      `${where}: shape [${wanted}] holds ${sizeOf(wanted)} values, but ${flat.length} were given`,
    );
  }
  const kind = dtype === undefined || dtype === null ? implied : checkType(where, dtype);
  return new Class(convert(where, flat, kind), wanted, kind);
}

/** A tensor that holds `value` everywhere. */
export function fill(where: string, shape: Shape, value: number, dtype: DataType): Tensor {
  const values = room(where, sizeOf(shape), dtype);
  return new Tensor(values.fill(dtype === 'bool' ? Number(value !== 0) : value), shape, dtype);
}
