import { Laboratory } from '../laboratory/Laboratory';
import type { Lesson } from '../lesson';
import keras from './code/keras.py?raw';
import mapling from './code/mapling.mjs?raw';
import { Results } from './Results';
import { Trials } from './Trials';
import { forget, leave } from './trials';
import { lessonWords } from './words';

const Better = () => (
  <Laboratory leave={leave} forget={forget}>
    <Trials />
    <Results />
  </Laboratory>
);

export const lesson: Lesson = { words: lessonWords, Interactive: Better, code: { mapling, keras } };
