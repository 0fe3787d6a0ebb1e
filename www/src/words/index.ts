import { computed, effect, signal } from '@preact/signals';
import { remember, remembered } from '../state/remembered';
import { en, type Words } from './en';
import { zh } from './zh';

const catalogues = { en, zh } satisfies Record<string, Words>;
type Language = keyof typeof catalogues;

const known = (tag: string | null | undefined): Language | null =>
  tag?.startsWith('zh') ? 'zh' : tag?.startsWith('en') ? 'en' : null;

export const language = signal<Language>(
  known(remembered('language')) ?? navigator.languages.map(known).find((tag) => tag !== null) ?? 'en',
);

/** The page's words in the visitor's language. */
export const words = computed<Words>(() => catalogues[language.value]);

export const locale = () => (language.value === 'zh' ? 'zh-CN' : 'en');

export function toggleLanguage(): void {
  language.value = language.value === 'en' ? 'zh' : 'en';
  remember('language', language.value);
}

effect(() => {
  document.documentElement.lang = locale();
});
