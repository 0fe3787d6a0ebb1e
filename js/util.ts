/** Small things that programs written for TensorFlow.js call. */

import { whole } from './engine/errors.js';
import { call, init } from './engine/instance.js';
import { nextTurn } from './engine/turn.js';

/** Runs `action` and gives its result; nothing needs tidying up here. */
export function tidy<T>(nameOrAction: string | (() => T), action?: () => T): T {
  const run = typeof nameOrAction === 'function' ? nameOrAction : action;
  if (!run) throw new Error('tidy: expected a function');
  return run();
}

/** Does nothing: memory is freed when nobody refers to it. */
export const dispose = (_tensors?: unknown): void => {};
/** Gives its argument: nothing is ever freed too early. */
export const keep = <T>(tensor: T): T => tensor;

/** Resolves when others (painting, clicks) have had their turn. */
export const nextFrame = (): Promise<void> => nextTurn();

/** Ready when `init` is; for programs that wait for TensorFlow.js' backend. */
export const ready = (): Promise<void> => init();

export const getBackend = (): string => 'wasm';

/** The package's version. */
export const version = (): string => call((wasm) => wasm.version());

function shuffled(count: number, swap: (a: number, b: number) => void): void {
  for (let last = count - 1; last > 0; last--) swap(last, Math.floor(Math.random() * (last + 1)));
}

export const util = {
  assert(condition: boolean, message: () => string): void {
    if (!condition) throw new Error(message());
  },
  /** Shuffles in place (Fisher and Yates). */
  shuffle(items: { length: number; [at: number]: unknown }): void {
    shuffled(items.length, (a, b) => {
      [items[a], items[b]] = [items[b], items[a]];
    });
  },
  /** The numbers from 0 to `count` − 1 in a random order. */
  createShuffledIndices(count: number): Uint32Array {
    const indices = Uint32Array.from({ length: whole('createShuffledIndices', count, 0) }, (_, at) => at);
    util.shuffle(indices);
    return indices;
  },
  sizeFromShape: (shape: number[]): number => shape.reduce((size, length) => size * length, 1),
  now: (): number => performance.now(),
};
