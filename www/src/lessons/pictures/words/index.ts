import { lateWords } from '../../../words/late';
import { en } from './en';

/** The words of this lesson, in the visitor's language. */
export const lessonWords = lateWords(en, () => import('./zh').then(({ zh }) => zh));
