/**
 * Where weights find how they become variables, with which gradients of one's own functions are found. The package's
 * entry puts it here (`provide-own.ts`); the page's worker, where the core trains, goes without.
 */
import { fault } from '../engine/errors.js';
import type { Tensor } from '../tensor/handle.js';
import type { Shape } from '../tensor/shape.js';
import type { Store, Variable } from '../tensor/variable.js';

type Make = (store: Store, shape: Shape) => Variable;
type Note = (values: Tensor, weight: { readonly val: Variable }) => void;

let provided: Make | undefined;

/** Lets weights be variables from now on. */
export function provideVariables(make: Make, note: Note): void {
  provided = make;
  noteSnapshot = note;
}

/** Remembers of which weight a tensor holds the values. */
export let noteSnapshot: Note | undefined;

/** Whether weights can be variables. */
export const hasVariables = (): boolean => provided !== undefined;

/** A variable with its values in a store. */
export function makeVariable(store: Store, shape: Shape): Variable {
  if (provided) return provided(store, shape);
  throw fault('state', 'the code for weights as variables is not loaded');
}
