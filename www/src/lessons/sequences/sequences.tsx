import type { Lesson } from '../lesson';
import keras from './code/keras.py?raw';
import mapling from './code/mapling.mjs?raw';
import { lessonWords } from './words';

export const lesson: Lesson = { words: lessonWords, Interactive: () => null, code: { mapling, keras } };
