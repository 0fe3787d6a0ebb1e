/** `data`: data sets that come element by element, as in TensorFlow.js. */
import { checkFunction, describe, fault } from '../engine/errors.js';
import { isArray, isRevoked } from '../engine/look.js';
import { namespace } from '../engine/namespace.js';
import type { TensorContainer } from '../tensor/containers.js';
import { type CSVConfig, CSVDataset, type CSVSource } from './csv.js';
import { Dataset, from, zip } from './dataset.js';
import { copied, own } from './elements.js';
import { elementsOf, LazyIterator, type Source } from './lazy-iterator.js';
import { FileDataSource, URLDataSource } from './sources.js';
import { TextLineDataset } from './text-lines.js';

const known = {
  /**
   * The items of an array.
   * @example await data.array([1, 2, 3]).map((x) => 10 * x).toArray(); // → [10, 20, 30]
   */
  array<T extends TensorContainer>(items: readonly T[]): Dataset<T> {
    if (!isArray(items)) throw fault('type', `data.array: expected an array, got ${describe(items)}`);
    return from(
      async () => new LazyIterator(elementsOf<T>('data.array', items, (item) => copied(item) as T)),
      items.length,
    );
  },
  /**
   * What a generator gives: a function that returns an iterator, or a promise of one; called anew each time.
   * @example
   * function* squares() {
   *   for (let i = 0; i < 3; i++) yield i * i;
   * }
   * await data.generator(squares).toArray(); // → [0, 1, 4]
   */
  generator<T extends TensorContainer>(make: () => Source<T> | Promise<Source<T>>): Dataset<T> {
    checkFunction('data.generator', make);
    const source = async (): Promise<Source<T>> => {
      const made = make();
      // To wait for a proxy that was revoked is an error of the engine.
      return isRevoked(made) ? (undefined as never) : made;
    };
    return from(async () => new LazyIterator(elementsOf<T>('data.generator', await source(), own<T>)), null);
  },
  /**
   * What a function gives: `{ value, done }` each time that it is called.
   * @example
   * let count = 0;
   * await data.func(() => (count < 3 ? { value: count++, done: false } : { value: null, done: true })).toArray(); // → [0, 1, 2]
   */
  func<T extends TensorContainer>(next: () => IteratorResult<T> | Promise<IteratorResult<T>>): Dataset<T> {
    checkFunction('data.func', next);
    const source = { next: async () => next() };
    return from(async () => new LazyIterator(elementsOf<T>('data.func', source, own<T>)), null);
  },
  /**
   * The rows of a table of comma-separated values.
   * @example await data.csv('age,name\n3,"Ann, B."\n').toArray(); // → [{ age: 3, name: 'Ann, B.' }]
   */
  csv: (source: CSVSource, config: CSVConfig = {}): CSVDataset => new CSVDataset(source, config),
  zip,
  Dataset,
  CSVDataset,
  TextLineDataset,
  FileDataSource,
  URLDataSource,
};

/**
 * Data sets that need not fit into memory. One that is not here throws when it is called, and names the nearest.
 * @example
 * const both = data.zip({ xs: data.array([1, 2]), ys: data.array([10, 20]) });
 * await both.toArray(); // → [{ xs: 1, ys: 10 }, { xs: 2, ys: 20 }]
 */
export const data = /* @__PURE__ */ namespace('data', known, {
  webcam: 'navigator.mediaDevices.getUserMedia({ video: true }), whose frames are tensors of numbers',
  microphone: 'navigator.mediaDevices.getUserMedia({ audio: true }) beside an AnalyserNode of Web Audio',
});

/** The classes as types, as programs in TypeScript name them. */
export declare namespace data {
  type Dataset<T extends TensorContainer = TensorContainer> = import('./dataset.js').Dataset<T>;
  type CSVDataset = import('./csv.js').CSVDataset;
  type CSVConfig = import('./csv.js').CSVConfig;
  type ColumnConfig = import('./csv.js').ColumnConfig;
  type TextLineDataset = import('./text-lines.js').TextLineDataset;
  type FileDataSource = import('./sources.js').FileDataSource;
  type URLDataSource = import('./sources.js').URLDataSource;
}
