/** The masks of what a layer of one's own gives: which steps of its results count. */
import { describe, fault } from '../engine/errors.js';
import { isA, listOf } from '../engine/look.js';
import { Tensor } from '../tensor/handle.js';
import { lendAll, NO_SLOT } from '../tensor/slots.js';
import { single } from './args.js';
import { checkMask, maskOf } from './masks.js';

/** What a class says of masks. */
interface Masking {
  readonly name: string;
  readonly supportsMasking: boolean;
  getClassName(): string;
  computeMask(
    inputs: Tensor | Tensor[],
    mask: Tensor | null | (Tensor | null)[],
  ): Tensor | null | (Tensor | null)[];
}

export class MasksOfResults {
  readonly #layer: Masking;
  #hasWarned = false;

  constructor(layer: Masking) {
    this.#layer = layer;
  }

  /**
   * In slots, as the core takes them behind the results, or nothing where there are none. As in Keras they are those that
   * the results carry, else what `computeMask` makes of the inputs'.
   */
  of(inputs: Tensor[], masks: (Tensor | null)[], outputs: Tensor[]): number[] {
    const where = `${this.#layer.getClassName()}: computeMask`;
    const carried = outputs.map((output) => maskOf(output) ?? null);
    let found: unknown[] = carried;
    if (carried.includes(null)) {
      if (!this.#layer.supportsMasking) {
        if (masks.some((mask) => mask) && !carried.some((mask) => mask)) this.#warn();
      } else {
        const none = masks.every((mask) => mask === null);
        const answer = this.#layer.computeMask(single(inputs), none ? null : single(masks));
        found = [...listOf<unknown>(answer ?? null)];
      }
    }
    if (found.every((mask) => mask === null || mask === undefined)) return [];
    const slots = outputs.map((_, at) => {
      const mask = found[at] ?? null;
      if (mask === null) return NO_SLOT;
      if (isA(mask, Tensor)) {
        checkMask(where, mask, outputs[at]!.shape);
        return lendAll([mask], where)[0]!;
      }
      throw fault('type', `${where}: expected a tensor or null, got ${describe(mask)}`);
    });
    return [NO_SLOT, ...slots];
  }

  /** As in Keras: who does not say that it supports masks loses them. */
  #warn(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    console.warn(
      `layer ${this.#layer.name}: its input has a mask, which is lost: set supportsMasking = true if it may go on`,
    );
  }
}
