import type { Words } from './en';

export const zh: Words = {
  title: 'sequences',
  text: [],
  question: { ask: '', guesses: [], right: 0, why: '' },
  tries: ['', '', ''],
};
