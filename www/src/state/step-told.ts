/** What the last step did, while training is paused after it. */
import { effect, signal } from '@preact/signals';
import type { StepInside } from 'mapling/trainer';
import { network, run, status } from './session';
import { stepping } from './training';

export const told = signal<StepInside | null>(null);

stepping.make = async (trainer) => {
  told.value = await trainer.digits.stepInside();
};

effect(() => {
  network.value;
  const isEarlier = told.value !== null && (run.value?.step ?? 0) < told.value.step;
  if (status.value !== 'paused' || isEarlier) told.value = null;
});
