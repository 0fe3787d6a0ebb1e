/**
 * Masks of tensors: which steps count. As in Keras, what a layer gives carries its mask, and the layer that is called
 * on that result finds it there; other ops lose it.
 */
import { fault } from '../engine/errors.js';
import type { Tensor } from '../tensor/handle.js';

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
