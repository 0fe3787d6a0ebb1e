/** What is looked at inside the network, and why its answer is what it is. */
import { computed, effect, signal } from '@preact/signals';
import type { Reason, Way } from 'mapling/trainer';
import { lookedInto } from '../network/looking';
import { isEmpty, reading } from '../state/drawing';
import { inside, isOpen, onPad } from '../state/inside';
import { paced } from '../state/pace';
import { network } from '../state/session';
import { liveTrainer } from '../state/trainer';

/** Whether this part of the page is on the screen. */
export const isInSight = signal(false);

effect(() => {
  isOpen.value = isInSight.value || lookedInto.value !== null;
});

/** The unit or map that is looked at: its layer's name, and its place there. */
export const chosen = signal<{ layer: string; index: number } | null>(null);

effect(() => {
  network.value;
  chosen.value = null;
});

/** The layers that are shown: those that change what they are given, not how it lies. */
export const shownLayers = computed(() => {
  const found = inside.value;
  const layers = network.value?.layers;
  if (!found || !layers || found.layers.length !== layers.length) return [];
  return layers.flatMap((info, place) =>
    /^(Reshape|Flatten|Dropout)$/.test(info.className) ? [] : [{ info, place, now: found.layers[place]! }],
  );
});

/** The ways to ask why, in the order in which they are shown. */
export const WAYS = ['gradient', 'integrated', 'occlusion', 'activation'] as const satisfies Way[];

/** The class that is explained; null for what the network takes the picture for. */
export const explainedClass = signal<number | null>(null);

export const reasons = signal<Partial<Record<Way, Reason>>>({});
/** Pictures of training digits that look most alike, a byte a pixel. */
export const alike = signal<Uint8Array | null>(null);

const ask = paced(async () => {
  const [trainer, what] = [liveTrainer(), onPad()];
  if (!trainer || !what || document.hidden) {
    reasons.value = {};
    return;
  }
  // What was found for the drawing before stays until there is something new.
  const found = { ...reasons.peek() };
  for (const way of [...WAYS, 'nearest'] as const) {
    // A network without convolutions has no maps.
    const ofClass = explainedClass.peek();
    const about = ofClass === null ? {} : { class: ofClass };
    const reason = await trainer.digits.explain(what, way, about).catch(() => null);
    if (reason) found[way] = reason;
    else delete found[way];
    if (isEmpty.peek()) return;
    reasons.value = { ...found };
  }
  const near = found.nearest?.nearest;
  alike.value = near
    ? (
        await trainer.digits.images(
          near.map(({ index }) => index),
          'train',
        )
      ).pixels
    : null;
}, 1200);

effect(() => {
  reading.value;
  explainedClass.value;
  if (isInSight.value) ask();
});
