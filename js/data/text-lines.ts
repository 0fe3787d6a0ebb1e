/** The lines of a text as a data set. */
import { describe, fault } from '../engine/errors.js';
import { can, isObject } from '../engine/look.js';
import { Dataset } from './dataset.js';
import { LazyIterator } from './lazy-iterator.js';
import { type DataSource, textIn } from './sources.js';

/** The lines of a text, without their ends. */
export class TextLineDataset extends Dataset<string> {
  readonly #input: DataSource;
  constructor(input: DataSource) {
    super();
    if (!isObject(input) || !can(input, 'iterator'))
      throw fault(
        'type',
        `TextLineDataset: expected a FileDataSource or a URLDataSource, got ${describe(input)}`,
      );
    this.#input = input;
  }
  override async iterator(): Promise<LazyIterator<string>> {
    return new LazyIterator(lines(this.#input));
  }
}

async function* lines(source: DataSource) {
  let begun = '';
  for await (const piece of textIn(source)) {
    const all = (begun + piece).split('\n');
    begun = all.pop()!;
    yield* all;
  }
  if (begun !== '') yield begun;
}
