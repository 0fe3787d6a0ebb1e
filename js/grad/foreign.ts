/** Functions of tensors that the core calls: parts of a model that a user wrote. */

import { describe, fault } from '../engine/errors.js';
import type { Foreign } from '../engine/foreign.js';
import { core } from '../engine/instance.js';
import { isA } from '../engine/look.js';
import { fromSlot, giveBack, slotOf, Tensor } from '../tensor/handle.js';
import { close, open } from '../tensor/scope.js';

/**
 * What {@link registerForeign} takes, from a function of tensors. Whatever `action` does is done by the core, so that
 * gradients flow through it, and what it makes and does not return is freed.
 */
export function foreign(
  where: string,
  action: (inputs: Tensor[], extra: Float64Array) => readonly Tensor[],
): Foreign {
  return (slots, extra) => {
    const scope = open('record');
    try {
      const results = action(
        Array.from(slots, (slot) => fromSlot(slot)),
        extra,
      );
      return Array.from(results, (result: unknown) => {
        if (!isA(result, Tensor)) throw fault('type', `${where}: expected a tensor, got ${describe(result)}`);
        const slot = core().share(slotOf(result, where));
        giveBack();
        return slot;
      });
    } finally {
      close(scope, new Set());
    }
  };
}
