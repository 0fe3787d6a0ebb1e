import { computed, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Pad } from '../pad/Pad';
import { nameOf } from '../state/classes';
import {
  digitsRead,
  guess,
  isEmpty,
  isUnjudged,
  knowsOthers,
  score,
  shownPicture,
  shownTest,
  verdict,
} from '../state/drawing';
import { past as runs } from '../state/past';
import { dataInfo, run, warmUp } from '../state/session';
import { testSet } from '../state/testset';
import { words } from '../words';
import { Bars } from './Bars';
import { Icon } from './icons';
import { Teach } from './late';
import { Seen } from './Seen';

/** The second guess is worth a word when it is this likely. */
const CLOSE = 0.1;

/** What is read, but for how sure that is, which changes with each step of training. */
const answer = computed(() => guess.value && digitsRead.value.map(({ digit }) => digit).join());

/** How sure the network is of a digit: only of its own classes, until somebody has looked whether it is one of them. */
function sureOf({ digit, sure }: { digit: number; sure: number }): string {
  const text = words.value.reading;
  if (!isUnjudged.value) return text.sure(sure);
  return digit > 9 || dataInfo.value?.name === 'file' ? text.ifClass(sure) : text.ifDigit(sure);
}

/** What a screen reader hears: the guess, once it has held for a moment. */
function Spoken() {
  const line = useRef<HTMLParagraphElement>(null);
  useSignalEffect(() => {
    answer.value;
    const { spoken, none, each } = words.value.reading;
    const wait = setTimeout(() => {
      const [now, read] = [guess.peek(), digitsRead.peek()];
      if (line.current)
        line.current.textContent = !now
          ? ''
          : read.length === 1
            ? spoken(nameOf(now.digit), sureOf(now))
            : read.length
              ? each(read)
              : none;
    }, 1200);
    return () => clearTimeout(wait);
  });
  return <p class="for-ears" aria-live="polite" ref={line} />;
}

/** A test digit brings its truth along; of a drawing only the visitor knows it. */
function Truth() {
  const text = words.value.reading;
  const now = guess.value;
  const index = shownTest.value;
  if (index !== null && testSet.value) {
    const label = testSet.value.labels[index]!;
    const right = now?.digit === label;
    return (
      <p class={right ? 'truth right' : 'truth wrong'} data-part="truth">
        <Icon name={right ? 'right' : 'close'} />
        <span>
          {words.value.sentences(words.value.pad.testDigit(index), right ? text.right : text.truth(label))}
        </span>
      </p>
    );
  }
  const { right, total } = score.value;
  const mark = (said: boolean) => () => {
    verdict.value = said;
  };
  return (
    <div class="truth">
      {now && (
        <>
          <button type="button" aria-pressed={verdict.value === true} onClick={mark(true)}>
            <Icon name="right" />
            {text.right}
          </button>
          <button type="button" aria-pressed={verdict.value === false} onClick={mark(false)}>
            <Icon name="close" />
            {text.wrong}
          </button>
        </>
      )}
      {total > 0 && <p>{text.score(right, total)}</p>}
    </div>
  );
}

function Guess() {
  const now = guess.value;
  const text = words.value.reading;
  const untrained = !run.value && !runs.isGiven?.();
  const read = digitsRead.value;
  const isOne = read.length === 1;
  const isLearning = isUnjudged.value && shownPicture.value === null && dataInfo.value?.name !== 'file';
  return (
    <div class="guess-row">
      <output
        class={now && !isOne ? `guess ${read.length ? 'several' : 'none'}` : 'guess'}
        data-part="guess"
        aria-live="off"
        data-named={(now && isOne && now.digit > 9) || undefined}
        aria-label={text.heading}
      >
        {isOne ? now && nameOf(now.digit) : now && (read.map(({ digit }) => digit).join(', ') || '?')}
      </output>
      <div class="guess-words">
        <p class="guess-sure">
          {!now
            ? isEmpty.value
              ? text.nothing
              : text.soon
            : isOne
              ? sureOf(now)
              : read.length
                ? text.each(read)
                : text.none}
        </p>
        <p class="guess-second">
          {now && untrained
            ? text.untrained
            : now && isOne && now.secondSure >= CLOSE
              ? text.or(nameOf(now.second), now.secondSure)
              : now && warmUp.value === 'coming'
                ? text.warmUp
                : isLearning
                  ? text.learning
                  : '\u00a0'}
        </p>
        <Truth />
      </div>
      <Seen />
    </div>
  );
}

export function Read() {
  return (
    <section class="column read" aria-labelledby="read-heading">
      <h2 id="read-heading" class="for-ears">
        {words.value.pad.heading}
      </h2>
      <Pad />
      <div class="answer" data-part="answer" data-value={String(knowsOthers.value)}>
        <Guess />
        <Teach />
        <Bars />
      </div>
      <Spoken />
    </section>
  );
}
