/** What the page's own network has learned to look for, and what its layers make of the digit. */
import { computed, effect, signal } from '@preact/signals';
import type { LayerInside } from 'mapling/trainer';
import { isEmpty, reading, shownTest, strokes } from '../../state/drawing';
import { paced } from '../../state/pace';
import { changes, network } from '../../state/session';
import { liveTrainer } from '../../state/trainer';
import { digit } from '../digit';
import type { Kernel } from './kernel';

/** Whether the lesson is open. */
export const isOpen = signal(false);

/** The place of the first convolution among the layers; −1 without one. */
export const firstConvolution = computed(
  () => network.value?.layers.findIndex(({ className }) => className === 'Conv2D') ?? -1,
);

/** The filters of the first convolution, and what each layer makes of the digit: all of one moment. */
export const inside = signal<{ filters: Kernel[]; layers: LayerInside[] } | null>(null);

const look = paced(async () => {
  const [trainer, at, shown] = [liveTrainer(), firstConvolution.peek(), digit.peek()];
  if (!trainer || at < 0 || !shown || document.hidden) {
    inside.value = null;
    return;
  }
  const index = isEmpty.peek() ? shown.test : shownTest.peek();
  const picture = index === null ? { strokes: strokes.peek() } : { set: 'test' as const, index };
  const [[weights], found] = await Promise.all([trainer.weights(at), trainer.digits.inspect(picture)]);
  if (!weights || !found || weights.shape.length !== 4) return;
  const [size, , channels, count] = weights.shape as [number, number, number, number];
  const filters = Array.from({ length: count }, (_, filter) => ({
    size,
    values: Array.from(
      { length: size * size },
      (_, cell) => weights.values[cell * channels * count + filter]!,
    ),
  }));
  inside.value = { filters, layers: found.layers };
}, 250);

effect(() => {
  reading.value;
  digit.value;
  changes.value;
  firstConvolution.value;
  if (isOpen.value) look();
});
