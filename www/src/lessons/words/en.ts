import { count } from '../../format';

/** What lessons that look at the visitor's digit say of it. */
export const en = {
  drawn: 'Your drawing.',
  test: (index: number) => `Test digit ${count(index)}.`,
  none: 'Digits are on their way…',
  draw: 'Draw on the pad',
};

export type Words = typeof en;
