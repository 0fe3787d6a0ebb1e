import { computed, effect, signal } from '@preact/signals';
import { language } from '../../words';
import { en, type LaterWords } from './en';

const chinese = signal<LaterWords | null>(null);

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

/** The words of what comes later, in the visitor's language. */
export const laterWords = computed<LaterWords>(() => (language.value === 'zh' ? (chinese.value ?? en) : en));
