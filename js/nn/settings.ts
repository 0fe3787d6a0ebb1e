/** Settings of layers on their way to the core, which checks them: names are spelt as there, values are JSON. */
import { describe, fault, snakeKeys, textOf } from '../engine/errors.js';
import { isArray, isRevoked } from '../engine/look.js';

/** No settings have more parts; what has more (a list that says that it is long, what contains itself twice) has no end. */
const MOST = 2 ** 22;
let left = MOST;
/** How deep settings may be nested: no setting is nested deeper, and what contains itself is found out. */
const DEEPEST = 32;

/** What a setting that is an object of ours becomes: a layer inside a layer, an initializer, a regularizer. */
interface Settled {
  toCore(): unknown;
}
const isSettled = (value: object): value is Settled =>
  typeof (value as Partial<Settled>).toCore === 'function';

/** A tensor or a symbol, by what both have: the page loads neither. */
const isTensor = (value: object): boolean => 'shape' in value && 'dtype' in value && 'rank' in value;

/** The value as JSON has it. Refuses what JSON cannot say: it would arrive as something else, or not at all. */
export function plainSettings(where: string, value: unknown, key = 'settings', depth = 0): unknown {
  if (depth === 0) left = MOST;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw fault('value', `${where}: ${key}: expected a finite number, got ${value}`);
  }
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    throw fault('type', `${where}: ${key}: expected a name, a number or a list, got ${describe(value)}`);
  }
  if (value === null || typeof value !== 'object') return value;
  if (isRevoked(value))
    throw fault('type', `${where}: ${key}: expected a name, a number or a list, got a revoked proxy`);
  if (depth > DEEPEST) throw fault('value', `${where}: ${key}: nested too deeply, or it contains itself`);
  if (isSettled(value)) return plainSettings(where, value.toCore(), key, depth + 1);
  if (isTensor(value))
    throw fault('type', `${where}: ${key}: expected a name, a number or a list, got ${describe(value)}`);
  if (ArrayBuffer.isView(value)) {
    throw fault('type', `${where}: ${key}: expected a list, got ${describe(value)}`);
  }
  if (isArray(value)) {
    left -= value.length;
    if (left < 0) throw fault('value', `${where}: ${key}: there are too many values, or it contains itself`);
    return value.map((part) => plainSettings(where, part, key, depth + 1));
  }
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  left -= entries.length;
  if (left < 0) throw fault('value', `${where}: ${key}: there are too many values, or it contains itself`);
  return Object.fromEntries(
    entries.map(([inner, part]) => [inner, plainSettings(where, part, inner, depth + 1)]),
  );
}

/** Settings of a class of the user's as JSON, with what `instead` says in the place of each value. */
export function jsonOf(where: string, settings: object, instead: (value: unknown) => unknown): string {
  try {
    return JSON.stringify(settings, (_, value: unknown) => instead(value));
  } catch (thrown) {
    // What a getter or a method of the user's has thrown is the user's.
    if (!/circular|cyclic|BigInt/i.test(textOf(thrown))) throw thrown;
    throw fault('value', `${where}: JSON cannot say what is in it: it contains itself, or a BigInt`);
  }
}

/** Settings as the core reads them. */
export const settingsJson = (where: string, settings: object): string =>
  JSON.stringify(snakeKeys(plainSettings(where, settings)));
