/** Which layer of one's own is at work: what layers it calls must belong to it, or they would not be trained. */
import { fault } from '../engine/errors.js';

/** A layer of one's own, as the layers that it calls see it. */
export interface AtWork<Called> {
  /** Is told of a layer that is called; whether it belongs, and is built and has its weights from here. */
  meet(layer: Called): boolean;
  /** Is told of a layer whose weights have just been made. */
  made(layer: Called): void;
}

/** Layers inside one another, at most: deeper ones would exhaust the stack in the middle of a call of the core. */
const DEEPEST = 32;

const stack: AtWork<never>[] = [];

/** The innermost layer of one's own that is at work. */
export const atWork = <Called>(): AtWork<Called> | undefined => stack.at(-1) as AtWork<Called> | undefined;

/** Runs `action` as the work of a layer. */
export function working<Called, T>(layer: AtWork<Called>, title: string, action: () => T): T {
  if (stack.length >= DEEPEST)
    throw fault('value', `${title}: layers are inside one another more than ${DEEPEST} deep`);
  stack.push(layer as AtWork<never>);
  try {
    return action();
  } finally {
    stack.pop();
  }
}
