import { useEffect } from 'preact/hooks';
import '../../style/laboratory.css';
import { closeLaboratory } from '../laboratory/laboratory';
import type { Lesson } from '../lesson';
import keras from './code/keras.py?raw';
import mapling from './code/mapling.mjs?raw';
import { Results } from './Results';
import { Trials } from './Trials';
import { forgetWithData, leave } from './trials';
import { lessonWords } from './words';

function Better() {
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
      <Trials />
      <Results />
    </div>
  );
}

export const lesson: Lesson = { words: lessonWords, Interactive: Better, code: { mapling, keras } };
