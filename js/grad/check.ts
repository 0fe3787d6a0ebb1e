/** Gradients beside what small steps show. */
import { checkFunction, describe, fault, finite, onlyKeys } from '../engine/errors.js';
import { isA, isArray } from '../engine/look.js';
import type { Like } from '../tensor/elementwise.js';
import { asTensor, asTensors, make, Tensor, valuesOf } from '../tensor/handle.js';
import { gradientsFor } from './gradients.js';
import { tidy } from './tidy.js';

/** One number of an input: how the function changes with it, by small steps and by its gradient. */
export interface GradCheckRow {
  /** Which input, and which of its values, counted row by row. */
  input: number;
  index: number;
  numeric: number;
  analytic: number;
  difference: number;
  ok: boolean;
}

/** The table of a check, and its verdict. */
export interface GradCheck {
  /** Whether all rows agree. */
  ok: boolean;
  /** The greatest difference. */
  maxDifference: number;
  rows: GradCheckRow[];
}

export interface GradCheckOptions {
  /** The size of a step. Default: 0.01; smaller ones drown in float32's rounding. */
  step?: number;
  /** How far the two may be apart, of 1 or of the larger of them. Default: 0.01. */
  tolerance?: number;
}

/**
 * Compares the gradients of `f` with what central differences of its values show. Of a value that is not a single one
 * its sum is looked at.
 * @example gradCheck((x) => x.square().sum(), tensor([1, 2])).ok; // → true
 */
export function gradCheck(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: Like | Like[],
  options: GradCheckOptions = {},
): GradCheck {
  onlyKeys('gradCheck', options, ['step', 'tolerance']);
  const { step = 0.01, tolerance = 0.01 } = options;
  checkFunction('gradCheck', f);
  const h = finite('gradCheck: step', step);
  if (!(h > 0)) throw fault('value', `gradCheck: step: expected a number above 0, got ${describe(step)}`);
  if (finite('gradCheck: tolerance', tolerance) < 0)
    throw fault('value', `gradCheck: tolerance: expected a number of at least 0, got ${tolerance}`);
  const isList =
    isArray(inputs) &&
    isA(
      inputs.find((one) => one === undefined || isA(one, Tensor)),
      Tensor,
    );
  const given = isList ? asTensors('gradCheck', inputs) : [asTensor('gradCheck', inputs as Like)];
  const points = given.map((one) => Float32Array.from(valuesOf('gradCheck', one)));
  const analytic = tidy(() => {
    const floats = given.map((one, at) => make('gradCheck', points[at]!, one.shape, 'float32'));
    return gradientsFor('gradCheck', f, floats).map((gradient) => gradient.dataSync());
  });
  const valueAt = (input: number, index: number, offset: number): [value: number, place: number] =>
    tidy(() => {
      const moved = given.map((one, at) => {
        const values = points[at]!.slice();
        if (at === input) values[index] = values[index]! + offset;
        return make('gradCheck', values, one.shape, 'float32');
      });
      const place = moved[input]!.values[index]!;
      // In double precision: the difference of two sums is small beside them.
      let total = 0;
      for (const value of valuesOf('gradCheck', asTensor('gradCheck', f(...moved)))) total += value;
      return [total, place];
    });
  const rows = points.flatMap((values, input) =>
    Array.from(values, (_, index): GradCheckRow => {
      const [[above, right], [below, left]] = [valueAt(input, index, h), valueAt(input, index, -h)];
      const numeric = (above - below) / (right - left);
      const found = analytic[input]![index]!;
      const difference = Math.abs(numeric - found);
      const ok = difference <= tolerance * Math.max(1, Math.abs(numeric), Math.abs(found));
      return { input, index, numeric, analytic: found, difference, ok };
    }),
  );
  return {
    ok: rows.every((row) => row.ok),
    maxDifference: rows.reduce((most, { difference }) => (difference > most ? difference : most), 0),
    rows,
  };
}
