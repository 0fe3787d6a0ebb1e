import type { LessonWords } from '../../lesson';

export const en = {
  title: 'backwards',
  text: [],
  question: { ask: '', guesses: [], right: 0, why: '' },
  tries: ['', '', ''],
} satisfies LessonWords;

export type Words = LessonWords;
