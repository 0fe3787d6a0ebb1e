/**
 * Masks of tensors: which steps count. As in Keras, what a layer gives carries its mask, and the layer that is called
 * on that result finds it there; other ops lose it.
 */
import type { Tensor } from '../tensor/handle.js';

const masks = new WeakMap<Tensor, Tensor>();
let watched: Tensor[] | undefined;

/** The mask that a tensor carries. */
export function maskOf(tensor: Tensor): Tensor | undefined {
  const mask = masks.get(tensor.raw());
  return mask?.isDisposed ? undefined : mask;
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
