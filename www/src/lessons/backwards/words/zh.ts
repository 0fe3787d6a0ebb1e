import type { Words } from './en';

export const zh: Words = {
  title: 'backwards',
  text: [],
  question: { ask: '', guesses: [], right: 0, why: '' },
  tries: ['', '', ''],
};
