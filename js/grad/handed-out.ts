/**
 * Of which variables a program has gradients, by the names under which it was handed these, until it applies them. Variables
 * of two models may have the same name: what is applied by it is meant for the one whose gradient waits.
 */
import type { Variable } from '../tensor/variable.js';

/** When there are so many entries those of variables that were collected are looked for. */
const MANY = 1024;

interface Entry {
  variable: WeakRef<Variable>;
  /** What its gradients that wait are called. */
  names: Set<string>;
}

const all = new Map<number, Entry>();
let many = MANY;

/** A gradient of this variable is handed out under this name. */
export function handOut(name: string, variable: Variable): void {
  const known = all.get(variable.identity);
  if (known) {
    known.names.add(name);
    if (known.variable.deref() !== variable) known.variable = new WeakRef(variable);
    return;
  }
  if (all.size >= many) {
    for (const [identity, entry] of all) if (!entry.variable.deref()) all.delete(identity);
    many = Math.max(MANY, 2 * all.size);
  }
  all.set(variable.identity, { variable: new WeakRef(variable), names: new Set([name]) });
}

/** Its gradient was applied. */
export const applied = (variable: Variable): void => all.get(variable.identity)?.names.clear();

/** The variables of which a gradient with this name waits. */
export function waitingFor(name: string): Variable[] {
  const found = [...all.values()].filter(({ names }) => names.has(name));
  return found.flatMap(({ variable }) => variable.deref() ?? []).filter((one) => one.exists);
}
