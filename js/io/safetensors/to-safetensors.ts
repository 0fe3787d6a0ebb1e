/** Files in the safetensors format, written. */
import type { Bytes } from '../../engine/bytes.js';
import { describe, fault, onlyKeys } from '../../engine/errors.js';
import { isA, isArray, isObject } from '../../engine/look.js';
import { LayersModel } from '../../nn/model.js';
import { Tensor } from '../../tensor/handle.js';
import { predictorOf } from '../take-apart.js';
import { checkHead } from './limits.js';

export interface SafetensorsOptions {
  /** Texts that the file carries besides. */
  metadata?: { [key: string]: string };
}

interface Written {
  name: string;
  dtype: 'F32' | 'I32' | 'BOOL';
  shape: readonly number[];
  bytes: Uint8Array;
}

const TYPES = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** What is to be written of tensors by name. */
function ofTensors(where: string, given: object): Written[] {
  return Object.entries(given).map(([name, x]) => {
    if (!isA(x, Tensor))
      throw fault('type', `${where}: ${describe(name)}: expected a tensor, got ${describe(x)}`);
    if (name === '__metadata__') throw fault('name', `${where}: a tensor cannot be named ${describe(name)}`);
    const dtype = (TYPES as Record<string, Written['dtype'] | undefined>)[x.dtype];
    if (!dtype) throw fault('type', `${where}: ${describe(name)}: ${x.dtype} has no form in this format`);
    return { name, dtype, shape: x.shape, bytes: bytesOf(x.dataSync() as Float32Array) };
  });
}

function ofModel(where: string, model: LayersModel): Written[] {
  const { weights } = predictorOf(where, model);
  return weights.map(({ name, shape, values }) => ({ name, dtype: 'F32', shape, bytes: bytesOf(values) }));
}

function checkMetadata(where: string, given: unknown): Record<string, string> | undefined {
  if (given === undefined || given === null) return undefined;
  if (isObject(given) && !isArray(given) && Object.values(given).every((one) => typeof one === 'string'))
    return { ...(given as Record<string, string>) };
  throw fault('type', `${where}: metadata: expected texts by name, got ${describe(given)}`);
}

/** See `io.toSafetensors`. */
export async function write(
  where: string,
  given: LayersModel | { [name: string]: Tensor },
  options?: SafetensorsOptions,
): Promise<Bytes> {
  onlyKeys(where, options, ['metadata']);
  const metadata = checkMetadata(where, options?.metadata);
  if (!isObject(given) || isArray(given) || ArrayBuffer.isView(given) || isA(given, Tensor))
    throw fault('type', `${where}: expected a model or tensors by name, got ${describe(given)}`);
  const all = isA(given, LayersModel) ? ofModel(where, given) : ofTensors(where, given);
  // As the Python package does it: wider types first, so that every tensor begins at a multiple of its values' size.
  all.sort((a, b) => Number(a.dtype === 'BOOL') - Number(b.dtype === 'BOOL'));
  const head = new Map<string, unknown>(metadata ? [['__metadata__', metadata]] : []);
  let end = 0;
  for (const { name, dtype, shape, bytes } of all) {
    const from = end;
    end += bytes.length;
    head.set(name, { dtype, shape, data_offsets: [from, end] });
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(head)));
  // Spaces, so that the values begin at a multiple of eight.
  const begin = 8 + Math.ceil(text.length / 8) * 8;
  checkHead(begin - 8, (why) => fault('value', `${where}: ${why}`));
  const file = new Uint8Array(begin + end).fill(32, 8, begin);
  new DataView(file.buffer).setUint32(0, begin - 8, true);
  file.set(text, 8);
  let place = begin;
  for (const { bytes } of all) {
    file.set(bytes, place);
    place += bytes.length;
  }
  return file;
}
