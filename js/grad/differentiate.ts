/** Running a function in a scope that records, and finding the gradients of what it gives. */
import { describe, fault } from '../engine/errors.js';
import { releaseForeign } from '../engine/foreign.js';
import { broken, call, core } from '../engine/instance.js';
import { isA, isObject } from '../engine/look.js';
import { FAILED, findSource } from '../tensor/cell.js';
import { add } from '../tensor/elementwise.js';
import { fromSlot, giveBack, slotOf, Tensor, track } from '../tensor/handle.js';
import { close, type Made, open, type Scope } from '../tensor/scope.js';
import { sameShape } from '../tensor/shape.js';
import type { Variable } from '../tensor/variable.js';

export interface Differentiated {
  value: Tensor;
  /** One for each input, or for each variable that was watched; none where the value does not depend on it. */
  gradients: (Tensor | undefined)[];
  /** The variables that were watched. */
  variables: Variable[];
}

/** What `run` wants to know. */
export interface Request {
  /** The function that the user called, for messages. */
  where: string;
  run: () => unknown;
  /** What is watched; variables that are read if not given. */
  inputs?: readonly Tensor[];
  dy?: Tensor | undefined;
  /** What is asked of the value before gradients are found. */
  check?: (value: Tensor) => void;
}

/**
 * The value of a function and its gradients. What the function made and did not return is freed, whether it returns
 * or throws.
 */
export function differentiate({ where, run, inputs, dy, check }: Request): Differentiated {
  for (const input of inputs ?? []) {
    if (input.dtype !== 'float32')
      throw fault('type', `${where}: gradients are found for float32, not for ${input.dtype}`);
  }
  const scope = open('record', inputs === undefined);
  const kept = new Set<Made>();
  try {
    for (const input of inputs ?? []) if (!scope.handles.has(input.identity)) scope.watch(input, track);
    const value = checkValue(where, run());
    check?.(value);
    if (dy && !sameShape(dy.shape, value.shape)) {
      throw fault('shape', `${where}: dy is [${dy.shape}], but the function gave [${value.shape}]`);
    }
    const watched = inputs ?? ([...scope.variables] as Variable[]);
    const gradients = gradientsOf(value, watched, dy, scope);
    const own = ownValue(value, scope);
    for (const tensor of [own, ...gradients]) if (tensor) kept.add(tensor);
    return {
      value: own,
      gradients,
      variables: inputs ? [] : (watched as Variable[]),
    };
  } finally {
    scope.foreign.splice(0).forEach(releaseForeign);
    close(scope, kept);
    freeHandles(scope);
  }
}

function freeHandles({ handles, retired }: Scope): void {
  try {
    const wasm = core();
    for (const slot of handles.values()) wasm.free(slot);
    for (const [, slot] of retired) wasm.free(slot);
  } catch (thrown) {
    // The instance has stopped, and everything in it is gone.
    broken(thrown);
  }
}

/** Refuses what has no gradient. */
function checkValue(where: string, value: unknown): Tensor {
  if (isObject(value) && 'then' in value)
    throw fault(
      'type',
      `${where}: the function must not be async: it has to return a tensor, not ${describe(value)}`,
    );
  if (!isA(value, Tensor))
    throw fault('type', `${where}: the function has to return a tensor, but returned ${describe(value)}`);
  const tensor = value.raw();
  if (tensor.isDisposed) throw fault('state', `${where}: the tensor that the function returned is disposed`);
  if (tensor.dtype !== 'float32')
    throw fault('type', `${where}: the function returned ${tensor.dtype}, which has no gradient`);
  return tensor;
}

/** A value that is not of the scope's making (an input, a variable) is returned as a tensor of its own. */
function ownValue(value: Tensor, scope: Scope): Tensor {
  return scope.made.includes(value) ? value : value.clone();
}

function gradientsOf(
  value: Tensor,
  watched: readonly Tensor[],
  dy: Tensor | undefined,
  scope: Scope,
): (Tensor | undefined)[] {
  // Handles at which gradients are asked for, and for which of the tensors each is.
  const [ends, places]: [number[], number[]] = [[], []];
  for (let at = 0; at < watched.length; at++) {
    const { identity } = watched[at]!;
    const slot = scope.handles.get(identity);
    if (slot !== undefined) {
      ends.push(slot);
      places.push(at);
    }
    for (const [whose, old] of scope.retired) {
      if (whose !== identity) continue;
      ends.push(old);
      places.push(at);
    }
  }
  const again = scope.parent?.records === true;
  const y = slotOf(value);
  const from = dy ? slotOf(dy) : FAILED;
  const found = call((wasm) => wasm.gradients(y, from, ends, again));
  giveBack();
  const gradients = new Array<Tensor | undefined>(watched.length).fill(undefined);
  for (let index = 0; index < places.length; index++) {
    const [slot, at] = [found[index]!, places[index]!];
    if (slot === FAILED) continue;
    const part = fromSlot(slot, watched[at]!.shape);
    part._cell.isRecorded = again;
    findSource(part._cell);
    const sum = gradients[at];
    gradients[at] = sum ? add(sum, part) : part;
  }
  return gradients;
}
