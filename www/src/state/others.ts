/** The worker learns what is no digit, once training on the digits at hand has got under way. */
import { effect } from '@preact/signals';
import { knowsOthers, tellsBetter } from './drawing';
import { dataInfo } from './session';
import { currentTrainer } from './trainer';

/** Milliseconds for which a visit's beginning, or that of training on other digits, has the processor for itself. */
const LATER = 4000;

effect(() => {
  const info = dataInfo.value;
  knowsOthers.value = false;
  // Of a visitor's own files nobody knows what they hold.
  if (!info || info.name === 'file') return;
  const learn = async () => {
    await currentTrainer()!.digits.learnOthers(() => {
      tellsBetter.value++;
    });
    if (dataInfo.peek() === info) knowsOthers.value = true;
  };
  const timer = setTimeout(() => {
    learn().catch((error: { code?: string }) => {
      // Other digits were loaded meanwhile: they bring the next attempt along.
      if (error.code !== 'state') console.warn(error);
    });
  }, LATER);
  return () => clearTimeout(timer);
});
