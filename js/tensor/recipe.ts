/**
 * Results that are moved out of the core without a copy. Nobody can know within a synchronous loop that a result is not
 * wanted any more, and most that are moved out are not: where the op is quicker than a copy of its values, it is
 * remembered instead, and runs again if they are wanted after all.
 */
import type { Cell, Recipe } from './chain.js';

/** Results with fewer values are copied in no time. */
const LEAST_VALUES = 2 ** 11;
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
  const values = valuesOf(a) + (b && b !== a ? valuesOf(b) : 0);
  const depth = 1 + Math.max(recipeOf(a)?.depth ?? 0, (b && recipeOf(b)?.depth) ?? 0);
  if (values > MOST_VALUES * size || depth > DEEPEST) return;
  result.recipe = { run, a, aShape: x.shape, b, bShape: y?.shape ?? [], values, depth };
}

const recipeOf = ({ recipe, host }: Cell): Recipe | undefined =>
  recipe ?? (isRecipe(host) ? host : undefined);

const valuesOf = (cell: Cell): number => recipeOf(cell)?.values ?? cell.account.size;

/**
 * Whether the recipe of a cell will do when the values in the core are gone: all that it begins with lies in JavaScript.
 * `copy` brings values there that lie in the core alone; it says whether it could.
 */
export function canRepeat({ a, b }: Recipe, copy: (cell: Cell) => boolean): boolean {
  return isLasting(a, copy) && (b === undefined || isLasting(b, copy));
}

function isLasting(cell: Cell, copy: (cell: Cell) => boolean): boolean {
  const { host, recipe } = cell;
  if (host) return !('factors' in host);
  if (recipe && canRepeat(recipe, copy)) {
    cell.host = recipe;
    return true;
  }
  return copy(cell);
}

/** Whether what lies in JavaScript of a cell is an op instead of values. */
export const isRecipe = (host: Cell['host']): host is Recipe => host !== undefined && 'depth' in host;
