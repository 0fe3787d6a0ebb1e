/** Handing samples over to WebAssembly: once, checked, and freed as soon as nobody needs them. */

import { describe } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { type Shape, sizeOf } from '../tensor/shape.js';
import { asTensor, type Tensor } from '../tensor/tensor.js';
import type { Features, Labels, Network } from '../wasm/mapling.js';

/** Objects of the core in use by one call. */
export class Held {
  readonly #all: { free(): void }[] = [];
  keep<T extends { free(): void }>(one: T): T {
    this.#all.push(one);
    return one;
  }
  free(): void {
    for (const one of this.#all.splice(0).reverse()) {
      // After a trap the instance is gone, and what it held with it.
      try {
        one.free();
      } catch {}
    }
  }
  /** Runs `action` and frees what it kept. */
  static use<T>(action: (held: Held) => T): T {
    const held = new Held();
    try {
      return action(held);
    } finally {
      held.free();
    }
  }
}

/** Refuses what does not fit into memory: inside, running out of it would end the instance. */
export function reserve(where: string, bytes: number): void {
  // Small pieces always fit; the question itself takes time.
  if (bytes < 2 ** 24 || call((wasm) => wasm.canReserve(bytes))) return;
  throw new Error(`${where}: ${Math.ceil(bytes / 2 ** 20)} MiB do not fit into WebAssembly's memory`);
}

/** A shape that differs from the model's only by a last axis of 1 is meant to be the model's, as in Keras. */
function fitted(sample: Shape, network?: Network): Shape {
  const wanted = network && call(() => network.inputShape);
  if (!wanted) return sample;
  const plain = (shape: ArrayLike<number>): string => Array.from(shape).join().replace(/,1$/, '');
  return Math.abs(wanted.length - sample.length) === 1 && plain(wanted) === plain(sample)
    ? Array.from(wanted)
    : sample;
}

/** Inputs, `[samples, …]`. */
export function features(where: string, x: unknown, network?: Network): Features & { sampleShape: Shape } {
  const tensor = checked(`${where}: x`, x);
  const sample = fitted(tensor.shape.slice(1), network);
  const { packed } = tensor;
  reserve(`${where}: x`, sizeOf(tensor.shape) * (packed ? 1 : 4));
  const made = call((wasm) =>
    packed
      ? wasm.Features.bytes(packed, Uint32Array.from(sample))
      : wasm.Features.floats(floats(tensor), Uint32Array.of(tensor.shape[0]!, ...sample)),
  );
  return Object.assign(made, { sampleShape: sample });
}

/** What the model should have answered, `[samples, …]`. */
export function labels(where: string, y: unknown): Labels {
  const tensor = checked(`${where}: y`, y);
  return call((wasm) => new wasm.Labels(floats(tensor), Uint32Array.from(tensor.shape)));
}

const floats = ({ values }: Tensor): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);

function checked(where: string, value: unknown): Tensor {
  if (Array.isArray(value) && value.some((part) => part instanceof Object && 'dtype' in part)) {
    throw new Error(
      `${where}: models have one input and one output here; expected one tensor, got ${describe(value)}`,
    );
  }
  const tensor = asTensor(where, value);
  if (tensor.rank === 0) throw new Error(`${where}: expected [samples, …], got a single value`);
  if (tensor.shape[0] === 0) throw new Error(`${where}: there are no samples`);
  return tensor;
}
