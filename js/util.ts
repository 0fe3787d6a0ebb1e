/** Small things that programs written for TensorFlow.js call. */

import { describe, fault, whole } from './engine/errors.js';
import { call, core, init } from './engine/instance.js';
import { isArray } from './engine/look.js';
import { namespace } from './engine/namespace.js';
import { nextTurn } from './engine/turn.js';
import { scopes, tidy } from './grad/tidy.js';
import { type MemoryInfo, memory } from './tensor/cell.js';
import { nextSeed } from './tensor/seed.js';
import { checkShape, sameShape, sizeOf } from './tensor/shape.js';
import { isTypedArray } from './tensor/values.js';

/** Resolves when others (painting, clicks) have had their turn. */
export const nextFrame = (): Promise<void> => nextTurn();

/** Ready when `init` is; for programs that wait for TensorFlow.js' backend. */
export const ready = (): Promise<void> => init();

export const getBackend = (): string => 'wasm';

/** There is one backend: its names are taken, others refused. */
export async function setBackend(name: string): Promise<boolean> {
  if (!['wasm', 'cpu', 'webgl', 'webgpu', 'tensorflow'].includes(name))
    throw fault('name', `setBackend: unknown backend ${describe(name)}; there is wasm`);
  await init();
  return name === 'wasm';
}

/** Does nothing: checks are always on. */
export const enableProdMode = (): void => {};
/** Does nothing: checks are always on. */
export const enableDebugMode = (): void => {};
/** Does nothing: nothing here is deprecated. */
export const disableDeprecationWarnings = (): void => {};
/** Does nothing: nothing here is deprecated. */
export const deprecationWarn = (_message: string): void => {};

const flags = new Map<string, unknown>();
const nameOf = (flag: unknown): string => {
  if (typeof flag === 'string') return flag;
  throw fault('type', `env: expected the name of a flag, got ${describe(flag)}`);
};
/** Flags of TensorFlow.js: kept, and without effect here. */
export const env = () => ({
  set: (flag: string, value: unknown): void => void flags.set(nameOf(flag), value),
  get: (flag: string): unknown => flags.get(nameOf(flag)),
  getBool: (flag: string): boolean => flags.get(nameOf(flag)) === true,
  getNumber: (flag: string): number => {
    const value = flags.get(nameOf(flag));
    return typeof value === 'object' || typeof value === 'symbol' ? Number.NaN : Number(value ?? 0);
  },
  getFlags: (): Record<string, unknown> => Object.fromEntries(flags),
});

const opened: ReturnType<typeof scopes.open>[] = [];
/** What programs ask TensorFlow.js' engine for. */
export const engine = () => ({
  startScope: (): void => void opened.push(scopes.open()),
  endScope: (result?: unknown): void => {
    const scope = opened.pop();
    if (!scope) throw fault('state', 'endScope: no scope was started');
    scopes.close(scope, result);
  },
  tidy,
  memory,
  backendName: 'wasm',
});

/** What a function leaves in memory. */
export interface ProfileInfo {
  newBytes: number;
  newTensors: number;
  peakBytes: number;
  result: unknown;
}
/** Runs a function and tells what it has left in memory. */
export async function profile(action: () => unknown): Promise<ProfileInfo> {
  if (typeof action !== 'function')
    throw fault('type', `profile: expected a function, got ${describe(action)}`);
  const before: MemoryInfo = memory();
  const result = await action();
  const after = memory();
  return {
    newBytes: after.numBytes - before.numBytes,
    newTensors: after.numTensors - before.numTensors,
    peakBytes: after.numBytes,
    result,
  };
}

/** Milliseconds that a function takes. */
export async function time(action: () => unknown): Promise<{ wallMs: number; kernelMs: number }> {
  if (typeof action !== 'function') throw fault('type', `time: expected a function, got ${describe(action)}`);
  core();
  const begun = performance.now();
  await action();
  const wallMs = performance.now() - begun;
  return { wallMs, kernelMs: wallMs };
}

/** The package's version. */
export const version = (): string => call((wasm) => wasm.version());

type Items = { length: number; [at: number]: unknown };

function items(where: string, value: unknown): Items {
  if (isArray(value) || isTypedArray(value)) return value as Items;
  throw fault('type', `util.${where}: expected an array, got ${describe(value)}`);
}

/** The same, for what is to be changed in place. */
function changing(where: string, value: unknown): Items {
  const list = items(where, value);
  if (!Object.isFrozen(list) || list.length < 2) return list;
  throw fault('value', `util.${where}: the array is frozen`);
}

function shuffled(count: number, swap: (a: number, b: number) => void): void {
  for (let last = count - 1; last > 0; last--) {
    swap(last, Math.floor((nextSeed() / 2 ** 32) * (last + 1)));
  }
}

function swapIn(items: Items, a: number, b: number): void {
  [items[a], items[b]] = [items[b], items[a]];
}

/** No data are nested more deeply. */
const DEEPEST = 1000;

const members = {
  assert(condition: boolean, message: string | (() => string)): void {
    if (!condition) throw fault('value', String(typeof message === 'function' ? message() : message));
  },
  assertShapesMatch(a: number[], b: number[], prefix = ''): void {
    if (!sameShape(checkShape('util.assertShapesMatch', a), checkShape('util.assertShapesMatch', b)))
      throw fault('shape', `${prefix} Shapes [${a}] and [${b}] must match`.trim());
  },
  arraysEqual: (a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean => {
    const [left, right] = [items('arraysEqual', a), items('arraysEqual', b)];
    return left.length === right.length && Array.from(left).every((one, at) => one === right[at]);
  },
  isTypedArray,
  /** Shuffles in place (Fisher and Yates), as `setSeed` says if it was called. */
  shuffle(array: Items): void {
    const list = changing('shuffle', array);
    shuffled(list.length, (a, b) => swapIn(list, a, b));
  },
  /** Shuffles two arrays of one length in place, in the same way. */
  shuffleCombo(first: Items, second: Items): void {
    const [a, b] = [changing('shuffleCombo', first), changing('shuffleCombo', second)];
    if (a.length !== b.length)
      throw fault('shape', `util.shuffleCombo: arrays of ${a.length} and ${b.length} values`);
    shuffled(a.length, (from, to) => {
      swapIn(a, from, to);
      swapIn(b, from, to);
    });
  },
  /** The numbers from 0 to `count` − 1 in a random order. */
  createShuffledIndices(count: number): Uint32Array {
    const [length] = checkShape('util.createShuffledIndices', [
      whole('util.createShuffledIndices', count, 0),
    ]);
    const indices = Uint32Array.from({ length: length! }, (_, at) => at);
    members.shuffle(indices as unknown as Items);
    return indices;
  },
  /** All values of nested arrays, one after the other. */
  flatten: (nested: unknown): unknown[] => {
    const flat: unknown[] = [];
    const around = new Set<unknown>();
    const visit = (part: unknown): void => {
      if (!isArray(part) && !isTypedArray(part)) {
        flat.push(part);
        return;
      }
      if (around.has(part) || around.size > DEEPEST)
        throw fault('value', 'util.flatten: the arrays are nested too deeply, or contain themselves');
      around.add(part);
      for (let at = 0; at < part.length; at++) visit(part[at]);
      around.delete(part);
    };
    visit(nested);
    return flat;
  },
  sizeFromShape: (shape: number[]): number => sizeOf(checkShape('util.sizeFromShape', shape)),
  now: (): number => performance.now(),
};

/** Small functions of TensorFlow.js. One that is not here throws when it is called, and names the nearest. */
export const util = /* @__PURE__ */ namespace('util', members);
