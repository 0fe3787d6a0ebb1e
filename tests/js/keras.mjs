// What the tests against Keras' numbers share: reading tests/oracle, and comparing within 1e-4 of the scale.
import { readFileSync } from 'node:fs';
import { assert, mapling } from './mapling.mjs';

/** A file of tests/oracle, which the scripts beside it made with Keras. */
export const readOracle = (name) =>
  JSON.parse(readFileSync(new URL(`../oracle/${name}`, import.meta.url), 'utf8'));

/** The losses, optimizers or metrics of both files that have some. */
export const judged = (kind) => ['keras-1.json', 'judging.json'].flatMap((name) => readOracle(name)[kind]);

/** A written array as a tensor. Whole numbers (labels, places in an embedding) are int32 where the file says so. */
export const tensorOf = ({ shape, data, dtype }) => mapling.tensor(data, shape, dtype ?? 'float32');

/** Keras spells settings `return_sequences`, JavaScript `returnSequences`; Adam's `beta_1` is `beta1`. */
export const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
/** Settings as a program in JavaScript would write them. */
export const settings = (config) =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [camel(key), value]));

/**
 * Compares numbers with those of Keras: off by at most 1e-4 of the greatest one, or another share. Some are so small that rounding is all
 * there is of them, so the scale is at least a thousandth.
 */
export function closeNumbers(what, ours, keras, share = 1e-4) {
  assert.equal(ours.length, keras.length, `${what}: how many there are`);
  const scale = keras.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  const wrong = keras.findIndex((value, at) => !(Math.abs(ours[at] - value) <= share * scale));
  assert.ok(wrong < 0, `${what}[${wrong}]: ${ours[wrong]}, but Keras has ${keras[wrong]}`);
}

/** Compares a tensor with a written array, the shape too. */
export function close(what, ours, keras, share) {
  assert.deepEqual(ours?.shape, keras.shape, `${what}: shape`);
  closeNumbers(what, ours.dataSync(), keras.data, share);
}

/** Whether `action` runs: an error that says `not in mapling` or `unknown` tells that something is to come. */
export function isOffered(action) {
  try {
    action();
    return true;
  } catch (error) {
    if (/not in mapling|unknown|cannot be/.test(error.message)) return false;
    throw error;
  }
}
