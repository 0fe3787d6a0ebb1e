/**
 * Values as text and arrays: numbers, texts, lists and objects as JSON, in which each typed array is `{ "$": place }`, its
 * place among the arrays, and each number that JSON has no word for `{ "$": "NaN" }`.
 */
import { brief, describe, fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';

/** The kinds of arrays, by their numbers in a file. New ones go to the end. */
export const KINDS = [
  Float32Array,
  Float64Array,
  Int32Array,
  Uint32Array,
  Uint8Array,
  Int8Array,
  Int16Array,
  Uint16Array,
  Uint8ClampedArray,
] as const;
export type Values = InstanceType<(typeof KINDS)[number]>;

/** The number of an array's kind; -1 for what is none. Arrays of other realms are arrays too. */
export function kindOf(value: unknown): number {
  if (!ArrayBuffer.isView(value)) return -1;
  const name = Object.prototype.toString.call(value).slice(8, -1);
  return KINDS.findIndex((kind) => kind.name === name);
}

/** How deep values may be nested. */
const DEEPEST = 64;
/** The key under which stands what is no object. */
const MARK = '$';
const ODD: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

/** A value as JSON can say it; its arrays are added to `arrays`. `where` begins errors. */
export function pack(where: string, value: unknown, arrays: Values[], path = '', depth = 0): unknown {
  if (typeof value === 'number') {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return { [MARK]: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (depth > DEEPEST)
    throw fault('value', `${where}: ${brief(path)}: nested too deeply, or it contains itself`);
  const inside = (part: unknown, key: string | number): unknown =>
    pack(where, part, arrays, path === '' ? `${key}` : `${path}.${key}`, depth + 1);
  if (isArray(value)) return Array.from(value, (part, at) => inside(part ?? null, at));
  if (kindOf(value) >= 0) return { [MARK]: arrays.push(value as Values) - 1 };
  const isPlain = isObject(value) && Object.prototype.toString.call(value) === '[object Object]';
  if (!isPlain || typeof (value as { then?: unknown }).then === 'function' || MARK in (value as object)) {
    const what = describe(value);
    throw fault(
      'type',
      `${where}: ${brief(path)}: expected numbers, texts, typed arrays, lists and objects of these, got ${what}`,
    );
  }
  const entries = Object.entries(value as object).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.map(([key, part]) => [key, inside(part, key)]));
}

/** The value that was packed. Each array is taken once. */
export function unpack(where: string, packed: unknown, arrays: (Values | undefined)[], depth = 0): unknown {
  if (depth > DEEPEST) throw fault('format', `${where}: its values are nested too deeply`);
  if (packed === null || typeof packed !== 'object') return packed;
  if (isArray(packed)) return packed.map((part) => unpack(where, part, arrays, depth + 1));
  const mark: unknown = (packed as Record<string, unknown>)[MARK];
  if (mark === undefined) {
    const entries = Object.entries(packed);
    return Object.fromEntries(entries.map(([key, part]) => [key, unpack(where, part, arrays, depth + 1)]));
  }
  if (typeof mark === 'string' && Object.hasOwn(ODD, mark)) return ODD[mark];
  const values = typeof mark === 'number' ? arrays[mark] : undefined;
  if (!values) throw fault('format', `${where}: its values name a part ${describe(mark)} that is not there`);
  arrays[mark as number] = undefined;
  return values;
}
