/**
 * Masks of tensors: which steps count. As in Keras, what a layer gives carries its mask, and the layer that is called
 * on that result finds it there; other ops lose it.
 */
import { describe, fault } from '../engine/errors.js';
import { isA, isArray } from '../engine/look.js';
import { Tensor } from '../tensor/handle.js';

const masks = new WeakMap<Tensor, Tensor>();
let watched: Tensor[] | undefined;

/** The mask that a tensor carries. */
export function maskOf(tensor: Tensor): Tensor | undefined {
  const mask = masks.get(tensor.raw());
  return mask?.isDisposed ? undefined : mask;
}

/** Refuses a mask that says nothing of the first axes of a tensor of this shape: it would be stretched over others. */
export function checkMask(where: string, { shape: own }: Tensor, shape: readonly number[]): void {
  if (own.length > 0 && own.length <= shape.length && own.every((length, at) => length === shape[at])) return;
  const first = shape.slice(0, 2);
  throw fault('shape', `${where}: mask: expected [${first}] for values [${shape}], got [${own}]`);
}

/** Lets a tensor carry a mask, as long as the tensor is there. */
export function carry(tensor: Tensor, mask: Tensor): void {
  mask.keep();
  masks.set(tensor.raw(), mask);
  watched?.push(mask);
}

/** Runs `action` and then frees all masks that tensors have got meanwhile. */
export function freeingMasks<T>(action: () => T): T {
  const [before, own] = [watched, [] as Tensor[]];
  watched = own;
  try {
    return action();
  } finally {
    watched = before;
    for (const mask of own) mask.dispose();
  }
}

/** The masks of inputs: those that are given, else those that the inputs carry. */
export function readMasks(
  where: string,
  inputs: readonly Tensor[],
  given: unknown,
  isOwn: boolean,
): (Tensor | undefined)[] {
  if (given === undefined || given === null) return inputs.map(maskOf);
  const masks: unknown[] = isArray(given) ? given : [given];
  if (masks.length !== inputs.length) {
    throw fault('value', `${where}: mask: there are ${inputs.length} inputs, but ${masks.length} masks`);
  }
  return masks.map((mask, at) => {
    if (mask === null || mask === undefined) return undefined;
    if (isA(mask, Tensor)) {
      // What masks mean to a layer of one's own is its own.
      if (!isOwn) checkMask(where, mask, inputs[at]!.shape);
      return mask;
    }
    throw fault('type', `${where}: mask: expected a tensor or null, got ${describe(mask)}`);
  });
}
