/**
 * Results that are moved out of the core without a copy. Nobody can know within a synchronous loop that a result is not
 * wanted any more, and most that are moved out are not: where the op is quicker than a copy of its values, it is
 * remembered instead, and runs again if they are wanted after all.
 */
import { core } from '../engine/instance.js';
import { bring, clearOut, copyToHost, FAILED, fromHost, repeating } from './cell.js';
import { type Cell, isRecipe, type Recipe } from './chain.js';
import { notedShape } from './note.js';
import { sameShape } from './shape.js';

/** Results with fewer values are copied in no time. */
const LEAST_VALUES = 2 ** 8;
/** So many ops that follow one another run again at most. */
const DEEPEST = 4;
/** A result holds on to so many times its own values at most. */
const MOST_VALUES = 2;

/** Ops that take no longer than a copy. */
const QUICK = new Set(
  'add sub mul div maximum minimum squaredDifference neg sign square abs relu relu6 sqrt reciprocal floor ceil round'.split(
    ' ',
  ),
);
/** Whether an op of this name takes no longer than a copy of its result. */
export const isQuick = (name: string): boolean => QUICK.has(name);

/** A tensor, as recipes know it. */
interface Input {
  readonly _cell: Cell;
  readonly shape: readonly number[];
}

/** Remembers how a result was made, if that is worth it. */
export function remember(result: Cell, run: Recipe['run'], x: Input, y?: Input): void {
  const { size } = result.account;
  if (size < LEAST_VALUES) return;
  const [a, b] = [x._cell, y?._cell];
  if (a.changes || b?.changes) return;
  const [first, second] = [recipeOf(a), b && recipeOf(b)];
  const depth = 1 + Math.max(first?.depth ?? 0, second?.depth ?? 0);
  if (depth > DEEPEST) return;
  const begins = first ? first.begins.slice() : [a];
  if (b) for (const one of second?.begins ?? [b]) if (!begins.includes(one)) begins.push(one);
  let values = 0;
  for (const { account } of begins) values += account.size;
  if (values > MOST_VALUES * size) return;
  result.recipe = { run, a, aShape: x.shape, b, bShape: y?.shape ?? [], begins, depth };
}

const recipeOf = ({ recipe, host }: Cell): Recipe | undefined =>
  recipe ?? (isRecipe(host) ? host : undefined);

/** Whether a recipe will do when the slots of its inputs are gone: all that it begins with lies in JavaScript. */
function canRepeat({ a, b }: Recipe): boolean {
  return isLasting(a) && (b === undefined || isLasting(b));
}

function isLasting(cell: Cell): boolean {
  const { host, recipe } = cell;
  if (host) return !('factors' in host);
  if (!recipe || !canRepeat(recipe)) return copyToHost(cell);
  cell.host = recipe;
  return true;
}

/** Runs an op again; its result's shape and address are noted. */
function again(where: string, { run, a, aShape, b, bShape }: Recipe): number {
  const lent: number[] = [];
  let slot = FAILED;
  try {
    const first = inputAgain(where, a, aShape, lent);
    const second = b ? inputAgain(where, b, bShape, lent) : first;
    slot = run(first, second);
    if (slot === FAILED) {
      core().takeFailure();
      clearOut();
      slot = run(first, second);
    }
  } finally {
    for (const one of lent) core().free(one);
  }
  if (slot === FAILED) throw core().takeFailure();
  return slot;
}

/** The slot of an input of an op that runs again; slots that are to be freed then are `lent`. */
function inputAgain(where: string, cell: Cell, shape: readonly number[], lent: number[]): number {
  const { host, account } = cell;
  const isHeld = account.holders > 0;
  // An input that nobody holds any more does not come to stay.
  const slot = isHeld ? bring(where, cell, shape) : fromHost(where, host!, shape);
  if (!isHeld) lent.push(slot);
  if (sameShape(isHeld ? cell.shape : notedShape(shape), shape)) return slot;
  const view = core().view(slot, shape as number[]);
  lent.push(view);
  return view;
}

repeating.canRepeat = canRepeat;
repeating.again = again;
