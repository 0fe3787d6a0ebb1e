import { lateWords } from '../../words/late';
import { en } from './en';

/** The words of the card and of what can be done with it. */
export const shareWords = lateWords(en, () => import('./zh').then(({ zh }) => zh));
