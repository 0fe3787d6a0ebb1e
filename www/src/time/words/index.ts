import { lateWords } from '../../words/late';
import { en } from './en';

/** The words of this part, in the visitor's language. */
export const timeWords = lateWords(en, () => import('./zh').then(({ zh }) => zh));
