/** Handing samples over to WebAssembly: once, checked, and freed as soon as nobody needs them. */
import { describe, fault } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isA, isArray, isObject } from '../engine/look.js';
import { asTensor, Tensor } from '../tensor/handle.js';
import { type Shape, sizeOf } from '../tensor/shape.js';
import type { TensorLike } from '../tensor/values.js';
import type { Features, Samples } from '../wasm/mapling.js';

/** What `fit` and its kin take for an input or an output: one thing, several in a list, or by name. */
export type OneOf = Tensor | TensorLike;
export type Data = OneOf | Tensor[] | { [name: string]: OneOf };

/** How much samples count: once for all outputs, or for each output, in a list or by name; null where all count 1. */
export type PerSample = OneOf | (OneOf | null)[] | { [output: string]: OneOf | null };

/** What samples are for: how many there should be of each, how they are called and of what shape. */
export interface Ends {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** The shapes of samples, if they are known. */
  readonly inputDims: readonly (readonly (number | null)[])[] | undefined;
  /** The shapes of what a sample is answered with, if they are known. */
  readonly outputDims?: readonly (readonly (number | null)[])[] | undefined;
}

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
  throw fault('memory', `${where}: ${Math.ceil(bytes / 2 ** 20)} MiB do not fit into WebAssembly's memory`);
}

const isTensor = (value: unknown): value is Tensor =>
  isA(value, Tensor) || (isObject(value) && 'dtype' in value && 'shape' in value);

/** Things for several inputs or outputs, in their order. */
export function parts(where: string, given: unknown, names: readonly string[]): unknown[] {
  if (isTensor(given) || ArrayBuffer.isView(given) || !isObject(given)) return [given];
  if (!isArray(given)) {
    if (Object.prototype.toString.call(given) !== '[object Object]') {
      const expected = 'expected a tensor, an array, a list of tensors or { name: tensor }';
      throw fault('type', `${where}: ${expected}, got ${describe(given)}`);
    }
    const odd = Object.keys(given).find((name) => !names.includes(name));
    if (odd !== undefined) {
      throw fault('name', `${where}: there is no ${describe(odd)}; there are ${names.join(', ')}`);
    }
    return names.map((name) => {
      const part = (given as Record<string, unknown>)[name];
      if (part === undefined) throw fault('value', `${where}: nothing is given for ${name}`);
      return part;
    });
  }
  // A list of tensors is one for each; a list of numbers or lists is one tensor, unless there are several to give.
  const several =
    given.length > 0 &&
    ((isTensor(given[0]) && given.every(isTensor)) || (names.length > 1 && given.length === names.length));
  return several ? given : [given];
}

/** A shape that differs from the model's only by a last axis of 1 is meant to be the model's, as in Keras. */
export function fitted(sample: Shape, wanted: readonly (number | null)[] | undefined): Shape {
  if (!wanted || Math.abs(wanted.length - sample.length) !== 1) return sample;
  const longer = wanted.length > sample.length ? wanted : sample;
  if (longer.at(-1) !== 1) return sample;
  return wanted.length > sample.length ? [...sample, 1] : sample.slice(0, -1);
}

/** One input, `[samples, …]`. */
export function features(where: string, x: unknown, wanted?: readonly (number | null)[]): Features {
  const tensor = checked(where, x);
  const sample = fitted(tensor.shape.slice(1), wanted);
  const { packed } = tensor;
  reserve(where, sizeOf(tensor.shape) * (packed ? 1 : 4));
  return call(
    (wasm) =>
      packed
        ? wasm.Features.bytes(packed, Uint32Array.from(sample))
        : wasm.Features.floats(floats(tensor), Uint32Array.of(tensor.shape[0]!, ...sample)),
    where,
  );
}

/** A tensor for each input of a model, of as many samples each. */
export function inputsOf(where: string, x: unknown, { inputNames }: Ends): Tensor[] {
  const inputs = parts(`${where}: x`, x, inputNames);
  const expected = inputNames.length || 1;
  if (inputs.length !== expected) {
    throw fault('shape', `${where}: x: the model has ${expected} inputs, but ${inputs.length} were given`);
  }
  const tensors = inputs.map((input) => checked(`${where}: x`, input));
  const counts = tensors.map(({ shape }) => shape[0]!);
  const odd = counts.find((count) => count !== counts[0]);
  if (odd !== undefined)
    throw fault('shape', `${where}: x: one input has ${counts[0]} samples, another ${odd}`);
  return tensors;
}

/** Samples for a model: inputs alone, or with what it should answer, and how much each counts. */
export function samples(
  held: Held,
  where: string,
  ends: Ends,
  x: unknown,
  y?: unknown,
  weights?: unknown,
): Samples {
  const all = held.keep(call((wasm) => new wasm.Samples()));
  const tensors = inputsOf(where, x, ends);
  const [count, ...sample] = tensors[0]!.shape;
  const wanted = ends.inputDims?.[0];
  // A sample that was given in place of a batch is told of as what it is, by the core.
  const isBatch = !wanted || fitted(sample, wanted).length === wanted.length;
  tensors.forEach((input, at) => {
    const name = tensors.length > 1 ? `x: ${ends.inputNames[at]}` : 'x';
    const one = held.keep(features(`${where}: ${name}`, input, ends.inputDims?.[at]));
    call(() => all.addInput(one));
  });
  if (y !== undefined) {
    for (const target of parts(`${where}: y`, y, ends.outputNames)) {
      const tensor = checked(`${where}: y`, target);
      if (isBatch && tensor.shape[0] !== count)
        throw fault('shape', `${where}: x has ${count} samples, y has ${tensor.shape[0]}`);
      reserve(`${where}: y`, sizeOf(tensor.shape) * 4);
      call(() => all.addTarget(floats(tensor), Uint32Array.from(tensor.shape)));
    }
  }
  if (weights !== undefined && weights !== null) {
    const title = `${where}: sampleWeight`;
    for (const part of weightsOf(title, weights, ends.outputNames)) {
      const tensor = part === undefined || part === null ? undefined : checked(title, part);
      call(() => all.addWeights(tensor && floats(tensor), Uint32Array.from(tensor?.shape ?? [])), title);
    }
  }
  return all;
}

/** How much samples count: once for all outputs, or for each output, in a list or by name; null where all count 1. */
function weightsOf(where: string, weights: unknown, outputs: readonly string[]): readonly unknown[] {
  if (isTensor(weights) || ArrayBuffer.isView(weights) || !isObject(weights)) return [weights];
  if (!isArray(weights)) {
    const byName = weights as Record<string, unknown>;
    const given = outputs.map((name) => byName[name] ?? null);
    return (
      parts(where, { ...Object.fromEntries(outputs.map((name) => [name, null])), ...byName }, outputs) &&
      given
    );
  }
  const isEach =
    weights.slice(0, outputs.length).some(isTensor) ||
    (outputs.length > 1 &&
      weights.length === outputs.length &&
      weights.every((one) => typeof one === 'object'));
  if (!isEach) return [weights];
  if (weights.length === outputs.length) return weights;
  throw fault(
    'shape',
    `${where}: the model has ${outputs.length} outputs, but weights for ${weights.length} were given`,
  );
}

const floats = ({ values }: Tensor): Float32Array =>
  isA(values, Float32Array) ? values : Float32Array.from(values);

function checked(where: string, value: unknown): Tensor {
  const tensor = asTensor(where, value);
  if (tensor.rank === 0) throw fault('shape', `${where}: expected [samples, …], got a single value`);
  if (tensor.shape[0] === 0) throw fault('value', `${where}: there are no samples`);
  return tensor;
}
