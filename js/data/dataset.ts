/** Data sets that need not fit into memory: elements that come one by one, anew each time that they are gone through. */
import { checkFunction, describe, fault, whole } from '../engine/errors.js';
import { isA, isArray, isObject } from '../engine/look.js';
import type { TensorContainer } from '../tensor/containers.js';
import { readSeed } from '../tensor/seed.js';
import { Draws } from './draws.js';
import { checkCount, LazyIterator } from './lazy-iterator.js';

/**
 * A data set, with TensorFlow.js' methods. Each gives another data set and leaves this one as it is; nothing is read
 * until somebody iterates. Errors that functions of a program's own throw arrive as they are.
 */
export abstract class Dataset<T extends TensorContainer> {
  /** How many elements there are: infinite, or null where nobody knows before the end. */
  readonly size: number | null = null;

  /**
   * The elements from the beginning.
   * @example
   * const iterator = await data.array([5, 6]).iterator();
   * (await iterator.next()).value; // → 5
   */
  async iterator(): Promise<LazyIterator<T>> {
    throw fault('state', 'iterator: a data set of your own needs a method `iterator()`');
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return startedBy(this);
  }

  /**
   * Batches of so many elements: tensors with an axis more in front, in objects like the elements. The last batch may be
   * smaller; it is left out unless `smallLastBatch`.
   * @example (await data.array([1, 2, 3]).batch(2).toArray()).map((rows) => rows.arraySync()); // → [[1, 2], [3]]
   */
  batch(batchSize: number, smallLastBatch = true): Dataset<TensorContainer> {
    const size = whole('batch: batchSize', batchSize, 1);
    const round = smallLastBatch ? Math.ceil : Math.floor;
    return from(
      async () => (await this.iterator()).columnMajorBatch<TensorContainer>(size, smallLastBatch),
      this.size === null ? null : round(this.size / size),
    );
  }
  /**
   * The elements of this data set, then those of another.
   * @example await data.array([1, 2]).concatenate(data.array([3])).toArray(); // → [1, 2, 3]
   */
  concatenate(dataset: Dataset<T>): Dataset<T> {
    checkDataset('concatenate', dataset);
    const sizes = [this.size, dataset.size];
    const size = sizes.includes(Number.POSITIVE_INFINITY)
      ? Number.POSITIVE_INFINITY
      : sizes.reduce((sum, one) => (sum === null || one === null ? null : sum + one));
    return from(async () => (await this.iterator()).concatenate(await dataset.iterator()), size);
  }
  /**
   * The elements for which a function holds.
   * @example await data.array([1, 2, 3]).filter((x) => x % 2 === 1).toArray(); // → [1, 3]
   */
  filter(predicate: (value: T) => boolean): Dataset<T> {
    checkFunction('filter', predicate);
    const size = this.size === Number.POSITIVE_INFINITY ? this.size : null;
    return from(async () => (await this.iterator()).filter(predicate), size);
  }
  /**
   * Calls a function with each element.
   * @example
   * let sum = 0;
   * await data.array([1, 2, 3]).forEachAsync((x) => {
   *   sum += x;
   * });
   * sum; // → 6
   */
  async forEachAsync(f: (input: T) => unknown): Promise<void> {
    checkFunction('forEachAsync', f);
    return (await this.iterator()).forEachAsync(f);
  }
  /**
   * Each element changed by a function; tensors that it makes on its way and does not return are freed.
   * @example await data.array([1, 2]).map((x) => x + 1).toArray(); // → [2, 3]
   */
  map<O extends TensorContainer>(transform: (value: T) => O): Dataset<O> {
    checkFunction('map', transform);
    return from(async () => (await this.iterator()).map(transform), this.size);
  }
  /**
   * The same by a function that is awaited.
   * @example await data.array([1, 2]).mapAsync(async (x) => x + 1).toArray(); // → [2, 3]
   */
  mapAsync<O extends TensorContainer>(transform: (value: T) => Promise<O>): Dataset<O> {
    checkFunction('mapAsync', transform);
    return from(async () => (await this.iterator()).mapAsync(transform), this.size);
  }
  /**
   * The same, of which so many elements are asked for ahead of time.
   * @example await data.array([1, 2]).prefetch(2).toArray(); // → [1, 2]
   */
  prefetch(bufferSize: number): Dataset<T> {
    const size = whole('prefetch: bufferSize', bufferSize, 1);
    return from(async () => (await this.iterator()).prefetch(size), this.size);
  }
  /**
   * So many times; without end if no count is given.
   * @example await data.array([1, 2]).repeat(2).toArray(); // → [1, 2, 1, 2]
   */
  repeat(count?: number): Dataset<T> {
    const times = checkCount('repeat', count);
    const size = times === 0 ? 0 : this.size === null ? null : this.size === 0 ? 0 : this.size * times;
    return from(async () => new LazyIterator(repeated(this, times)), size);
  }
  /** All but the first so many. @example await data.array([1, 2, 3]).skip(1).toArray(); // → [2, 3] */
  skip(count?: number): Dataset<T> {
    const left = checkCount('skip', count);
    const size = this.size === null ? null : this.size > left ? this.size - left : 0;
    return from(async () => (await this.iterator()).skip(left), size);
  }
  /**
   * In another order: each element is drawn from among the next `bufferSize`, as `seed` says (or `setSeed`, or anew each
   * time). Each iteration has an order of its own unless `reshuffleEachIteration` is false.
   * @example (await data.array([1, 2, 3]).shuffle(3, 1).toArray()).sort(); // → [1, 2, 3]
   */
  shuffle(bufferSize: number, seed?: number | string | null, reshuffleEachIteration = true): Dataset<T> {
    const hint = this.size === null ? '' : `; there are ${this.size} elements`;
    if (bufferSize === undefined || bufferSize === null)
      throw fault('value', `shuffle: bufferSize: expected a whole number of at least 1${hint}`);
    const window = whole('shuffle: bufferSize', bufferSize, 1);
    const first = readSeed('shuffle: seed', seed);
    const draws = new Draws(first);
    return from(async () => {
      const own = reshuffleEachIteration ? draws.next() : first;
      return (await this.iterator()).shuffle(window, own);
    }, this.size);
  }
  /** The first so many. @example await data.array([1, 2, 3]).take(2).toArray(); // → [1, 2] */
  take(count?: number): Dataset<T> {
    const most = checkCount('take', count);
    const size = this.size === null ? null : Math.min(this.size, most);
    return from(async () => (await this.iterator()).take(most), size);
  }
  /** All elements in an array. @example await data.array([1, 2]).toArray(); // → [1, 2] */
  async toArray(): Promise<T[]> {
    if (this.size === Number.POSITIVE_INFINITY)
      throw fault('value', 'toArray: the data set is infinite; take some of it first');
    return (await this.iterator()).toArray();
  }
  async toArrayForTest(): Promise<T[]> {
    return this.toArray();
  }
}

class FromFunction<T extends TensorContainer> extends Dataset<T> {
  override readonly size: number | null;
  readonly #make: () => Promise<LazyIterator<T>>;
  constructor(make: () => Promise<LazyIterator<T>>, size: number | null) {
    super();
    this.#make = make;
    this.size = size;
  }
  override iterator(): Promise<LazyIterator<T>> {
    return this.#make();
  }
}

/** A data set whose elements come from an iterator that is made anew each time. */
export const from = <T extends TensorContainer>(
  make: () => Promise<LazyIterator<T>>,
  size: number | null,
): Dataset<T> => new FromFunction(make, size);

/** A data set, or an error that names what it is for. */
export function checkDataset(where: string, given: unknown): void {
  if (!isA(given, Dataset)) throw fault('type', `${where}: expected a data set, got ${describe(given)}`);
}

async function* startedBy<T extends TensorContainer>(
  dataset: Dataset<T>,
): AsyncGenerator<T, void, undefined> {
  yield* await dataset.iterator();
}

async function* repeated<T extends TensorContainer>(dataset: Dataset<T>, times: number) {
  for (let round = 0; round < times; round++) {
    let any = false;
    for await (const value of await dataset.iterator()) {
      any = true;
      yield value;
    }
    // Nothing without end is no element ever.
    if (!any) return;
  }
}

/** What `zip` takes: data sets in objects and lists. */
export type DatasetContainer =
  | Dataset<TensorContainer>
  | DatasetContainer[]
  | { [name: string]: DatasetContainer };

/** Elements of several data sets side by side, in the objects and lists that these are given in; the shortest ends it. */
export function zip<O extends TensorContainer>(datasets: DatasetContainer): Dataset<O> {
  if (!isObject(datasets) || isDataset(datasets))
    throw fault('type', `data.zip: expected data sets in an object or a list, got ${describe(datasets)}`);
  const all: Dataset<TensorContainer>[] = [];
  const seen = new Set<unknown>();
  const collect = (given: unknown, depth: number): void => {
    if (depth > 64) throw fault('value', 'data.zip: data sets are nested too deeply');
    if (isDataset(given)) all.push(given);
    else if (isObject(given) && !seen.has(given)) {
      seen.add(given);
      for (const part of Object.values(given)) collect(part, depth + 1);
    } else throw fault('type', `data.zip: expected a data set, got ${describe(given)}`);
  };
  collect(datasets, 0);
  if (all.length === 0) throw fault('value', 'data.zip: there are no data sets');
  // Like `array.reduce(min)`, where nobody knows the size of one, that of the others bounds it.
  const known = all.map(({ size }) => size).filter((size) => size !== null);
  const size = known.length === 0 ? null : Math.min(...known);
  return from(async () => new LazyIterator(side<O>(datasets, all)), size);
}

const isDataset = (given: unknown): given is Dataset<TensorContainer> => isA(given, Dataset);

async function* side<O>(form: DatasetContainer, all: readonly Dataset<TensorContainer>[]) {
  const iterators: LazyIterator<TensorContainer>[] = [];
  try {
    for (const dataset of all) iterators.push(await dataset.iterator());
    for (;;) {
      const steps = await Promise.all(iterators.map((iterator) => iterator.next()));
      if (steps.some(({ done }) => done)) return;
      const values = steps.map(({ value }) => value);
      const filled = (part: DatasetContainer): unknown => {
        if (isDataset(part)) return values.shift();
        if (isArray(part)) return part.map(filled);
        return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, filled(inner)]));
      };
      yield filled(form) as O;
    }
  } finally {
    for (const iterator of iterators) await iterator.return();
  }
}
