import { useEffect } from 'preact/hooks';
import '../../style/laboratory.css';
import { closeLaboratory } from '../laboratory/laboratory';
import type { Lesson } from '../lesson';
import keras from './code/keras.py?raw';
import mapling from './code/mapling.mjs?raw';
import { Program } from './Program';
import { Few, Race } from './Races';
import { forgetWithData, leave } from './races';
import { lessonWords } from './words';

function Tutorial() {
  useEffect(() => {
    const end = forgetWithData();
    return () => {
      end();
      leave();
      closeLaboratory();
    };
  }, []);
  return (
    <div class="laboratory">
      <Program />
      <Race />
      <Few />
    </div>
  );
}

export const lesson: Lesson = { words: lessonWords, Interactive: Tutorial, code: { mapling, keras } };
