import type { Words } from './en';

export const zh: Words = {
  title: 'line',
  text: [],
  question: { ask: '', guesses: [], right: 0, why: '' },
  tries: ['', '', ''],
};
