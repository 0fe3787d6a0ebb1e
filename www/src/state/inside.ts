/** What the network makes of the pad, layer by layer, asked for while somebody looks. */
import { computed, effect, signal } from '@preact/signals';
import type { Inside, Picture } from 'mapling/trainer';
import { guess, isEmpty, reading, shownPicture, shownTest, strokes } from './drawing';
import { paced } from './pace';
import { changes } from './session';
import { liveTrainer } from './trainer';

/** Whether the network's picture, which lights up, is on the screen. */
export const isPictured = signal(false);
/** Whether layers are looked into, below the bench or in the one that was opened. */
export const isOpen = signal(false);
const isWatched = computed(() => isPictured.value || isOpen.value);

/** Everything inside the network for what is on the pad; null where nothing is. */
export const inside = signal<Inside | null>(null);

/** What is on the pad, for the worker. */
export function onPad(): Picture | null {
  if (isEmpty.peek()) return null;
  const index = shownTest.peek();
  const pixels = shownPicture.peek();
  if (pixels) return { pixels };
  return index === null ? { strokes: strokes.peek() } : { set: 'test', index };
}

const look = paced(async () => {
  const [trainer, what] = [liveTrainer(), onPad()];
  if (!trainer || !what || document.hidden) {
    inside.value = null;
    return;
  }
  const digit = guess.peek()?.digit;
  const found = await trainer.digits
    .inspect(what, digit === undefined ? {} : { class: digit })
    .catch((failure: { code?: string }) => {
      // The network made way for another one meanwhile, which is looked into in its turn.
      if (failure?.code !== 'state') throw failure;
      return null;
    });
  // The pad may have been cleared while the answer was on its way.
  inside.value = isEmpty.peek() ? null : found;
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
