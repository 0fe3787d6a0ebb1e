/** How the layers are doing over the run: measured now and then while somebody looks. */
import { effect, signal } from '@preact/signals';
import type { Health } from 'mapling/trainer';
import { paced } from '../state/pace';
import { changes, network } from '../state/session';
import { liveTrainer } from '../state/trainer';

/** Whether this part is open and on the screen. */
export const isHealthInSight = signal(false);

/** What was measured of this network, the newest last. */
export const healths = signal<Health[]>([]);

/** Milliseconds between two measurements: each takes the worker some from training. */
const EVERY = 2000;
const MOST = 300;

const measure = paced(async () => {
  const trainer = liveTrainer();
  if (!trainer || document.hidden || !isHealthInSight.peek()) return;
  const of = network.peek();
  const found = await trainer.digits.health();
  if (network.peek() !== of) return;
  // Every second one stays where there are too many: the course can be seen all the same.
  const kept = healths
    .peek()
    .filter(({ step }, at, all) => step < found.step && (all.length < MOST || at % 2 === 0));
  healths.value = [...kept, found];
}, EVERY);

effect(() => {
  changes.value;
  if (isHealthInSight.value) measure();
});
effect(() => {
  network.value;
  healths.value = [];
});
