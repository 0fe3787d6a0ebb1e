import type { Lesson } from '../lesson';
import { withLibrary } from '../library';
import keras from './code/keras.py?raw';
import mapling from './code/mapling.mjs?raw';
import { lessonWords } from './words';

const Interactive = withLibrary(() => import('./PictureLab').then(({ PictureLab }) => PictureLab));

export const lesson: Lesson = { words: lessonWords, Interactive, code: { mapling, keras } };
