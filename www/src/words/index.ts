import { computed, effect, signal } from '@preact/signals';
import { remember, remembered } from '../state/remembered';
import { en, type Words } from './en';

type Language = 'en' | 'zh';

const known = (tag: string | null | undefined): Language | null =>
  tag?.startsWith('zh') ? 'zh' : tag?.startsWith('en') ? 'en' : null;

export const language = signal<Language>(
  known(remembered('language')) ?? navigator.languages.map(known).find((tag) => tag !== null) ?? 'en',
);

/** The catalogues that have been fetched: the second language is, once somebody wants it. */
const catalogues = signal<Partial<Record<Language, Words>>>({ en });

/** The page's words in the visitor's language. */
export const words = computed<Words>(() => catalogues.value[language.value] ?? en);

async function fetchWords(): Promise<void> {
  if (catalogues.value[language.value]) return;
  const { zh } = await import('./zh');
  catalogues.value = { ...catalogues.value, zh };
}

/** The words are there: those of the second language, or the first's if they cannot be had. */
export const wordsCame = fetchWords().catch(() => {});

export const locale = () => (language.value === 'zh' ? 'zh-CN' : 'en');

export function toggleLanguage(): void {
  language.value = language.value === 'en' ? 'zh' : 'en';
  remember('language', language.value);
  // What cannot be fetched stays in English.
  fetchWords().catch(() => {});
}

effect(() => {
  document.documentElement.lang = locale();
});
