/** What the network makes of the pad, asked for while somebody looks: every layer, and why the answer is what it is. */
import { computed, effect, signal } from '@preact/signals';
import type { Inside, Picture, Reason, Way } from 'mapling/trainer';
import { lookedInto } from '../network/looking';
import { guess, isEmpty, reading, shownPicture, shownTest, strokes } from '../state/drawing';
import { paced } from '../state/pace';
import { changes, network } from '../state/session';
import { liveTrainer } from '../state/trainer';

/** Whether this part of the page is on the screen. */
export const isInSight = signal(false);

/** Whether somebody looks: at this part, or at a layer that was opened. */
const isWatched = computed(() => isInSight.value || lookedInto.value !== null);

/** Everything inside the network for what is on the pad; null where nothing is. */
export const inside = signal<Inside | null>(null);

/** The unit or map that is looked at: its layer's name, and its place there. */
export const chosen = signal<{ layer: string; index: number } | null>(null);

/** What is on the pad, for the worker. */
function picture(): Picture | null {
  if (isEmpty.peek()) return null;
  const index = shownTest.peek();
  const pixels = shownPicture.peek();
  if (pixels) return { pixels };
  return index === null ? { strokes: strokes.peek() } : { set: 'test', index };
}

const look = paced(async () => {
  const [trainer, what] = [liveTrainer(), picture()];
  if (!trainer || !what || document.hidden) {
    inside.value = null;
    return;
  }
  const digit = guess.peek()?.digit;
  inside.value = await trainer.digits.inspect(what, digit === undefined ? {} : { class: digit });
}, 150);

/** A new drawing is shown as it grows; while the network changes, now and then is enough. */
const lookAgain = paced(async () => look(), 400);

effect(() => {
  reading.value;
  if (isWatched.value) look();
});
effect(() => {
  changes.value;
  if (isWatched.value && !isEmpty.peek()) lookAgain();
});
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
  const [trainer, what] = [liveTrainer(), picture()];
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
