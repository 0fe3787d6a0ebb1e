/** Tensors that go to the core and results that come from there, by their slots. */
import { call, core } from '../engine/instance.js';
import { notedShape } from './cell.js';
import { adopt, asFloat, giveBack, slotOf, type Tensor } from './handle.js';

/** The tensors in these slots, which are theirs from then on. */
export function adoptAll(slots: ArrayLike<number>): Tensor[] {
  return Array.from(slots, (slot) => {
    core().lookAt(slot);
    return adopt(slot, notedShape([]));
  });
}

/** Slots of their own for these tensors, for someone who frees them. */
export function lendAll(tensors: readonly Tensor[], where: string): number[] {
  const lent = tensors.map((tensor) => {
    const slot = slotOf(asFloat(where, tensor), where);
    return call((wasm) => wasm.share(slot));
  });
  giveBack();
  return lent;
}
