/** Ops that the core computes: on slots, by number. */
import { fault, inCamel, textOf } from '../engine/errors.js';
import { takeThrown } from '../engine/foreign.js';
import { broken, core } from '../engine/instance.js';
import { clearOut, FAILED } from './cell.js';
import type { Recipe } from './chain.js';
import { adopt, giveBack, slotOf, type Tensor } from './handle.js';
import { notedShape } from './note.js';
import { isQuick, remember } from './recipe.js';
import { current } from './scope.js';

/** The tables of `src/wasm/ops.rs`, in their order. */
const TABLES = ['unary', 'binary', 'reduce', 'general'] as const;

/** An op of the core; its number in its table is asked for when it is needed first. */
export class Op {
  readonly table: (typeof TABLES)[number];
  readonly name: string;
  number = -1;
  /** Runs it on slots once more, if it is one of the ops that are remembered instead of their results. */
  readonly again: Recipe['run'] | undefined;

  constructor(table: (typeof TABLES)[number], name: string) {
    this.table = table;
    this.name = name;
    if (!isQuick(name)) return;
    if (table === 'unary') this.again = (x) => core().unary(numberOf(this), x);
    if (table === 'binary') this.again = (x, y) => core().binary(numberOf(this), x, y);
  }
}

function numberOf(op: Op): number {
  if (op.number >= 0) return op.number;
  const names = core().opNames().split(';')[TABLES.indexOf(op.table)]!.split(',');
  op.number = names.indexOf(op.name);
  if (op.number < 0) throw fault('name', `${op.name}: the core has no such op`);
  return op.number;
}

/** The error of the op that failed last, under the name of the function that the user called. */
function failure(where: string): unknown {
  const foreign = takeThrown();
  if (foreign) return foreign.value;
  const error: Error & { code?: 'shape' } = core().takeFailure();
  return fault(error.code ?? 'value', `${where}: ${inCamel(textOf(error).replace(/^\w+: /, ''))}`);
}

/**
 * After an op has failed: throws its error. If memory was short and this was the first attempt, it moves values of tensors
 * out of the core's memory instead, so that the caller can try the op again.
 */
function recover(where: string, triedAgain: boolean): void {
  giveBack();
  const error = failure(where);
  if (triedAgain || (error as { code?: string }).code !== 'memory') throw error;
  clearOut();
}

/** The tensor that the core has made just now; `like` is its most likely shape. */
function made(like: readonly number[]): Tensor {
  const tensor = adopt(lastSlot, notedShape(like));
  giveBack();
  return tensor;
}
let lastSlot = FAILED;

/** The slot of a tensor for an `action` of {@link runCore}. */
export const slotFor = slotOf;

/** Runs `action` of the core, which looks for the slots of its inputs anew each time and answers with a slot. */
export function runCore(where: string, like: readonly number[], action: () => number): Tensor {
  for (let triedAgain = false; ; triedAgain = true) {
    try {
      lastSlot = action();
    } catch (thrown) {
      throw broken(thrown);
    }
    if (lastSlot !== FAILED) return made(like);
    recover(where, triedAgain);
  }
}

// Programs call these two most, so they repeat what `runCore` does: a closure for each call would take time.

/** A function of one tensor. */
export function run1(op: Op, x: Tensor, where: string, triedAgain = false): Tensor {
  const number = numberOf(op);
  const a = slotOf(x, where);
  try {
    lastSlot = core().unary(number, a);
  } catch (thrown) {
    throw broken(thrown);
  }
  if (lastSlot !== FAILED) {
    const result = made(x.shape);
    if (op.again && !current?.pins) remember(result._cell, op.again, x);
    return result;
  }
  recover(where, triedAgain);
  return run1(op, x, where, true);
}

/** A function of two tensors. */
export function run2(op: Op, x: Tensor, y: Tensor, where: string, triedAgain = false): Tensor {
  const number = numberOf(op);
  const a = slotOf(x, where);
  const b = slotOf(y, where);
  try {
    lastSlot = core().binary(number, a, b);
  } catch (thrown) {
    throw broken(thrown);
  }
  if (lastSlot !== FAILED) {
    const result = made(x.shape);
    if (op.again && !current?.pins) remember(result._cell, op.again, x, y);
    return result;
  }
  recover(where, triedAgain);
  return run2(op, x, y, where, true);
}

/** A function of a tensor and a number, which is the first of the two if `swapped`. */
export function runNumber(op: Op, x: Tensor, value: number, swapped: boolean, where: string): Tensor {
  const number = numberOf(op);
  const again = (slot: number): number => core().withNumber(number, slot, value, swapped);
  const result = runCore(where, x.shape, () => again(slotOf(x, where)));
  if (op.again && !current?.pins) remember(result._cell, again, x);
  return result;
}

/** A reduction over `axes`, which are in order and each once. */
export function runReduction(
  op: Op,
  x: Tensor,
  axes: readonly number[],
  keepDims: boolean,
  where: string,
): Tensor {
  const number = numberOf(op);
  let bits = 0;
  for (const axis of axes) bits |= 1 << axis;
  return runCore(where, [], () => core().reduce(number, slotOf(x, where), bits, keepDims));
}

/** Any other op. */
export function run(op: Op, inputs: readonly Tensor[], numbers: readonly number[], where: string): Tensor {
  const number = numberOf(op);
  return runCore(where, inputs[0]!.shape, () => {
    const slots: number[] = [];
    for (const input of inputs) slots.push(slotOf(input, where));
    return core().operate(number, slots, numbers as number[]);
  });
}

/** The slices of `x` along its first axis that `indices` name. */
export function runGather(x: Tensor, indices: Uint32Array, where: string): Tensor {
  return runCore(where, x.shape, () => core().moveRows(slotOf(x, where), indices, FAILED));
}

/** `rows` slices of zeros along the first axis, to which the slices of `x` are added at `indices`. */
export function runScatter(x: Tensor, indices: Uint32Array, rows: number, where: string): Tensor {
  return runCore(where, x.shape, () => core().moveRows(slotOf(x, where), indices, rows));
}

/** Random values of one of the core's distributions. */
export function runRandom(
  distribution: number,
  shape: readonly number[],
  a: number,
  b: number,
  seed: number,
  where: string,
): Tensor {
  return runCore(where, shape, () => core().random(distribution, Uint32Array.from(shape), a, b, seed));
}

/** A loss of predictions beside labels, with weights if they are given; `settings` is the core's JSON. */
export function runLoss(
  settings: string,
  labels: Tensor,
  predictions: Tensor,
  weights: Tensor | undefined,
  where: string,
): Tensor {
  return runCore(where, [], () => {
    const heavy = weights ? slotOf(weights, where) : FAILED;
    return core().lossOf(settings, slotOf(labels, where), slotOf(predictions, where), heavy);
  });
}
