import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { hundredths } from '../format';
import { nameOf } from '../state/classes';
import { guess, shownTest, strokes, verdict } from '../state/drawing';
import { network } from '../state/session';
import {
  collect,
  collectDrawing,
  collected,
  ENOUGH,
  FEW,
  type Lesson,
  lesson,
  renameCollected,
  teach,
  teachClass,
} from './lesson';
import { yoursWords } from './words';

/** The button of each class that the network knows, and one for what it does not. */
function Which() {
  const text = yoursWords.value.teach;
  const classes = network.value?.layers.at(-1)?.outputShape.at(-1) ?? 10;
  const now = lesson.value;
  const isBusy = now?.kind === 'learning';
  const chosen = now && now.kind !== 'failed' ? now.label : null;
  return (
    <>
      <div class="teach-head">
        <p id="teach-which">{text.which}</p>
        <button type="button" class="link" data-part="new-class" disabled={isBusy} onClick={collect}>
          {text.other}
        </button>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div class="teach-digits" role="group" aria-labelledby="teach-which">
        {Array.from({ length: classes }, (_, digit) => (
          <button
            key={digit}
            type="button"
            data-digit={digit}
            aria-pressed={chosen === digit}
            disabled={isBusy || (now === null && digit === guess.value?.digit)}
            onClick={() => teach(digit)}
          >
            {nameOf(digit)}
          </button>
        ))}
      </div>
    </>
  );
}

/** What the lesson is at, or has brought. */
function Result({ now }: { now: Lesson }) {
  const text = yoursWords.value.teach;
  if (now.kind === 'failed') return <p class="teach-result wrong">{text.failed(now.detail)}</p>;
  const name = nameOf(now.label);
  if (now.kind === 'learning')
    return <p class="teach-result">{text.learning(name, hundredths(now.likes, 0))}</p>;
  const { milliseconds, likes, likesBefore, isRight, before, after } = now;
  const share = (value: number) => hundredths(value, 0);
  return (
    <p
      class="teach-result"
      data-part="taught"
      data-right={isRight}
      data-likes={likes}
      data-milliseconds={Math.round(milliseconds)}
      data-before={before}
      data-after={after}
    >
      <b>{isRight ? text.learned(name, milliseconds) : text.notYet(name)}</b>{' '}
      {text.likes(share(likesBefore), share(likes))}{' '}
      {after !== undefined &&
        text.accuracy(before === undefined ? null : hundredths(before), hundredths(after))}
    </p>
  );
}

/** Collects drawings of a class that the network does not know. */
function Collecting() {
  const text = yoursWords.value.teach;
  const now = collected.value!;
  const count = now.drawings.length;
  const field = useRef<HTMLInputElement>(null);
  // The button that was pressed is gone: whoever types now means the name, and none of the page's keys.
  useLayoutEffect(() => field.current!.focus({ preventScroll: true }), []);
  return (
    <form
      class="teach-class"
      data-part="collecting"
      data-value={count}
      onSubmit={(event) => {
        event.preventDefault();
        if (strokes.value.length > 0) void collectDrawing();
        else teachClass();
      }}
    >
      <label>
        {text.name}
        <input
          ref={field}
          type="text"
          maxLength={12}
          value={now.name}
          placeholder={text.example}
          onInput={(event) => renameCollected(event.currentTarget.value)}
        />
      </label>
      <p>{text.collect(now.name.trim(), FEW, ENOUGH)}</p>
      <progress max={ENOUGH} value={count} aria-label={text.drawings(count, ENOUGH)} />
      <div class="row">
        <button type="button" disabled={strokes.value.length === 0} onClick={() => void collectDrawing()}>
          {text.add(count + 1)}
        </button>
        <button
          type="button"
          class={count >= ENOUGH ? 'primary' : undefined}
          disabled={count < FEW || lesson.value?.kind === 'learning'}
          onClick={teachClass}
        >
          {count < FEW ? text.more(FEW - count) : text.teachIt}
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => {
            collected.value = null;
          }}
        >
          {text.cancel}
        </button>
      </div>
    </form>
  );
}

/** Under the reading: what it was in truth, and how the network learns that. */
export function Teach() {
  const now = lesson.value;
  const isAsking = verdict.value === false && shownTest.value === null && !collected.value;
  // One sees it learn by the bars, which these words must not push off the screen.
  useEffect(() => {
    if (isAsking) document.querySelector('[data-part="bars"]')?.scrollIntoView({ block: 'nearest' });
  }, [isAsking]);
  if (!isAsking && !collected.value && !now) return null;
  return (
    <div class="teach" data-part="teach" aria-live="polite">
      {collected.value && <Collecting />}
      {isAsking && <Which />}
      {now && <Result now={now} />}
    </div>
  );
}
