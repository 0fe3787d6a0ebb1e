/** Matrices taken apart. */

import { describe, fault, whole } from '../engine/errors.js';
import { isA, isArray } from '../engine/look.js';
import { namespace } from '../engine/namespace.js';
import { allContained } from './contained.js';
import { eye } from './create.js';
import { add, where as chosen, div, type Like, mul, sub } from './elementwise.js';
import { asTensor, asTensors, make, Tensor, valuesOf } from './handle.js';
import { stack, unstack } from './join.js';
import { matMul } from './products.js';
import { box, reshape, shaped, transpose } from './rearrange.js';
import { normFor, sum } from './reduce.js';
import { sizeOf } from './shape.js';
import { room } from './values.js';

/** The part of the `m` × `n` matrices between `lower` diagonals below the main one and `upper` above it. */
function band(where: string, x: Tensor, lower: number, upper: number): Tensor {
  const [m, n] = x.shape.slice(-2) as [number, number];
  const inside = room(where, m * n, 'bool');
  for (let at = 0; at < inside.length; at++) {
    const below = Math.floor(at / n) - (at % n);
    inside[at] = Number(below <= lower && -below <= upper);
  }
  return chosen(new Tensor(inside, [m, n], 'bool'), x, make(where, 0, [], x.dtype));
}

/** So many diagonals, all of them if the number is below 0. */
function diagonals(name: string, given: number | Tensor, length: number): number {
  const where = `linalg.bandPart: ${name}`;
  const isTensor = isA(given, Tensor);
  const count = isTensor && given.size === 1 ? valuesOf(where, given)[0] : given;
  const wanted = whole(where, count, Number.MIN_SAFE_INTEGER);
  if (wanted > length && !isTensor)
    throw fault('value', `${where}: there are ${length} diagonals, not ${wanted}`);
  return wanted < 0 ? length : wanted;
}

/**
 * Matrices whose values stay between `numLower` diagonals below the main one and `numUpper` above it, and are 0 elsewhere;
 * a number below 0 means all diagonals on that side.
 * @example linalg.bandPart([[1, 2], [3, 4]], 0, 1); // → [[1, 2], [0, 4]]
 */
function bandPart(a: Like, numLower: number | Tensor, numUpper: number | Tensor): Tensor {
  const x = asTensor('linalg.bandPart', a);
  if (x.rank < 2) throw fault('shape', `linalg.bandPart: expected matrices, got [${x.shape}]`);
  const [m, n] = x.shape.slice(-2) as [number, number];
  return band('linalg.bandPart', x, diagonals('numLower', numLower, m), diagonals('numUpper', numUpper, n));
}

/**
 * Vectors, or the rows of a matrix, made orthogonal to those before them and of length 1 (Gram and Schmidt).
 * @example linalg.gramSchmidt([[3, 4], [1, 0]]); // → [[0.6, 0.8], [0.8, -0.6]]
 */
function gramSchmidt(xs: Like | Like[]): Tensor | Tensor[] {
  const where = 'linalg.gramSchmidt';
  const isList = isArray(xs) && isA(xs[0], Tensor);
  const rows = isList ? asTensors(where, xs) : matrixRows(where, xs as Like);
  const [{ shape }] = rows as [Tensor];
  const odd = rows.find((row) => row.rank !== 1 || row.shape[0] !== shape[0]);
  if (odd)
    throw fault('shape', `${where}: expected vectors of one length, got [${shape}] and [${odd.shape}]`);
  if (rows.length > shape[0]!)
    throw fault('value', `${where}: ${rows.length} vectors of ${shape[0]} values cannot all be orthogonal`);
  const done: Tensor[] = [];
  for (const row of rows) {
    const rest = done.reduce((left, one) => sub(left, mul(sum(mul(one, left)), one)), row);
    done.push(div(rest, normFor(where, rest, 'euclidean', null, false)));
  }
  return isList ? done : stack(done);
}

function matrixRows(where: string, xs: Like): Tensor[] {
  const x = asTensor(where, xs);
  if (x.rank !== 2 || x.size === 0)
    throw fault('shape', `${where}: expected vectors or a matrix, got [${x.shape}]`);
  return unstack(x);
}

/**
 * One matrix as an orthogonal one times an upper triangular one, by reflections (Householder 1958). Each is
 * `I − β v vᵀ` with the `v` that turns what is left of a column into a multiple of the axis, away from the value that
 * stands there, so that nothing cancels.
 */
function factors(where: string, x: Tensor, full: boolean): [Tensor, Tensor] {
  const [m, n] = x.shape as [number, number];
  let [q, r] = [eye(m), x];
  for (let at = 0; at < Math.min(m, n); at++) {
    const vector = (value: (row: number) => boolean): Tensor =>
      new Tensor(
        Float32Array.from({ length: m }, (_, row) => Number(value(row))),
        [m, 1],
        'float32',
      );
    const below = vector((row) => row >= at);
    const axis = vector((row) => row === at);
    const column = mul(box(where, r, [0, at], [m, 1]), below);
    const values = valuesOf(where, column);
    // Nothing is left to turn away.
    if (values.every((value) => value === 0)) continue;
    const length = normFor(where, column, 'euclidean', null, false);
    const turned = mul(axis, length);
    const v = values[at]! > 0 ? add(column, turned) : sub(column, turned);
    const scaled = mul(v, div(2, sum(mul(v, v))));
    const row = transpose(v);
    r = sub(r, matMul(scaled, matMul(row, r)));
    q = sub(q, matMul(matMul(q, scaled), row));
  }
  r = band(where, r, 0, n);
  if (full || m <= n) return [q, r];
  return [box(where, q, [0, 0], [m, n]), box(where, r, [0, 0], [n, n])];
}

/**
 * Each matrix `[…, m, n]` as `q`, whose columns are orthogonal and of length 1, times `r`, which is upper triangular:
 * `[…, m, k]` and `[…, k, n]` with the smaller of `m` and `n` as `k`, or `m` if `fullMatrices` are wanted.
 * @example
 * const [q, r] = linalg.qr([[3, 0], [4, 5]]);
 * q.matMul(r).round(); // → [[3, 0], [4, 5]]
 */
function qr(x: Like, fullMatrices = false): [Tensor, Tensor] {
  const where = 'linalg.qr';
  const from = asTensor(where, x);
  if (from.rank < 2) throw fault('shape', `${where}: expected matrices, got [${from.shape}]`);
  if (from.dtype !== 'float32') throw fault('type', `${where}: expected float32, got ${from.dtype}`);
  if (typeof fullMatrices !== 'boolean')
    throw fault('type', `${where}: fullMatrices: expected true or false, got ${describe(fullMatrices)}`);
  if (from.rank === 2) return factors(where, from, fullMatrices);
  const outer = from.shape.slice(0, -2);
  const [m, n] = from.shape.slice(-2) as [number, number];
  const matrices = unstack(shaped(where, from, [sizeOf(outer), m, n]));
  const k = fullMatrices ? m : Math.min(m, n);
  if (matrices.length === 0) return [make(where, [], [...outer, m, k]), make(where, [], [...outer, k, n])];
  const pairs = matrices.map((one) => factors(where, one, fullMatrices));
  const [q, r] = [0, 1].map((at) => stack(pairs.map((pair) => pair[at]!)));
  return [reshape(q!, [...outer, m, k]), reshape(r!, [...outer, k, n])];
}

export const linalg = /* @__PURE__ */ namespace(
  'linalg',
  /* @__PURE__ */ allContained({ bandPart, gramSchmidt, qr }),
);
