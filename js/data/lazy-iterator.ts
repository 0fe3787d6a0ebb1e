/** Elements that come one after the other, each when it is asked for. */

import { checkFunction, describe, fault, whole } from '../engine/errors.js';
import { can, isObject } from '../engine/look.js';
import { Draws } from './draws.js';
import { batchOf, transformed, usedUp } from './elements.js';

/** A count of elements; what is negative or missing stands for all of them. */
export function checkCount(where: string, count: unknown): number {
  if (count === undefined || count === null || (typeof count === 'number' && count < 0))
    return Number.POSITIVE_INFINITY;
  return count === Number.POSITIVE_INFINITY ? count : whole(`${where}: count`, count, 0);
}

/** What gives elements by itself, or gives something that does. */
export type Source<T> = AsyncIterator<T> | Iterator<T> | AsyncIterable<T> | Iterable<T>;

/** Elements that come one after the other. Calls of `next` wait for one another. */
export class LazyIterator<T> implements AsyncIterableIterator<T> {
  readonly #source: AsyncGenerator<T, void, undefined>;

  constructor(source: AsyncGenerator<T, void, undefined>) {
    this.#source = source;
  }
  /** The next element; `{ value: null, done: true }` when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: as TensorFlow.js' programs read it, before they ask whether it is done
  async next(): Promise<IteratorResult<T, any>> {
    const { value, done } = await this.#source.next();
    return done ? { value: null, done: true } : { value: value as T, done: false };
  }
  /** Ends it early: files and connections that it reads are closed. */
  async return(): Promise<IteratorResult<T, null>> {
    await this.#source.return();
    return { value: null, done: true };
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
  summary(): string {
    return 'LazyIterator';
  }

  /** Each element changed by a function. */
  map<O>(transform: (value: T) => O): LazyIterator<O> {
    checkFunction('map', transform);
    return new LazyIterator(mapped(this, (value) => transformed(value, () => transform(value))));
  }
  /** The same by a function that is awaited. */
  mapAsync<O>(transform: (value: T) => Promise<O>): LazyIterator<O> {
    checkFunction('mapAsync', transform);
    return new LazyIterator(mapped(this, transform));
  }
  serialMapAsync<O>(transform: (value: T) => Promise<O>): LazyIterator<O> {
    return this.mapAsync(transform);
  }
  /** The elements of all lists that a function makes of elements. */
  flatmap<O>(transform: (value: T) => O[]): LazyIterator<O> {
    checkFunction('flatmap', transform);
    return new LazyIterator(flattened(this, transform));
  }
  /** The elements for which a function holds. */
  filter(predicate: (value: T) => boolean): LazyIterator<T> {
    checkFunction('filter', predicate);
    return new LazyIterator(filtered(this, predicate));
  }
  /** Calls a function with each element. */
  async forEachAsync(f: (value: T) => unknown): Promise<void> {
    checkFunction('forEachAsync', f);
    for await (const value of this) await f(value);
  }
  /** Calls a function, which is awaited, with each element until it gives false. */
  async serialForEach(f: (value: T) => Promise<boolean>): Promise<void> {
    checkFunction('serialForEach', f);
    for await (const value of this) if (!(await f(value))) return;
  }
  /** Lists of so many elements. */
  rowMajorBatch(batchSize: number, smallLastBatch = true): LazyIterator<T[]> {
    const size = whole('rowMajorBatch: batchSize', batchSize, 1);
    return new LazyIterator(rows(this, size, smallLastBatch));
  }
  /** Batches of so many elements: what they consist of in tensors, with an axis more in front. */
  columnMajorBatch<O>(
    batchSize: number,
    smallLastBatch = true,
    combine: (rows: T[]) => O = (all) => batchOf(all) as O,
  ): LazyIterator<O> {
    const size = whole('batch: batchSize', batchSize, 1);
    return new LazyIterator(mapped(rows(this, size, smallLastBatch), async (all) => combine(all)));
  }
  /** The elements of this one, then those of another. */
  concatenate(other: LazyIterator<T>): LazyIterator<T> {
    return new LazyIterator(joined(this, other));
  }
  /** The first so many. */
  take(count?: number): LazyIterator<T> {
    return new LazyIterator(taken(this, checkCount('take', count)));
  }
  /** All but the first so many. */
  skip(count?: number): LazyIterator<T> {
    return new LazyIterator(skipped(this, checkCount('skip', count)));
  }
  /** The same, of which so many are asked for ahead of time. */
  prefetch(bufferSize: number): LazyIterator<T> {
    return new LazyIterator(ahead(this, whole('prefetch: bufferSize', bufferSize, 1)));
  }
  /** In another order: each element is drawn from among the next so many. */
  shuffle(windowSize: number, seed: number): LazyIterator<T> {
    const size = whole('shuffle: bufferSize', windowSize, 1);
    return new LazyIterator(shuffled(this, size, new Draws(seed)));
  }
  /** Calls of `next` wait for one another as it is. */
  serial(): LazyIterator<T> {
    return this;
  }
  async toArray(): Promise<T[]> {
    const all: T[] = [];
    for await (const value of this) all.push(value);
    return all;
  }
  async toArrayForTest(): Promise<T[]> {
    return this.toArray();
  }
  /** Goes through all elements for what that does on the way. */
  async resolveFully(): Promise<void> {
    for await (const value of this) usedUp(value);
  }
  /** Goes on as long as a function holds. */
  async resolveWhile(predicate: (value: T) => boolean): Promise<void> {
    checkFunction('resolveWhile', predicate);
    for await (const value of this) if (!predicate(value)) return;
  }
}

/** The elements of whatever gives some: it is asked anew each time, by one at a time. */
export async function* elementsOf<T>(
  where: string,
  source: Source<T>,
  each: (value: T) => T,
): AsyncGenerator<T, void, undefined> {
  const isIterator = can(source, 'next');
  const key = [Symbol.asyncIterator, Symbol.iterator].find((one) => can(source, one));
  if (!isIterator && key === undefined)
    throw fault('type', `${where}: expected an iterator, got ${describe(source)}`);
  const iterator = (isIterator ? source : (source as unknown as Record<symbol, () => unknown>)[key!]!()) as
    | AsyncIterator<T>
    | Iterator<T>;
  let isOver = false;
  try {
    for (;;) {
      const step: unknown = await iterator.next();
      // A function that gives elements themselves would never end.
      if (!isObject(step) || !('value' in step || 'done' in step))
        throw fault('type', `${where}: next: expected { value, done }, got ${describe(step)}`);
      const { value, done } = step as IteratorResult<T>;
      if (done) {
        isOver = true;
        return;
      }
      yield each(value as T);
    }
  } catch (thrown) {
    isOver = true;
    throw thrown;
  } finally {
    if (!isOver) await iterator.return?.();
  }
}

async function* mapped<T, O>(base: AsyncIterable<T>, transform: (value: T) => O | Promise<O>) {
  for await (const value of base) yield transform(value) as Awaited<O>;
}

async function* flattened<T, O>(base: AsyncIterable<T>, transform: (value: T) => O[]) {
  for await (const value of base) yield* transform(value);
}

async function* filtered<T>(base: AsyncIterable<T>, predicate: (value: T) => boolean) {
  for await (const value of base) {
    if (await transformed(undefined, () => predicate(value))) yield value;
    else usedUp(value);
  }
}

async function* rows<T>(base: AsyncIterable<T>, size: number, smallLast: boolean) {
  let all: T[] = [];
  for await (const value of base) {
    all.push(value);
    if (all.length < size) continue;
    yield all;
    all = [];
  }
  if (all.length > 0 && smallLast) yield all;
}

async function* joined<T>(first: AsyncIterable<T>, second: AsyncIterable<T>) {
  yield* first;
  yield* second;
}

async function* taken<T>(base: AsyncIterableIterator<T>, count: number) {
  try {
    for (let left = count; left > 0; left--) {
      const { value, done } = await base.next();
      if (done) return;
      yield value as T;
    }
  } finally {
    await base.return?.();
  }
}

async function* skipped<T>(base: AsyncIterable<T>, count: number) {
  let left = count;
  for await (const value of base) {
    if (left-- <= 0) yield value;
    else usedUp(value);
  }
}

/** So many elements are asked for before the first of them is waited for. */
const AT_ONCE = 64;

async function* ahead<T>(base: AsyncIterableIterator<T>, size: number) {
  const asked: Promise<IteratorResult<T>>[] = [];
  let isOver = false;
  const note = ({ done }: IteratorResult<T>): void => {
    isOver ||= done === true;
  };
  try {
    for (;;) {
      // Others get their turn now and then: a data set may end long before so many are asked for.
      for (let more = 0; asked.length < size && more < AT_ONCE && !isOver; more++) {
        const next = base.next();
        // Whoever comes to it hears of it: until then nobody listens.
        next.then(note, () => {});
        asked.push(next);
      }
      const { value, done } = await asked.shift()!;
      if (done) return;
      yield value as T;
    }
  } finally {
    // What was asked for and nobody takes.
    for (const next of asked) next.then(({ value }) => usedUp(value)).catch(() => {});
    await base.return?.();
  }
}

async function* shuffled<T>(base: AsyncIterable<T>, size: number, draws: Draws) {
  const window: T[] = [];
  const draw = (): T => {
    const at = draws.below(window.length);
    const one = window[at]!;
    window[at] = window.at(-1)!;
    window.pop();
    return one;
  };
  try {
    for await (const value of base) {
      window.push(value);
      if (window.length >= size) yield draw();
    }
    while (window.length > 0) yield draw();
  } finally {
    window.forEach(usedUp);
  }
}
