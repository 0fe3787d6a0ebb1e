import { useEffect } from 'preact/hooks';
import '../../style/inside.css';
import '../../style/laboratory.css';
import { explainedClass, isInSight } from '../../inside/look';
import { Why as Reasons } from '../../inside/Why';
import { isEmpty } from '../../state/drawing';
import type { Lesson } from '../lesson';
import { Chooser } from './Chooser';
import { Classes } from './Classes';
import keras from './code/keras.py?raw';
import mapling from './code/mapling.mjs?raw';
import { Erase } from './Erase';
import { lessonWords } from './words';

function Why() {
  useEffect(() => {
    isInSight.value = true;
    return () => {
      isInSight.value = false;
      explainedClass.value = null;
    };
  }, []);
  return (
    <div class="laboratory inside" data-part="why">
      <Chooser />
      {!isEmpty.value && (
        <>
          <Classes />
          <Reasons />
          <Erase />
        </>
      )}
    </div>
  );
}

export const lesson: Lesson = { words: lessonWords, Interactive: Why, code: { mapling, keras } };
