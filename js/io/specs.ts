/** Weights as TensorFlow.js' manifests describe them: their names, shapes and kinds, checked before anything is read. */
import { brief, describe, fault, shown } from '../engine/errors.js';
import { isArray, isObject } from '../engine/look.js';
import type { WeightsManifestConfig, WeightsManifestEntry } from './types.js';

/** How many bytes a value takes. */
const SIZES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1 };
const QUANTIZED: Readonly<Record<string, number>> = { uint8: 1, uint16: 2, float16: 2 };

/** A weight whose description makes sense. */
export interface Spec {
  name: string;
  shape: number[];
  /** How many values it has. */
  size: number;
  /** How many bytes they take where they lie. */
  bytes: number;
  dtype: 'float32' | 'int32' | 'bool';
  isOptimizers: boolean;
  /** Where values are kept as smaller ones. */
  quantized?: { dtype: 'uint8' | 'uint16' | 'float16'; scale: number; min: number };
}

function sizeOf(where: string, shape: unknown): number {
  const isLength = (length: unknown): boolean =>
    typeof length === 'number' && Number.isSafeInteger(length) && length >= 0;
  if (!isArray(shape) || shape.length > 6 || !shape.every(isLength))
    throw fault('format', `${where}: expected a shape of up to six axes, got ${describe(shape)}`);
  const size = (shape as number[]).reduce((product, length) => product * length, 1);
  if (!Number.isSafeInteger(size * 4))
    throw fault('format', `${where}: the shape ${shown(shape as number[])} is larger than any file`);
  return size;
}

function readQuantization(where: string, given: unknown, dtype: string): NonNullable<Spec['quantized']> {
  const { dtype: kept, scale, min } = (isObject(given) ? given : {}) as Record<string, unknown>;
  if (typeof kept !== 'string' || !Object.hasOwn(QUANTIZED, kept))
    throw fault(
      'format',
      `${where}: quantization: expected uint8, uint16 or float16, got ${describe(isObject(given) ? kept : given)}`,
    );
  if (dtype === 'bool' || (kept === 'float16' && dtype !== 'float32'))
    throw fault('format', `${where}: quantization: ${kept} does not stand for ${dtype}`);
  if (kept === 'float16') return { dtype: kept, scale: 1, min: 0 };
  if (!Number.isFinite(scale) || !Number.isFinite(min))
    throw fault('format', `${where}: quantization: expected numbers scale and min`);
  return { dtype: kept as 'uint8', scale: scale as number, min: min as number };
}

function readSpec(where: string, given: unknown, at: number): Spec {
  const { name, shape, dtype, group, quantization } = (
    isObject(given) ? given : {}
  ) as Partial<WeightsManifestEntry>;
  if (typeof name !== 'string' || name === '')
    throw fault('format', `${where}: number ${at}: expected a name, got ${describe(name)}`);
  const label = `${where}: ${brief(name, 80)}`;
  const size = sizeOf(label, shape);
  if (dtype === 'string' || dtype === 'complex64')
    throw fault('format', `${label}: no weight of a layer is ${dtype}`);
  if (typeof dtype !== 'string' || !Object.hasOwn(SIZES, dtype))
    throw fault('format', `${label}: expected float32, int32 or bool, got ${describe(dtype)}`);
  const quantized =
    quantization === undefined || quantization === null
      ? undefined
      : readQuantization(label, quantization, dtype);
  return {
    name,
    shape: Array.from(shape as number[]),
    size,
    bytes: size * (quantized ? QUANTIZED[quantized.dtype]! : SIZES[dtype]!),
    dtype,
    isOptimizers: group === 'optimizer',
    ...(quantized && { quantized }),
  };
}

/** Reads descriptions of weights; `where` begins errors. */
export function readSpecs(where: string, given: unknown): Spec[] {
  if (!isArray(given)) throw fault('format', `${where}: expected a list of weights, got ${describe(given)}`);
  return Array.from(given as unknown[], (one, at) => readSpec(where, one, at));
}

/** A path that stays in the folder of model.json. */
function checkPath(where: string, path: unknown): void {
  if (typeof path !== 'string' || path === '')
    throw fault('format', `${where}: expected the path of a file, got ${describe(path)}`);
  // In addresses `%2e` is a dot, tabs and new lines are nothing, and a name may end at `?` or `#`.
  if (/^[/\\]|^[a-z][a-z\d+.-]*:|(^|\/)(\.|%2e){2}([/?#]|$)|[\p{Cc}\\]/iu.test(path))
    throw fault('format', `${where}: ${describe(path)} does not stay in the folder of model.json`);
}

/** Checks a manifest: its groups, the paths of their files, the weights in them. */
export function readManifest(where: string, given: unknown): { paths: string[]; specs: Spec[] }[] {
  if (!isArray(given)) throw fault('format', `${where}: expected a list of groups, got ${describe(given)}`);
  const known = new Set<string>();
  return Array.from(given as unknown[], (group, at) => {
    const label = `${where}: group ${at}`;
    const { paths, weights } = (isObject(group) ? group : {}) as { paths?: unknown; weights?: unknown };
    if (!isArray(paths)) throw fault('format', `${label}: expected paths of files, got ${describe(paths)}`);
    for (const path of paths) {
      checkPath(label, path);
      if (known.has(path)) throw fault('format', `${label}: ${describe(path)} is named twice`);
      known.add(path);
    }
    return { paths: Array.from(paths as string[]), specs: readSpecs(label, weights) };
  });
}

/**
 * All weights of a manifest, one list.
 * @example io.getWeightSpecs([{ paths: ['w.bin'], weights: [{ name: 'a', shape: [2], dtype: 'float32' }] }]).length; // → 1
 */
export function getWeightSpecs(weightsManifest: WeightsManifestConfig): WeightsManifestEntry[] {
  const where = 'getWeightSpecs';
  if (!isArray(weightsManifest))
    throw fault('type', `${where}: expected a list of groups, got ${describe(weightsManifest)}`);
  return Array.from(weightsManifest as unknown[], (group) => {
    const { weights } = (isObject(group) ? group : {}) as { weights?: WeightsManifestEntry[] };
    if (isArray(weights)) return weights as WeightsManifestEntry[];
    throw fault('type', `${where}: expected { paths, weights }, got ${describe(group)}`);
  }).flat();
}
