/** Names cross the border in two spellings: camelCase in JavaScript, snake_case in the core. */

/** `batchSize` → `batch_size`, `maxPooling2d` → `max_pooling2d`. */
export const toSnake = (name: string): string =>
  name
    .replace(/[A-Z]/g, (letter, at: number) => (at > 0 ? '_' : '') + letter.toLowerCase())
    // Adam's, which Keras writes with an underscore.
    .replace(/^beta(\d)$/, 'beta_$1');

/** `batch_size` → `batchSize`. */
export const toCamel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Spells the keys of a config as the core does; values stay, except that `undefined` is left out. */
export function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [toSnake(key), snakeKeys(inner)]));
}

/** Spells the keys of a config as JavaScript does. */
export function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [toCamel(key), camelKeys(inner)]));
}

/** The core's message with its names spelled as in JavaScript; `val_loss` and the like are log names in both. */
export const inCamel = (message: string): string =>
  message.replace(/\b(?!val_)[a-z]+(?:_[a-z]+)+\b/g, toCamel).replace(/\bbeta_(\d)\b/g, 'beta$1');

/** The text of whatever was thrown. */
export const textOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/** How a value is named in an error: short, never the whole of it. */
export function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return value.length > 40 ? `"${value.slice(0, 40)}…"` : `"${value}"`;
  if (Array.isArray(value))
    return value.length > 8 ? `an array of ${value.length}` : `[${value.map(describe)}]`;
  if (typeof value === 'object') return `a ${value.constructor?.name ?? 'plain object'}`;
  return `a ${typeof value}`;
}

/** A whole number of at least `least`, or an error that names the argument. */
export function whole(name: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name}: expected a whole number of at least ${least}, got ${describe(value)}`);
}

/** Refuses keys that nobody reads: most of them are misspelled. */
export function onlyKeys(where: string, options: unknown, allowed: readonly string[]): void {
  if (options === undefined) return;
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw new Error(`${where}: expected an object of options, got ${describe(options)}`);
  }
  const odd = Object.keys(options).find((key) => !allowed.includes(key));
  if (odd !== undefined) throw new Error(`${where}: unknown key "${odd}"; known: ${allowed.join(', ')}`);
}

/** A seed as given, or a fresh one. */
export function checkSeed(where: string, seed: unknown): number {
  if (seed === undefined || seed === null) return Math.floor(Math.random() * 2 ** 32);
  if (typeof seed === 'number' && Number.isSafeInteger(seed)) return seed;
  throw new Error(`${where}: a seed is a whole number, got ${describe(seed)}`);
}
