import { lateWords } from '../../words/late';
import { en } from './en';

/** The words that lessons share, in the visitor's language. */
export const sharedWords = lateWords(en, () => import('./zh').then(({ zh }) => zh));
