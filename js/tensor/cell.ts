/**
 * Where the values of tensors lie. WebAssembly's memory is a cache: a cell has a slot in the core, an array in
 * JavaScript, or both. The cells in the core have a budget; beyond it the oldest are moved out to arrays, which the
 * ordinary collector frees, inside a synchronous loop too. So nobody has to dispose of anything.
 */
import { fault } from '../engine/errors.js';
import { broken, core, currentGeneration, memoryBuffer, onStart } from '../engine/instance.js';
import {
  type Account,
  type Bytes,
  Cell,
  Chain,
  type Factors,
  isRecipe,
  type Recipe,
  unlink,
} from './chain.js';
import { copyFrom, copyNoted, memoryUpTo, note, notedShape } from './note.js';
import type { Values } from './values.js';

/** Bytes of cells that may lie in the core at once, but for those that are recorded. */
export const BUDGET = 128 * 2 ** 20;
/** The most of such cells: each has an object in JavaScript too, which is larger than a few values. */
const MOST_CELLS = 2 ** 16;
/**
 * Results of ops are young first, and only so many: most are not used any more when as much has come after them. These
 * are moved out, while they and those who hold them are still in a cache; others stay.
 */
const YOUNG_BYTES = 2 ** 20;
const YOUNG_CELLS = 2 ** 10;
/** So few results stay young however large they are, up to half the budget: an expression has several at work. */
const FEW_YOUNG = 32;
/** WebAssembly's memory grows by so many bytes at once: it takes long. */
const GROWTH = 8 * 2 ** 20;

/** So many values are moved out to a plain array, which takes half the time that a typed array takes to make. */
const FEW = 128;

/** What the core answers instead of a slot. */
export const FAILED = 0xffff_ffff;

/** What to do with ops that run again: `recipe.ts` says it, without which there are none. */
export const repeating = {
  canRepeat: (_: Recipe): boolean => false,
  again: (_where: string, _recipe: Recipe): number => FAILED,
};

/** What `memory` tells of. */
export const totals = { tensors: 0, cells: 0, bytes: 0, resident: 0 };
/** The number of the op that is under way: the slots that it has asked for stay where they are. */
let op = 0;
/** The op that asked for slots has run. */
export const opIsOver = (): void => {
  op++;
};
/** The cells that may be moved out. */
const young = new Chain();
const old = new Chain();
/** Bytes of cells for which WebAssembly's memory has grown. */
let grown = 0;
/** The large cells that were used last: what a layer computes from is among them when its gradient is found. */
const latest = new Array<Cell | undefined>(16);
const LARGE = 2 ** 12;
let turn = 0;

onStart(() => {
  young.clear();
  old.clear();
  grown = 0;
  latest.fill(undefined);
  totals.resident = 0;
});

const inCore = (account: Account): boolean => account.slot >= 0 && account.generation === currentGeneration();

/** Whether the values lie in JavaScript, too or only. */
export const hasValues = ({ host }: Cell): boolean => host !== undefined && !isRecipe(host);

/** Whether the values lie in the core at this moment. */
export const isResident = (cell: Cell): boolean => inCore(cell.account);

/** A cell for the tensor that the core has just put into `slot`. */
export function adoptSlot(slot: number, shape: readonly number[], size: number, pinned: boolean): Cell {
  const cell = new Cell(size, 4 * size);
  settleIn(cell, slot, shape, note()[7]!, pinned);
  totals.cells++;
  totals.bytes += cell.account.bytes;
  return cell;
}

/** A cell for values in JavaScript. */
export function hostCell(size: number, host: Values | Bytes): Cell {
  const cell = new Cell(size, ('bytes' in host ? host.bytes : host).byteLength, host);
  totals.cells++;
  totals.bytes += cell.account.bytes;
  return cell;
}

function settleIn(cell: Cell, slot: number, shape: readonly number[], address: number, pinned: boolean) {
  const { account } = cell;
  // Values that are brought in once more have been used after they were moved out.
  const chain = account.generation < 0 ? young : old;
  account.slot = slot;
  account.generation = currentGeneration();
  cell.shape = shape;
  cell.address = address;
  totals.resident += account.bytes;
  if (account.size >= LARGE) noteUse(cell);
  if (young.bytes + old.bytes > grown) {
    grown = young.bytes + old.bytes + GROWTH;
    core().canReserve(GROWTH);
  }
  if (!pinned) unpin(cell, chain);
}

function noteUse(cell: Cell): void {
  latest[turn++ % latest.length] = cell;
}

/** Lets a cell in the core be moved out when others need the room. */
export function unpin(cell: Cell, chain = young): void {
  const { account } = cell;
  if (account.chain || !inCore(account)) return;
  account.since = op;
  chain.add(account, cell);
  if (tooMany()) growOld();
  const rest = BUDGET - Math.max(YOUNG_BYTES, young.bytes);
  if (old.bytes > rest || old.links > MOST_CELLS) makeRoom(old, rest);
}

const tooMany = (): boolean =>
  young.links > YOUNG_CELLS || young.bytes > (young.links > FEW_YOUNG ? YOUNG_BYTES : BUDGET / 2);

/** Moves the oldest of the young cells out, or to the old ones if they were used not long ago. */
function growOld(): void {
  let account = young.oldest;
  while (account && account !== young.newest && tooMany()) {
    const { after, cell, since, used } = account as Account;
    if (used === op || 2 * used > since + op) {
      young.remove(account);
      old.add(account, cell!);
      cell!.recipe = undefined;
    } else {
      moveOut(account, cell!);
    }
    account = after;
  }
}

function moveOut(account: Account, cell: Cell): void {
  const { host, recipe } = cell;
  // What had to be computed again is copied this time: it is wanted more than once.
  if (!host || isRecipe(host)) {
    if (isLate(cell)) cell.host = factorsOf(cell);
    else if (recipe && repeating.canRepeat(recipe)) cell.host = recipe;
    else cell.host = account.size > FEW ? copyOut(cell) : few(cell);
  }
  cell.recipe = undefined;
  leave(account);
}

/** Copies values that lie in the core alone to JavaScript too; whether they were there. */
export function copyToHost(cell: Cell): boolean {
  if (!inCore(cell.account)) return false;
  cell.host = copyOut(cell);
  return true;
}

/** Moves the oldest cells of a chain out until it has at most `bytes`; the newest stays, and what is in use. */
function makeRoom(chain: Chain, bytes: number): void {
  let account = chain.oldest;
  while (account && account !== chain.newest && (chain.bytes > bytes || chain.links > MOST_CELLS)) {
    const { after, cell } = account as Account;
    if (account.used !== op) moveOut(account, cell!);
    account = after;
  }
}

/** Moves out all that can be: memory is short. */
export function clearOut(): void {
  makeRoom(young, 0);
  makeRoom(old, 0);
}

/** The values of a variable are others now: in its slot, or else those in JavaScript that are given. */
export function changed(cell: Cell, host?: Values): void {
  cell.host = host;
  if (!isResident(cell)) return;
  if (host) {
    leave(cell.account);
    return;
  }
  core().lookAt(cell.account.slot);
  cell.address = note()[7]!;
}

/** Frees the slot. */
function leave(account: Account): void {
  account.chain?.remove(account);
  totals.resident -= account.bytes;
  const { slot } = account;
  account.slot = -1;
  core().free(slot);
}

/** The values of a cell with few of them. */
function few(cell: Cell): number[] {
  const { size } = cell.account;
  const begin = cell.address >>> 2;
  const memory = memoryUpTo(begin + size);
  const values = new Array<number>(size);
  for (let at = 0; at < size; at++) values[at] = memory[begin + at]!;
  return values;
}

/** Whether the values are a gradient that the core has not computed yet. */
const isLate = (cell: Cell): boolean => cell.address === 0;

/** Finds where the first factor of a gradient that waits came from: it need not be copied then when it is moved out. */
export function findSource(cell: Cell): void {
  if (!isLate(cell)) return;
  const lent = core().factorOf(cell.account.slot, 0);
  const address = note()[7]!;
  core().free(lent);
  cell.source = latest.find((one) => one && inCore(one.account) && one.address === address && !one.changes);
}

/** Copies the values out of the core, which computes a gradient that waits. */
function copyOut(cell: Cell): Float32Array {
  if (isLate(cell)) {
    if (core().computeLate(cell.account.slot) === FAILED) throw core().takeFailure();
    cell.address = note()[7]!;
  }
  return copyFrom(cell.address, cell.account.size);
}

/** What a gradient that waits is made from: it is less than the gradient. */
function factorsOf({ account: { slot }, source }: Cell): Factors {
  const factor = (which: number): Float32Array => {
    const lent = core().factorOf(slot, which);
    const [, rows, columns] = note();
    const copy = copyNoted(rows! * columns!);
    core().free(lent);
    return copy;
  };
  const b = factor(1);
  const rows = note()[1]!;
  if (source && inCore(source.account)) source.host ??= copyOut(source);
  return { rows, factors: [source?.host ? source : factor(0), b] };
}

/** A slot with a gradient that waits again; its shape and address are noted. */
function lateSlot(where: string, { rows, factors }: Factors): number {
  const [a, b] = factors.map((factor) => {
    if (!(factor instanceof Cell)) return filled(where, [rows, factor.length / rows], factor);
    const shape = [rows, factor.account.size / rows];
    return core().view(bring(where, factor, shape), Uint32Array.from(shape));
  });
  return core().lateProduct(a!, b!);
}

/** The values, not copied where they lie in JavaScript: for reading only. */
export function read(where: string, cell: Cell): Values {
  const { host } = cell;
  if (Array.isArray(host)) return Float32Array.from(host);
  if (host && (isRecipe(host) || 'factors' in host)) bring(where, cell, cell.shape);
  else if (host) return 'bytes' in host ? Float32Array.from(host.bytes, (byte) => byte / 255) : host;
  if (!inCore(cell.account)) throw lost(where, cell.account);
  core();
  return copyOut(cell);
}

function lost(where: string, account: Account): Error {
  if (account.generation === currentGeneration() && account.slot < 0) {
    return fault('state', `${where}: the tensor is disposed`);
  }
  return fault('state', `${where}: this tensor was lost with the instance of mapling that it was in`);
}

/**
 * The slot of the cell, whose values are brought into the core if they are not there. They may be moved out again while a
 * scope records too: what is recorded holds on to them by itself.
 */
export function bring(where: string, cell: Cell, shape: readonly number[]): number {
  const { account, host } = cell;
  account.used = op;
  if (inCore(account)) {
    if (account.size >= LARGE) noteUse(cell);
    return account.slot;
  }
  // A slot of an instance that is gone; so is the chain that the cell was in.
  unlink(account);
  if (!host) throw lost(where, account);
  const slot = fromHost(where, host, shape);
  settleIn(cell, slot, isRecipe(host) ? notedShape(shape) : shape, note()[7]!, false);
  return slot;
}

/** A slot with what lies in JavaScript; its address is noted. An op that runs again decides on the shape itself. */
export function fromHost(where: string, host: NonNullable<Cell['host']>, shape: readonly number[]): number {
  if (isRecipe(host)) return repeating.again(where, host);
  if ('factors' in host) {
    const slot = lateSlot(where, host);
    if (slot === FAILED) throw core().takeFailure();
    return slot;
  }
  return 'bytes' in host ? pictures(where, shape, host.bytes) : filled(where, shape, host);
}

/** A slot with these values; their address is noted. */
function filled(where: string, shape: readonly number[], values: ArrayLike<number>): number {
  const slot = reserve(where, shape, values.length);
  const begin = note()[7]! >>> 2;
  memoryUpTo(begin + values.length).set(values, begin);
  return slot;
}

/** A slot with the values of these bytes, which the core divides by 255; their address is noted. */
function pictures(where: string, shape: readonly number[], bytes: Uint8Array): number {
  const slot = reserve(where, shape, bytes.length);
  const address = note()[7]!;
  memoryUpTo((address >>> 2) + bytes.length);
  // The last quarter of the room: the core has read a byte before it writes the value of a later one there.
  new Uint8Array(memoryBuffer(), address + 3 * bytes.length, bytes.length).set(bytes);
  core().expandBytes(slot);
  return slot;
}

/** A slot for values of this shape; their address is noted. */
function reserve(where: string, shape: readonly number[], size: number): number {
  const wasm = core();
  const words = note();
  words[0] = shape.length;
  for (let axis = 0; axis < shape.length; axis++) words[axis + 1] = shape[axis]!;
  try {
    let slot = wasm.allocate();
    if (slot === FAILED) {
      wasm.takeFailure();
      clearOut();
      slot = wasm.allocate();
    }
    if (slot !== FAILED) return slot;
    wasm.takeFailure();
  } catch (thrown) {
    throw broken(thrown);
  }
  throw fault('memory', `${where}: ${4 * size} bytes do not fit into WebAssembly's memory`);
}

/** One more tensor has the cell. */
export function hold(account: Account, isCounted: boolean): void {
  account.holders++;
  if (isCounted) totals.tensors++;
}

/** One tensor less has the cell; with the last its memory is freed. */
export function release(account: Account, isCounted: boolean): void {
  if (isCounted) totals.tensors--;
  if (--account.holders > 0) return;
  totals.cells--;
  totals.bytes -= account.bytes;
  try {
    if (inCore(account)) leave(account);
    else unlink(account);
  } catch {
    // The instance has stopped, and the slot is gone with it.
  }
}
