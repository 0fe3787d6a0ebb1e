/** Training and evaluation on the batches of a data set, which are asked for one by one, and freed once they were used. */

import { usedUp } from '../data/elements.js';
import { describe, fault, whole } from '../engine/errors.js';
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

/** Values of a tensor that go into its mark. */
const MARKED = 64;

/** A number by which a batch is known again: of some of its values (FNV-1a), and of its shape. */
function markOf(where: string, element: unknown): number {
  const { xs, ys } = readElement(where, element);
  let mark = 0x811c_9dc5;
  const words = new Uint32Array(2);
  const number = new Float64Array(words.buffer);
  const add = (value: number): void => {
    number[0] = value;
    for (const word of words) mark = Math.imul(mark ^ word, 0x0100_0193) >>> 0;
  };
  const one = (part: unknown): void => {
    const { shape, values } = asTensor(where, part);
    shape.forEach(add);
    const apart = Math.max(1, Math.floor(values.length / MARKED));
    for (let at = 0; at < values.length; at += apart) add(values[at]!);
  };
  const all = (given: unknown): void => {
    if (isArray(given) && given.every((part) => isA(part, Tensor))) given.forEach(one);
    else if (isObject(given) && !isA(given, Tensor) && !isArray(given) && !ArrayBuffer.isView(given))
      Object.values(given).forEach(one);
    else one(given);
  };
  all(xs);
  all(ys);
  return mark;
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
  /** Gives the loss and metrics on the data for validation, if there are any. */
  validate?: (() => Promise<Float64Array>) | undefined;
  /** The data for validation, if they are a data set: it is gone through after each epoch. */
  validation?: Batches | undefined;
}

/** Training on the batches of a data set, step by step. */
export class DatasetWork implements Work {
  readonly samples = undefined;
  readonly #run: DatasetRun;
  readonly #stream: Stream;
  #iterator: BatchIterator | undefined;
  /** The next element, which has been asked for already. */
  #element: { value: unknown } | undefined;
  #isOver = false;
  #epoch: number;
  #batch = 0;
  /** How many batches were taken since the data set was last begun. */
  #taken = 0;
  /** Marks of the first and the last of these batches, by which a run that is resumed sees whether the same ones come again. */
  #marks: [first: number, last: number] = [0, 0];
  readonly #network: Network;

  constructor(network: Network, stream: Stream, run: DatasetRun) {
    this.#network = network;
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
      this.#taken = 0;
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
      this.#take(element);
      const [numbers, size] = withSamples(where, ends(), element, classWeight, (batch) =>
        call(() => this.#stream.train(network, batch), where),
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

  /** Notes that a batch was taken. */
  #take(element: unknown): void {
    const mark = markOf(this.#run.where, element);
    this.#marks = [this.#taken === 0 ? mark : this.#marks[0], mark];
    this.#taken++;
  }

  position(): number[] {
    const sums = call(() => this.#stream.sums(this.#network));
    return [this.#epoch - this.#run.from, this.#batch, this.#taken, ...this.#marks, ...sums];
  }
  /**
   * Resumes a run: goes through the data set as that run did, and drops the batches that it took. Marks of the first and
   * the last of them must be the same.
   */
  async goOn(network: Network, position: readonly number[]): Promise<[epoch: number, batch: number]> {
    const { dataset, validation, batchesPerEpoch, from } = this.#run;
    const where = `${this.#run.where}: resume`;
    const [epoch, batch, taken, ...marks] = position
      .slice(0, 5)
      .map((count) => whole(`${where}: position`, count, 0)) as [number, number, number, number, number];
    // This comes first, so that a refusal of the data set below leaves the run one that can still be resumed.
    call(() => this.#stream.goOn(network, Float64Array.from(position.slice(5))), where);
    // Past epochs are gone through too: a shuffled data set has another order each time.
    for (let past = 0; past < epoch; past++) {
      const isLast = past === epoch - 1 && batch === 0;
      if (batchesPerEpoch === undefined) await this.#passOver(where, isLast ? taken : 0, marks);
      if (validation) await (await iteratorOf(where, validation)).return?.();
    }
    if (batchesPerEpoch !== undefined || batch > 0) {
      this.#iterator = await iteratorOf(where, dataset);
      await this.#skip(where, this.#iterator, taken, marks);
    }
    [this.#epoch, this.#batch, this.#taken] = [from + epoch, batch, taken];
    this.#marks = marks as [number, number];
    return [this.#epoch, batch];
  }
  /** Goes through the data set once more, as far as is needed. */
  async #passOver(where: string, taken: number, marks: readonly number[]): Promise<void> {
    const iterator = await iteratorOf(where, this.#run.dataset);
    await this.#skip(where, iterator, taken, marks);
    await iterator.return?.();
  }
  /** Drops `taken` batches, if they are the same as before. */
  async #skip(
    where: string,
    iterator: BatchIterator,
    taken: number,
    [first, last]: readonly number[],
  ): Promise<void> {
    for (let at = 0; at < taken; at++) {
      const { value, done } = await stepOf(where, iterator);
      const mark = done ? undefined : markOf(where, value);
      if (!done) usedUp(value);
      if (done || (at === 0 && mark !== first) || (at === taken - 1 && mark !== last))
        throw fault(
          'value',
          `${where}: the data set gives other batches than it has given, from batch ${at} on; make it anew, with the same seeds`,
        );
    }
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
      withSamples(where, ends(), value, null, (batch) => call(() => stream.test(network, batch), where));
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
