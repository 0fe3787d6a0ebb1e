import { lateWords } from '../../words/late';
import { en } from './en';

/** The words of this part, in the visitor's language. */
export const yoursWords = lateWords(en, () => import('./zh').then(({ zh }) => zh));
