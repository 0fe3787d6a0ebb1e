/** Weights as bytes, one behind the other, and tensors made of them. */
import { describe, fault, shown } from '../engine/errors.js';
import { can, isArray, isObject } from '../engine/look.js';
import type { NamedTensor, NamedTensorMap } from '../tensor/containers.js';
import { asTensor, make, type Tensor } from '../tensor/handle.js';
import { CompositeArrayBuffer, composite } from './buffers.js';
import { readSpecs, type Spec } from './specs.js';
import type { WeightData, WeightGroup, WeightsManifestEntry } from './types.js';

export type Values = Float32Array | Int32Array | Uint8Array;

/** A number of half precision, from its bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** The values of a weight, from its bytes, which begin a buffer of their own. */
export function valuesOf(where: string, { name, dtype, size, quantized }: Spec, bytes: ArrayBuffer): Values {
  if (!quantized)
    return dtype === 'float32'
      ? new Float32Array(bytes)
      : dtype === 'int32'
        ? new Int32Array(bytes)
        : new Uint8Array(bytes);
  const { scale, min } = quantized;
  const kept = quantized.dtype === 'uint8' ? new Uint8Array(bytes) : new Uint16Array(bytes);
  const values = dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
  for (let at = 0; at < size; at++) {
    const value = quantized.dtype === 'float16' ? half(kept[at]!) : kept[at]! * scale + min;
    values[at] = dtype === 'int32' ? Math.round(value) : value;
    const isLost = dtype === 'int32' ? values[at] !== Math.round(value) : !Number.isFinite(values[at]!);
    if (isLost && Number.isFinite(value))
      throw fault('value', `${where}: ${name}: ${value} at place ${at} is no ${dtype}`);
  }
  return values;
}

/** Refuses bytes that are too few for these weights, before any is read. */
export function checkLength(where: string, specs: readonly Spec[], length: number): void {
  let end = 0;
  for (const { name, shape, bytes } of specs) {
    end += bytes;
    if (end > length)
      throw fault(
        'format',
        `${where}: the data end within ${name} ${shown(shape)}: ${end} bytes are expected, and there are ${length}`,
      );
  }
}

/** Each weight with its values, read one after the other. */
export function* decoded(
  where: string,
  specs: readonly Spec[],
  data: CompositeArrayBuffer,
): Generator<[spec: Spec, values: Values], void> {
  let at = 0;
  for (const spec of specs) {
    yield [spec, valuesOf(where, spec, data.slice(at, at + spec.bytes))];
    at += spec.bytes;
  }
}

/**
 * Tensors by their names, from bytes that lie one behind the other.
 * @example
 * const { data: bytes, specs } = await io.encodeWeights({ a: tensor([1, 2]) });
 * io.decodeWeights(bytes, specs).a; // → [1, 2]
 */
export const decodeWeights = (weightData: WeightData, specs: WeightsManifestEntry[]): NamedTensorMap =>
  tensorsOf('decodeWeights', weightData, readSpecs('decodeWeights', specs));

function tensorsOf(where: string, weightData: WeightData, read: readonly Spec[]): NamedTensorMap {
  const data = composite(where, weightData);
  checkLength(where, read, data.byteLength);
  // A map, because `__proto__` is a name, too.
  const tensors = new Map<string, Tensor>();
  for (const [{ name, shape, dtype }, values] of decoded(where, read, data))
    tensors.set(name, make(where, values, shape, dtype));
  return Object.fromEntries(tensors);
}

/**
 * The same for bytes that come piece by piece.
 * @example
 * const { data: bytes, specs } = await io.encodeWeights({ a: tensor([1, 2]) });
 * (await io.decodeWeightsStream(new Blob([bytes]).stream(), specs)).a; // → [1, 2]
 */
export async function decodeWeightsStream(
  weightStream: ReadableStream<ArrayBuffer>,
  specs: WeightsManifestEntry[],
): Promise<NamedTensorMap> {
  const where = 'decodeWeightsStream';
  if (!can(weightStream, 'getReader'))
    throw fault('type', `${where}: expected a ReadableStream, got ${describe(weightStream)}`);
  const read = readSpecs(where, specs);
  const pieces: ArrayBuffer[] = [];
  const reader = weightStream.getReader();
  let [ready, wanted] = [0, read.reduce((sum, { bytes }) => sum + bytes, 0)];
  while (ready < wanted) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    ready += value.byteLength;
  }
  return tensorsOf(where, pieces, read);
}

/**
 * The bytes of tensors, one behind the other, and their descriptions.
 * @example (await io.encodeWeights({ a: tensor([1, 2]) })).specs; // → [{ name: 'a', shape: [2], dtype: 'float32' }]
 */
export async function encodeWeights(
  tensors: NamedTensorMap | NamedTensor[],
  group?: WeightGroup,
): Promise<{ data: ArrayBuffer; specs: WeightsManifestEntry[] }> {
  const where = 'encodeWeights';
  if (!isObject(tensors) || ArrayBuffer.isView(tensors))
    throw fault('type', `${where}: expected tensors by name, got ${describe(tensors)}`);
  const named: [string, unknown][] = isArray(tensors)
    ? Array.from(tensors as unknown[], (one) => {
        const { name, tensor } = (isObject(one) ? one : {}) as Partial<NamedTensor>;
        if (typeof name === 'string') return [name, tensor];
        throw fault('type', `${where}: expected { name, tensor }, got ${describe(one)}`);
      })
    : Object.entries(tensors);
  const specs: WeightsManifestEntry[] = [];
  const values: ArrayBufferView[] = [];
  for (const [name, given] of named) {
    const tensor = asTensor(`${where}: ${name}`, given);
    specs.push({ name, shape: [...tensor.shape], dtype: tensor.dtype, ...(group && { group }) });
    values.push((await tensor.data()) as Values);
  }
  return { data: CompositeArrayBuffer.join(values), specs };
}
