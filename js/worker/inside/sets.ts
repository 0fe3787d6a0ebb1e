/** Data sets in the worker, by their names: kept as they came, and handed over to the core once for a model. */
import { describe, fault } from '../../engine/errors.js';
import { currentGeneration } from '../../engine/instance.js';
import { isA, isArray } from '../../engine/look.js';
import { Tensor } from '../../tensor/handle.js';
import type { Shares, withClassWeight } from '../../train/class-weight.js';
import { type Data, type Ends, Held, samples } from '../../train/samples.js';
import type { Samples } from '../../wasm/mapling.js';
import type { Plain, PlainData } from '../protocol.js';

const isPlain = (data: PlainData): data is Plain => ArrayBuffer.isView((data as Plain).values);

/** The tensor of what came from the page. */
export function tensorOf({ values, shape, dtype }: Plain): Tensor {
  if (dtype === 'bytes') return new Tensor({ bytes: values as Uint8Array }, shape, 'float32');
  const own = dtype === 'int32' && isA(values, Uint8Array) ? Int32Array.from(values) : values;
  return new Tensor(own, shape, dtype);
}

/** What came from the page as tensors. */
export function dataOf(data: PlainData): Data {
  if (isArray(data)) return data.map(tensorOf);
  if (isPlain(data)) return tensorOf(data);
  return Object.fromEntries(Object.entries(data).map(([name, part]) => [name, tensorOf(part)]));
}

/** How much classes count, and what finds the weights of samples from that, which is loaded when it is asked for. */
export interface ByClass {
  classWeight: unknown;
  weigh: typeof withClassWeight;
}

/** Samples, with what a model should answer for them, and how much each counts. */
export class DataSet {
  readonly x: Data;
  readonly y: Data | undefined;
  readonly #weights: Data | undefined;
  #handed: { held: Held; samples: Samples; ends: string; generation: number } | undefined;

  constructor(x: Data, y?: Data, weights?: Data) {
    [this.x, this.y, this.#weights] = [x, y, weights];
  }

  /** The samples in the core, for a model with these inputs and outputs. */
  samples(where: string, ends: Ends): Samples {
    const key = JSON.stringify(ends);
    const generation = currentGeneration();
    if (this.#handed?.ends === key && this.#handed.generation === generation) return this.#handed.samples;
    const held = new Held();
    try {
      const made = samples(held, where, ends, this.x, this.y, this.#weights);
      this.free();
      this.#handed = { held, samples: made, ends: key, generation };
      return made;
    } catch (failure) {
      held.free();
      throw failure;
    }
  }
  /** The same samples, which count by their classes too, for one run. */
  byClass(where: string, held: Held, ends: Ends, { classWeight, weigh }: ByClass, shares: Shares): Samples {
    const weights = weigh(where, ends, this.y, classWeight, this.#weights, shares);
    return samples(held, where, ends, this.x, this.y, weights);
  }
  /** What the output of this name should answer. */
  target(output: string | undefined): Tensor {
    const { y } = this;
    if (isA(y, Tensor)) return y;
    return (isArray(y) ? y[0] : (y as Record<string, Tensor>)[output!]) as Tensor;
  }
  /** Lets go of what is in the core. */
  free(): void {
    this.#handed?.held.free();
    this.#handed = undefined;
  }
}

/** All sets, by their names. */
export class DataSets {
  readonly #all = new Map<string, DataSet>();

  set(name: string, set: DataSet): void {
    this.#all.get(name)?.free();
    this.#all.set(name, set);
  }
  get(where: string, name: unknown): DataSet {
    const found = this.#all.get(name as string);
    if (found) return found;
    const there = this.#all.size > 0 ? `there are ${[...this.#all.keys()].join(', ')}` : 'there are none yet';
    throw fault('name', `${where}: there is no data set ${describe(name)}; ${there}`);
  }
  /** The shape of a sample that is trained on, where there are some, of one tensor each. */
  get sampleShape(): number[] | undefined {
    const x = this.#all.get('train')?.x;
    if (!isA(x, Tensor)) return undefined;
    return x.shape.length > 1 ? x.shape.slice(1) : [1];
  }
}
