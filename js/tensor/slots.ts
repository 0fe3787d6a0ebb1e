/** Tensors that go to the core and results that come from there, by their slots. */
import { broken, core } from '../engine/instance.js';
import { FAILED } from './cell.js';
import { asFloat, fromSlot, giveBack, slotOf, type Tensor } from './handle.js';

/** Slots in a list, which the core takes as it is. */
export type Slots = readonly number[];

/** Stands in a list of slots where there is none: in the place of a mask that is none, and between results and their masks. */
export const NO_SLOT = FAILED;

/** The tensors in these slots, which are theirs from then on. */
export function adoptAll(slots: ArrayLike<number>): Tensor[] {
  const tensors: Tensor[] = [];
  for (let at = 0; at < slots.length; at++) tensors.push(fromSlot(slots[at]!));
  return tensors;
}

/** Slots of their own for these tensors, for someone who frees them by {@link freeAll}. */
export function lendAll(tensors: readonly Tensor[], where: string): number[] {
  const lent: number[] = [];
  for (const tensor of tensors) {
    const slot = slotOf(asFloat(where, tensor), where);
    try {
      lent.push(core().share(slot));
    } catch (thrown) {
      throw broken(thrown);
    }
  }
  giveBack();
  return lent;
}

/** Frees slots. */
export function freeAll(slots: Slots | Uint32Array): void {
  if (slots.length === 0) return;
  const wasm = core();
  try {
    for (const slot of slots) if (slot !== NO_SLOT) wasm.free(slot);
  } catch (thrown) {
    throw broken(thrown);
  }
}
