/** JSON in which whole numbers can be written as Python's floats: `1.0`, where Keras refuses the `1` that JavaScript writes. */
import { mapped } from '../portable.js';

/** Stands for a number that has a point: no setting begins so. */
const MARK = '\u0000float ';

/** Settings that are whole numbers in Keras, too. */
const COUNTS = /steps$|boundaries|frequency/;

/** Settings in which all numbers but counts are floats, as those of optimizers and schedules are. */
export function asFloats(value: unknown, key = ''): unknown {
  if (typeof value === 'number' && Number.isInteger(value) && !COUNTS.test(key)) return MARK + value;
  if (Array.isArray(value)) return value.map((one: unknown) => asFloats(one, key));
  if (value === null || typeof value !== 'object') return value;
  return mapped(value, asFloats);
}

/** The text of a value with floats. */
export const kerasJson = (value: unknown): string =>
  JSON.stringify(value).replace(/"\\u0000float (-?\d+)(e\+\d+)?"/g, (_, digits: string, power?: string) =>
    power ? digits + power : `${digits}.0`,
  );
