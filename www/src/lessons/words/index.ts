import { lateWords } from '../../words/late';
import { en } from './en';

/** What lessons say of the digit that they look at, in the visitor's language. */
export const digitWords = lateWords(en, () => import('./zh').then(({ zh }) => zh));
