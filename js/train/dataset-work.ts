/** Training on the batches of a data set, and looking at them: they are asked for one by one, and freed when they are used. */

import { usedUp } from '../data/elements.js';
import { describe, fault } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { can, isA, isArray, isObject } from '../engine/look.js';
import { asTensor, Tensor } from '../tensor/handle.js';
import type { Network, Samples, Stream } from '../wasm/mapling.js';
import { type ClassWeight, withClassWeight } from './class-weight.js';
import type { FitEvent } from './events.js';
import { type Data, type Ends, Held, type OneOf, parts, samples } from './samples.js';
import type { Work } from './work.js';

/** What a data set for models gives: batches of inputs and of what the model should answer. */
export interface BatchElement {
  xs: Data;
  ys: Data;
  /** How much each sample counts. */
  sampleWeight?: OneOf | null;
}

/** What is gone through, as long as it gives batches: TensorFlow.js' data sets, and what is like them. */
export interface Batches {
  iterator(): Promise<BatchIterator>;
  readonly size?: number | null | undefined;
}
export interface BatchIterator {
  next(): Promise<IteratorResult<unknown, unknown>>;
  return?(): unknown;
}

export const isBatches = (given: unknown): given is Batches => can(given, 'iterator');
export const isIterator = (given: unknown): given is BatchIterator => can(given, 'next');

async function iteratorOf(where: string, dataset: Batches): Promise<BatchIterator> {
  const iterator = await dataset.iterator();
  if (isIterator(iterator)) return iterator;
  throw fault('type', `${where}: iterator: expected an iterator, got ${describe(iterator)}`);
}

/** What an iterator gives next. */
async function stepOf(where: string, iterator: BatchIterator): Promise<IteratorResult<unknown, unknown>> {
  const step = await iterator.next();
  if (isObject(step)) return step;
  throw fault('type', `${where}: next: expected { value, done }, got ${describe(step)}`);
}

/** An element as inputs, answers and weights. */
export function readElement(where: string, given: unknown): BatchElement {
  if (isArray(given) && given.length >= 2 && given.length <= 3) {
    const [xs, ys, sampleWeight] = given as [Data, Data, OneOf?];
    return { xs, ys, ...(sampleWeight === undefined ? {} : { sampleWeight }) };
  }
  if (!isObject(given) || isA(given, Tensor) || !('xs' in given) || !('ys' in given))
    throw fault('type', `${where}: expected batches { xs, ys }, got ${describe(given)}`);
  return given as BatchElement;
}

/** Does something with an element's samples as the core takes them; gives how many there are, too. */
export function withSamples<T>(
  where: string,
  ends: Ends,
  element: unknown,
  classWeight: ClassWeight | null | undefined,
  action: (batch: Samples) => T,
): [result: T, size: number] {
  const { xs, ys, sampleWeight } = readElement(where, element);
  return Held.use((held) => {
    const weights = withClassWeight(where, ends, ys, classWeight, sampleWeight);
    const batch = samples(held, where, ends, xs, ys, weights);
    return [action(batch), batch.length];
  });
}

/** What is trained on and how. */
export interface DatasetRun {
  where: string;
  dataset: Batches;
  ends(): Ends;
  /** Batches in an epoch, of a data set that goes on from one epoch to the next. */
  batchesPerEpoch: number | undefined;
  /** The number of the first epoch. */
  from: number;
  epochs: number;
  classWeight?: ClassWeight | null | undefined;
  /** Looks at the data for validation, if there are any: the loss and metrics. */
  validate?: (() => Promise<Float64Array>) | undefined;
}

/** Training on batches that come. */
export class DatasetWork implements Work {
  readonly samples = undefined;
  readonly #run: DatasetRun;
  readonly #stream: Stream;
  #iterator: BatchIterator | undefined;
  /** The element that comes next, asked for already. */
  #element: { value: unknown } | undefined;
  #isOver = false;
  #epoch: number;
  #batch = 0;

  constructor(stream: Stream, run: DatasetRun) {
    this.#stream = stream;
    this.#run = run;
    this.#epoch = run.from;
  }

  get batches(): number {
    return this.#run.batchesPerEpoch ?? this.#run.dataset.size ?? Number.POSITIVE_INFINITY;
  }

  /** The element that comes next in this epoch, if there is one. */
  async peek(): Promise<unknown> {
    if (this.#element) return this.#element.value;
    const { batchesPerEpoch, dataset, where } = this.#run;
    if (this.#isOver || (batchesPerEpoch !== undefined && this.#batch >= batchesPerEpoch)) return undefined;
    if (!this.#iterator) {
      this.#iterator = await iteratorOf(where, dataset);
    }
    const { value, done } = await stepOf(this.#run.where, this.#iterator);
    if (done) this.#isOver = true;
    else this.#element = { value };
    return done ? undefined : value;
  }
  async next(): Promise<number | undefined> {
    const element = await this.peek();
    if (element === undefined) return undefined;
    const { where, ends } = this.#run;
    const [first] = parts(`${where}: xs`, readElement(where, element).xs, ends().inputNames);
    return asTensor(`${where}: xs`, first).shape[0];
  }

  async run(network: Network, milliseconds: number, most: number): Promise<FitEvent[]> {
    const { where, ends, classWeight } = this.#run;
    const happened: FitEvent[] = [];
    const begun = performance.now();
    do {
      const element = await this.peek();
      if (element === undefined) {
        happened.push(await this.#endEpoch());
        break;
      }
      this.#element = undefined;
      const [numbers, size] = withSamples(where, ends(), element, classWeight, (batch) =>
        call(() => this.#stream.train(network, batch)),
      );
      usedUp(element);
      happened.push({ kind: 'batch', epoch: this.#epoch, batch: this.#batch, size, logs: numbers });
      this.#batch++;
    } while (happened.length < most && performance.now() - begun < milliseconds);
    return happened;
  }
  running(): Float64Array {
    return call(() => this.#stream.running());
  }

  async #endEpoch(): Promise<FitEvent> {
    const { where, batchesPerEpoch, epochs, from, validate } = this.#run;
    if (this.#batch === 0) throw fault('value', `${where}: the data set gives no batches`);
    const isShort = batchesPerEpoch !== undefined && this.#batch < batchesPerEpoch;
    if (isShort)
      console.warn(
        `${where}: the data set ended after ${this.#batch} of ${batchesPerEpoch} batches of an epoch, and training ends there: ` +
          `${batchesPerEpoch * (epochs - from)} batches are wanted in all; repeat() gives more`,
      );
    const logs = this.running();
    const validation = await validate?.();
    call(() => this.#stream.reset());
    if (batchesPerEpoch === undefined) await this.close();
    this.#batch = 0;
    const epoch = this.#epoch++;
    return { kind: 'epoch', epoch, logs, ...(validation ? { validation } : {}), isLast: isShort };
  }
  /** Lets go of what the data set reads. */
  async close(): Promise<void> {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    this.#isOver = false;
    if (this.#element) usedUp(this.#element.value);
    this.#element = undefined;
    await iterator?.return?.();
  }
}

/** Goes through batches in inference: the loss and metrics over all of them. */
export async function lookAt(
  where: string,
  network: Network,
  ends: () => Ends,
  given: Batches | BatchIterator,
  most: number | undefined,
  each: (done: number, running: () => Float64Array) => Promise<void> | void = () => {},
): Promise<Float64Array> {
  const stream = call((wasm) => new wasm.Stream(network, false));
  const iterator = isIterator(given) ? given : await iteratorOf(where, given);
  let batches = 0;
  try {
    while (most === undefined || batches < most) {
      const { value, done } = await stepOf(where, iterator);
      if (done) break;
      withSamples(where, ends(), value, null, (batch) => call(() => stream.test(network, batch)));
      usedUp(value);
      batches++;
      await each(batches, () => call(() => stream.running()));
    }
    if (batches === 0) throw fault('value', `${where}: the data set gives no batches`);
    if (most !== undefined && batches < most)
      console.warn(`${where}: the data set ended after ${batches} of ${most} batches; repeat() gives more`);
    return call(() => stream.running());
  } finally {
    // After a trap the stream is gone with its instance.
    try {
      stream.free();
    } catch {}
    if (!isIterator(given)) await iterator.return?.();
  }
}
