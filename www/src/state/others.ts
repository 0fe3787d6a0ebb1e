/**
 * The worker learns what is no digit, once training on the digits at hand has got under way. What it has learned is kept on
 * this device: with it, it knows from a visit's beginning.
 */
import { effect } from '@preact/signals';
import { knowsOthers, tellsBetter } from './drawing';
import { get, isSomethingKept, remove, set } from './kept-others';
import { dataInfo } from './session';
import { currentTrainer } from './trainer';

/** Milliseconds for which a visit's beginning, or that of training on other digits, has the processor for itself. */
const LATER = 4000;

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Where storage is refused, full or slow, the worker learns anew, as on a first visit. */
const orNothing = <T>(asked: Promise<T>): Promise<T | undefined> =>
  Promise.race([asked.catch(() => undefined), pause(LATER).then(() => undefined)]);

effect(() => {
  const info = dataInfo.value;
  knowsOthers.value = false;
  // Of a visitor's own files nobody knows what they hold.
  if (!info || info.name === 'file') return;
  const later = pause(LATER);
  const store = {
    async get(name: string) {
      const kept = await orNothing(get(name));
      // Nothing is kept of these digits: what has to be learned waits for its time.
      if (!kept) await later;
      return kept;
    },
    set: (name: string, bytes: Uint8Array<ArrayBuffer>) => void orNothing(set(name, bytes)),
    delete: (name: string) => void orNothing(remove(name)),
  };
  const learn = async () => {
    if (!(await orNothing(isSomethingKept()))) await later;
    if (dataInfo.peek() !== info) return;
    await currentTrainer()!.digits.learnOthers(() => {
      tellsBetter.value++;
    }, store);
    if (dataInfo.peek() === info) knowsOthers.value = true;
  };
  learn().catch((error: { code?: string }) => {
    // Other digits were loaded meanwhile: they bring the next attempt along.
    if (error.code !== 'state') console.warn(error);
  });
});
