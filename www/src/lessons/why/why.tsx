import { useEffect } from 'preact/hooks';
import '../../style/inside.css';
import '../../style/laboratory.css';
import { explainedClass, isInSight } from '../../inside/look';
import { Why as Reasons } from '../../inside/Why';
import { hasAskedWhy } from '../../state/asked-why';
import { isEmpty } from '../../state/drawing';
import type { Lesson } from '../lesson';
import { Chooser } from './Chooser';
import { Classes } from './Classes';
import keras from './code/keras.py?raw';
import mapling from './code/mapling.mjs?raw';
import { Erase } from './Erase';
import { lessonWords } from './words';

/** Leads to the pictures of the reasons, for those who see them and for those who hear of them. */
function showReasons(): void {
  const heading = document.getElementById('why-heading');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView();
}

function Why() {
  useEffect(() => {
    isInSight.value = true;
    // Whoever asked about a digit comes to its pictures, once the lesson has led to its own beginning.
    const coming = hasAskedWhy.peek() ? requestAnimationFrame(showReasons) : 0;
    hasAskedWhy.value = false;
    return () => {
      cancelAnimationFrame(coming);
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
          <Reasons isPart />
          <Erase />
        </>
      )}
    </div>
  );
}

export const lesson: Lesson = { words: lessonWords, Interactive: Why, code: { mapling, keras } };
