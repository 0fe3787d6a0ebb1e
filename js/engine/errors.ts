/** Errors: what they say, and how names in them are spelt. */

import { misspelt } from './alike.js';
import { isArray, isFunction, isGone, isObject } from './look.js';

/**
 * What kind of mistake an error is about: a shape, a value, a type, a call that makes no sense at this moment, memory,
 * a name that is not known, or data in another format. It stands in the error's property `code`.
 */
export type Code = 'shape' | 'value' | 'type' | 'state' | 'memory' | 'name' | 'format';

/** No message is longer: names and values in it may be. */
const LONGEST = 480;

/** An error with a code. */
export const fault = (code: Code, message: string): Error & { code: Code } =>
  Object.assign(new Error(brief(message, LONGEST)), { code });

// Names cross the border in two spellings: camelCase in JavaScript, snake_case in the core.

/** `batchSize` → `batch_size`, `maxPooling2d` → `max_pooling2d`. */
export const toSnake = (name: string): string =>
  name
    .replace(/[A-Z]/g, (letter, at: number) => (at > 0 ? '_' : '') + letter.toLowerCase())
    // Adam's, which Keras writes with an underscore.
    .replace(/^beta(\d)$/, 'beta_$1');

/** `batch_size` → `batchSize`. */
export const toCamel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Names that users gave to things of theirs and that look like the core's spelling: messages leave them alone. */
const own = new Set<string>();
/** So many are remembered: programs that make names without end must not fill memory. */
const MOST_NAMES = 10_000;

/** Remembers a name that a user gave to something (a layer, a variable): messages spell it as it is. */
export function ownName(name: string): void {
  if (!name.includes('_')) return;
  if (own.size >= MOST_NAMES) own.clear();
  own.add(name);
}

/** How deep settings may be nested: no setting is nested deeper, and what contains itself is found out. */
const DEEPEST = 64;

/** Spells the keys of a config as the core does; values stay, except that `undefined` is left out. */
export function snakeKeys(value: unknown, depth = 0): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (depth > DEEPEST) throw fault('value', 'settings are nested too deeply, or contain themselves');
  if (isArray(value)) return value.map((inner) => snakeKeys(inner, depth + 1));
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  for (const [key, inner] of entries) if (key === 'name' && typeof inner === 'string') ownName(inner);
  return Object.fromEntries(entries.map(([key, inner]) => [toSnake(key), snakeKeys(inner, depth + 1)]));
}

/** Spells the keys of a config as JavaScript does. */
export function camelKeys(value: unknown, depth = 0): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (depth > DEEPEST) throw fault('value', 'settings are nested too deeply, or contain themselves');
  if (isArray(value)) return value.map((inner) => camelKeys(inner, depth + 1));
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, inner]) => [toCamel(key), camelKeys(inner, depth + 1)]));
}

/** So much of the core's messages is said. */
const MOST_OF_CORE = 400;

/**
 * The core's message with its names spelled as in JavaScript; `val_loss` and the like are log names in both, and a
 * user's own names stay.
 */
export const inCamel = (message: string): string =>
  brief(message, MOST_OF_CORE).replace(/[A-Za-z0-9_]+/g, (word) => {
    if (!word.includes('_') || own.has(word)) return word;
    if (/^(?!val_)[a-z]+(_[a-z]+)+$/.test(word)) return toCamel(word);
    return word.replace(/^beta_(\d)$/, 'beta$1');
  });

/** The text of whatever was thrown. */
export const textOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/** A text as it stands in an error: its beginning. */
export const brief = (text: string, most = 40): string =>
  text.length > most ? `${text.slice(0, most)}…` : text;

/** How a value is named in an error: short, never the whole of it, whatever the value does when it is looked at. */
export function describe(value: unknown, depth = 0): string {
  try {
    if (typeof value === 'bigint') return `${brief(String(value))}n`;
    if (typeof value === 'string') return `"${brief(value)}"`;
    if (typeof value === 'symbol') return 'a symbol';
    if (typeof value === 'function')
      return isFunction(value) ? 'a function' : `a class ${brief(String(value.name))}`.trimEnd();
    if (value === null || typeof value !== 'object') return String(value);
    if (Array.isArray(value)) {
      if (value.length > 8 || depth > 2) return `an array of ${value.length}`;
      return `[${value.map((part) => describe(part, depth + 1))}]`;
    }
    // Nobody waits for a promise that is refused: its failure must not end the process.
    if (value instanceof Promise) value.catch(() => {});
    const name: unknown = value.constructor?.name;
    const gone =
      ArrayBuffer.isView(value) && isGone(value) ? ' whose memory was given away or made smaller' : '';
    return typeof name === 'string' && name !== 'Object' && name !== ''
      ? `a ${brief(name)}${gone}`
      : 'an object';
  } catch {
    return 'an object';
  }
}

/** Lengths of axes in an error. */
export const shown = (shape: readonly number[]): string =>
  shape.length > 8 ? `[${shape.slice(0, 8)},…]` : `[${shape}]`;

/** A function, or an error that names what it is for. */
export function checkFunction(
  where: string,
  given: unknown,
): asserts given is (...inputs: never[]) => unknown {
  if (!isFunction(given)) throw fault('type', `${where}: expected a function, got ${describe(given)}`);
}

/** A whole number of at least `least`, or an error that names the argument. */
export function whole(name: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw fault('value', `${name}: expected a whole number of at least ${least}, got ${describe(value)}`);
}

/** True or false, or an error that names the argument; `otherwise` where nothing is given. */
export function flag(name: string, value: unknown, otherwise = false): boolean {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'boolean') return value;
  throw fault('type', `${name}: expected true or false, got ${describe(value)}`);
}

/** A finite number, or an error that names the argument. */
export function finite(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw fault('value', `${name}: expected a finite number, got ${describe(value)}`);
}

/** Refuses keys that nobody reads: most of them are misspelled. What is undefined is not given. */
export function onlyKeys(where: string, options: unknown, allowed: readonly string[]): void {
  if (options === undefined) return;
  if (!isObject(options) || isArray(options)) {
    throw fault('type', `${where}: expected an object of options, got ${describe(options)}`);
  }
  const odd = Object.keys(options).find(
    (key) => !allowed.includes(key) && (options as Record<string, unknown>)[key] !== undefined,
  );
  if (odd !== undefined) {
    const near = misspelt(odd, allowed);
    const instead = near ? `did you mean "${near}"?` : `known: ${allowed.join(', ')}`;
    throw fault('name', `${where}: unknown key "${brief(odd)}"; ${instead}`);
  }
}

/** A seed, or an error that names the argument. */
export function checkSeed(where: string, seed: unknown): number {
  if (typeof seed === 'number' && Number.isSafeInteger(seed)) return seed;
  throw fault('value', `${where}: a seed is a whole number, got ${describe(seed)}`);
}
