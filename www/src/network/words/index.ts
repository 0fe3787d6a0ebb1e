import { lateWords } from '../../words/late';
import { en } from './en';

export const editorWords = lateWords(en, async () => (await import('./zh')).zh);
