import { lateWords } from '../../words/late';
import { en } from './en';

/** The words of what comes later, in the visitor's language. */
export const laterWords = lateWords(en, () => import('./zh').then(({ zh }) => zh));
