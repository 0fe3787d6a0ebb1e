/** Variables from values. */
import { describe, fault, ownName } from '../engine/errors.js';
import { call, core } from '../engine/instance.js';
import { adoptSlot, FAILED, hostCell } from './cell.js';
import type { Cell } from './chain.js';
import { castFor, type Like } from './elementwise.js';
import { asTensor, giveBack, slotOf, type Tensor, valuesOf } from './handle.js';
import type { Rank } from './rank.js';
import { current } from './scope.js';
import type { DataType } from './values.js';
import { living, Variable } from './variable.js';

/**
 * A variable that begins with these values.
 * @example
 * const weight = variable([1, 2]);
 * weight.assign(tensor([3, 4]));
 * weight; // → [3, 4]
 */
export function variable<R extends Rank = Rank>(
  initial: Like,
  trainable = true,
  name?: string | null,
  dtype?: DataType | null,
): Variable<R> {
  const given = asTensor('variable', initial);
  const from = dtype === undefined || dtype === null ? given : castFor('variable', given, dtype);
  if (typeof trainable !== 'boolean')
    throw fault('type', `variable: trainable: expected true or false, got ${describe(trainable)}`);
  if (name !== undefined && name !== null && typeof name !== 'string')
    throw fault('type', `variable: name: expected a text, got ${describe(name)}`);
  if (name) {
    if (living(name).some((one) => !one.isWeight))
      throw fault('name', `variable: there is a variable ${describe(name)} already; dispose of it first`);
    ownName(name);
  }
  const made = new Variable(ownCell(from), [...from.shape], from.dtype, name ?? undefined);
  made.trainable = trainable;
  return made;
}

/** A cell of its own with the values of a tensor. */
function ownCell(from: Tensor): Cell {
  const { host } = from._cell;
  const recorded = from.dtype === 'float32' && (current?.pins || !host);
  if (!recorded) return hostCell(from.size, valuesOf('variable', from));
  const slot = call((wasm) => wasm.share(slotOf(from, 'variable')));
  giveBack();
  if (slot === FAILED) throw fault('state', 'variable: the values are not there');
  call((wasm) => wasm.detach(slot));
  core().lookAt(slot);
  return adoptSlot(slot, [...from.shape], from.size, false);
}
