/** What the last step did, while training is paused after it. */
import { effect, signal } from '@preact/signals';
import type { StepInside } from 'mapling/trainer';
import { network, status } from './session';
import { stepping } from './training';

export const told = signal<StepInside | null>(null);

stepping.make = async (trainer) => {
  told.value = await trainer.digits.stepInside();
};

effect(() => {
  network.value;
  if (status.value !== 'paused') told.value = null;
});
