import { useSignalEffect } from '@preact/signals';
import { percent } from '../../format';
import { explainedClass } from '../../inside/look';
import { nameOf } from '../../state/classes';
import { guess, reading, shownTest, strokes } from '../../state/drawing';
import { testSet } from '../../state/testset';
import { lessonWords } from './words';

/** Which answer is to be explained: the network's, or another one that it did not give. */
export function Classes() {
  const text = lessonWords.value.classes;
  const shares = reading.value?.probabilities ?? new Float32Array(10);
  const now = explainedClass.value ?? guess.value?.digit;
  const index = shownTest.value;
  const truth = index === null ? null : (testSet.value?.labels[index] ?? null);
  // Another picture is explained as what it is taken for.
  useSignalEffect(() => {
    strokes.value;
    shownTest.value;
    explainedClass.value = null;
  });
  return (
    <section class="experiment-part" data-part="classes">
      <h3>{text.heading}</h3>
      <p class="lead">
        {text.lead}{' '}
        {truth !== null &&
          guess.value &&
          guess.value.digit !== truth &&
          text.mistake(nameOf(truth), nameOf(guess.value.digit))}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div role="group" aria-label={text.heading} class="row of-classes">
        {Array.from(shares.subarray(0, 10), (share, digit) => (
          <button
            key={digit}
            type="button"
            class="of-class"
            data-choice={digit}
            aria-pressed={digit === now}
            onClick={() => {
              explainedClass.value = digit;
            }}
          >
            <b>{digit}</b>
            <span>{percent(share, 1)} %</span>
          </button>
        ))}
      </div>
    </section>
  );
}
