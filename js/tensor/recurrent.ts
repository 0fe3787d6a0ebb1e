/** Steps of recurrent networks, as functions of tensors. */

import { describe, fault } from '../engine/errors.js';
import { areAll, isA, isArray, isFunction } from '../engine/look.js';
import { contained } from './contained.js';
import { add, type Like, mul, sigmoid, tanh } from './elementwise.js';
import { asTensor, Tensor } from './handle.js';
import { concat } from './join.js';
import { matMul } from './products.js';
import { slice } from './rearrange.js';

/** A step of a cell: `[newC, newH]`. */
export type LSTMCellFunc = (data: Tensor, c: Tensor, h: Tensor) => [Tensor, Tensor];

/** The tensor `given`, which must have two axes. */
function matrix(where: string, what: string, given: Like): Tensor {
  const x = asTensor(where, given);
  if (x.rank === 2) return x;
  throw fault('shape', `${where}: ${what}: expected two axes, got [${x.shape}]`);
}

/**
 * A step of a long short-term memory, as TensorFlow.js has it: `data` `[batch, features]`, the state `c` and `h`
 * `[batch, units]`, one kernel `[features + units, 4 · units]` for both, a bias `[4 · units]`, and the gates in the
 * order input, candidate, forget, output. Gives `[newC, newH]`.
 * @example
 * const [kernel, bias] = [fill([3, 8], 0.1), zeros([8])];
 * const [c, h] = basicLSTMCell(1, kernel, bias, tensor2d([[1]]), zeros([1, 2]), zeros([1, 2]));
 * h; // → [[0.02744, 0.02744]]
 */
export function basicLSTMCell(
  forgetBias: Like,
  lstmKernel: Like,
  lstmBias: Like,
  data: Like,
  c: Like,
  h: Like,
): [Tensor, Tensor] {
  return contained(() => {
    const where = 'basicLSTMCell';
    const bias = asTensor(where, forgetBias);
    const [x, cells, hidden] = [matrix(where, 'data', data), matrix(where, 'c', c), matrix(where, 'h', h)];
    const [kernel, biases] = [matrix(where, 'lstmKernel', lstmKernel), asTensor(where, lstmBias)];
    const [batch, units] = [hidden.shape[0]!, hidden.shape[1]!];
    const wanted = [
      [kernel, [x.shape[1]! + units, 4 * units], 'lstmKernel'],
      [biases, [4 * units], 'lstmBias'],
      [cells, [batch, units], 'c'],
      [x, [batch, x.shape[1]!], 'data'],
    ] as const;
    for (const [tensor, shape, what] of wanted) {
      if (String(tensor.shape) !== String(shape))
        throw fault('shape', `${where}: ${what}: expected [${shape}], got [${tensor.shape}]`);
    }
    const sums = add(matMul(concat([x, hidden], 1), kernel), biases);
    const gate = (at: number): Tensor => slice(sums, [0, at * units], [batch, units]);
    const kept = mul(cells, sigmoid(add(bias, gate(2))));
    const newC = add(mul(sigmoid(gate(0)), tanh(gate(1))), kept);
    return [newC, mul(tanh(newC), sigmoid(gate(3)))];
  });
}

/**
 * A step of several cells, one behind the other: `[newC, newH]`, a list each.
 * @example
 * const cell = (x, c, h) => basicLSTMCell(1, fill([3, 8], 0.1), zeros([8]), x, c, h);
 * const [c, h] = multiRNNCell([cell], tensor2d([[1]]), [zeros([1, 2])], [zeros([1, 2])]);
 * h[0].shape; // → [1, 2]
 */
export function multiRNNCell(
  lstmCells: LSTMCellFunc[],
  data: Like,
  c: Like[],
  h: Like[],
): [Tensor[], Tensor[]] {
  return contained(() => {
    const where = 'multiRNNCell';
    const isList = (given: unknown): boolean => isArray(given) && given.length === lstmCells.length;
    if (!isArray(lstmCells) || !areAll(lstmCells, isFunction))
      throw fault('type', `${where}: lstmCells: expected a list of functions, got ${describe(lstmCells)}`);
    for (const [what, given] of Object.entries({ c, h })) {
      if (!isList(given))
        throw fault(
          'value',
          `${where}: ${what}: expected ${lstmCells.length} states, got ${describe(given)}`,
        );
    }
    let x = asTensor(where, data);
    const [newC, newH]: [Tensor[], Tensor[]] = [[], []];
    lstmCells.forEach((cell, at) => {
      const told: unknown = cell(x, asTensor(where, c[at]!), asTensor(where, h[at]!));
      if (!isArray(told) || told.length !== 2 || !areAll(told, (one) => isA(one, Tensor)))
        throw fault(
          'type',
          `${where}: lstmCells: expected [newC, newH] of cell ${at}, got ${describe(told)}`,
        );
      const [ownC, ownH] = told as [Tensor, Tensor];
      newC.push(ownC);
      newH.push(ownH);
      x = ownH;
    });
    return [newC, newH];
  });
}
