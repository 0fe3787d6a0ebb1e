import type { LessonWords } from '../../lesson';

export const en = {
  title: 'neurons',
  text: [],
  question: { ask: '', guesses: [], right: 0, why: '' },
  tries: ['', '', ''],
} satisfies LessonWords;

export type Words = LessonWords;
