import { computed, effect, signal } from '@preact/signals';
import { language } from '../../words';
import { en, type InsideWords } from './en';

const chinese = signal<InsideWords | null>(null);

effect(() => {
  if (language.value === 'zh' && !chinese.value)
    void import('./zh').then(
      ({ zh }) => {
        chinese.value = zh;
      },
      // What cannot be fetched stays in English.
      () => {},
    );
});

/** The words of this part, in the visitor's language. */
export const insideWords = computed<InsideWords>(() =>
  language.value === 'zh' ? (chinese.value ?? en) : en,
);
