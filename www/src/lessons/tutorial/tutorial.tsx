import { Laboratory } from '../laboratory/Laboratory';
import type { Lesson } from '../lesson';
import keras from './code/keras.py?raw';
import mapling from './code/mapling.mjs?raw';
import { Program } from './Program';
import { Few, Race } from './Races';
import { forget, leave } from './races';
import { lessonWords } from './words';

const Tutorial = () => (
  <Laboratory leave={leave} forget={forget}>
    <Program />
    <Race />
    <Few />
  </Laboratory>
);

export const lesson: Lesson = { words: lessonWords, Interactive: Tutorial, code: { mapling, keras } };
