import type { LessonWords } from '../../lesson';

export const en = {
  title: 'line',
  text: [],
  question: { ask: '', guesses: [], right: 0, why: '' },
  tries: ['', '', ''],
} satisfies LessonWords;

export type Words = LessonWords;
