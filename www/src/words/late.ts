import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { language } from '.';

/** The words of a part that comes later, in the visitor's language; the second language is fetched once it is wanted. */
export function lateWords<Words>(en: Words, fetchChinese: () => Promise<Words>): ReadonlySignal<Words> {
  const chinese = signal<Words | null>(null);
  effect(() => {
    if (language.value === 'zh' && !chinese.value)
      void fetchChinese().then(
        (words) => {
          chinese.value = words;
        },
        // What cannot be fetched stays in English.
        () => {},
      );
  });
  return computed(() => (language.value === 'zh' ? (chinese.value ?? en) : en));
}
