import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { hundredths, ofHundred } from '../../format';
import { Picture } from '../../inside/Picture';
import { said } from '../../state/said';
import { dataInfo } from '../../state/session';
import { likeliest } from '../../state/testset';
import { DigitCaption } from '../DigitCaption';
import { digit, SIZE } from '../digit';
import { Lines } from '../Lines';
import { Gates } from './Gates';
import {
  answer,
  EPOCHS,
  follow,
  hasDigits,
  path,
  pause,
  phase,
  progress,
  resume,
  tested,
  train,
} from './reading';
import { lessonWords } from './words';

/** Milliseconds a row, when the digit is read aloud, as it were. */
const PACE = 90;

/** Trains by itself once, as the page's own network does. */
let hasBegun = false;

function Controls() {
  const text = lessonWords.value.lab.reader;
  const now = phase.value;
  const isRunning = now === 'training' || now === 'starting';
  const found = tested.value;
  const epoch = hundredths(progress.value / 100, 1);
  return (
    <div class="exhibit-controls">
      {now === 'training' && (
        <button type="button" data-part="reader-pause" onClick={() => void pause()}>
          {text.pause}
        </button>
      )}
      {now === 'paused' && (
        <button type="button" data-part="reader-resume" onClick={() => void resume()}>
          {text.resume}
        </button>
      )}
      <button
        type="button"
        class={now === 'idle' ? 'first' : undefined}
        data-part="reader-train"
        disabled={!hasDigits.value || now === 'starting'}
        onClick={() => void train()}
      >
        {now === 'idle' || now === 'failed' ? text.train : text.again}
      </button>
      <p data-part="reader-phase" data-value={now}>
        {hasDigits.value ? text.phases[now] : text.waiting}
        {(isRunning || now === 'paused') && ` · ${text.epoch(epoch, EPOCHS)}`}
        {' · '}
        <b data-part="reader-accuracy" data-value={found?.right.at(-1) ?? ''}>
          {found ? text.accuracy(found.right.at(-1)!, found.total) : text.untested}
        </b>
      </p>
    </div>
  );
}

/** The digit that leads after each row. */
const leaders = (beliefs: Float32Array, steps: number, classes: number): number[] =>
  Array.from({ length: steps }, (_, step) =>
    likeliest(beliefs.subarray(step * classes, (step + 1) * classes)),
  );

/** The digit, row by row: what is believed after each, and what the gates do meanwhile. */
export function Reader() {
  const text = lessonWords.value.lab.reader;
  const rows = useSignal(SIZE);
  const timer = useSignal(0);
  const shown = digit.value;
  const found = path.value;
  useEffect(() => {
    if (!hasDigits.value || hasBegun || said('autostart') === '0') return;
    hasBegun = true;
    void train();
  }, [hasDigits.value]);
  useEffect(() => {
    if (hasDigits.value) follow();
  }, [dataInfo.value, hasDigits.value]);
  useEffect(
    () => () => {
      clearInterval(timer.peek());
      // Nobody looks any more.
      void pause();
    },
    [],
  );
  const play = (): void => {
    clearInterval(timer.peek());
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      rows.value = SIZE;
      return;
    }
    rows.value = 1;
    timer.value = Number(
      setInterval(() => {
        if (rows.peek() >= SIZE) clearInterval(timer.peek());
        else rows.value += 1;
      }, PACE),
    );
  };
  const belief = useComputed(() => {
    const now = path.value;
    return now?.beliefs.subarray((rows.value - 1) * now.classes, rows.value * now.classes);
  });
  const now = belief.value;
  const best = now ? likeliest(now) : -1;
  const order = found ? leaders(found.beliefs, found.steps, found.classes) : [];
  const last = order.at(-1) ?? -1;
  const since = order.length - [...order].reverse().findIndex((other) => other !== last);
  const from = order.every((other) => other === last) ? 1 : since + 1;
  return (
    <section class="exhibit" aria-labelledby="reader-heading" data-part="reader">
      <h3 id="reader-heading">{text.heading}</h3>
      <Controls />
      <div class="reader-body">
        <figure class="reader-digit">
          <div class="reader-picture">
            <Picture
              width={SIZE}
              height={SIZE}
              value={(x, y) => (shown?.pixels[y * SIZE + x] ?? 0) * (y < rows.value ? 1 : 0.25)}
              full={1}
              label={text.picture(rows.value)}
            />
            <i style={{ top: `${(100 * (rows.value - 1)) / SIZE}%`, height: `${100 / SIZE}%` }} />
          </div>
          <DigitCaption />
          <label class="exhibit-slide">
            <span>{text.rows(rows.value)}</span>
            <input
              type="range"
              min={1}
              max={SIZE}
              value={rows.value}
              data-part="reader-rows"
              aria-valuetext={now ? text.rowsSaid(rows.value, best, now[best]!) : undefined}
              onInput={(event) => {
                clearInterval(timer.peek());
                rows.value = Number(event.currentTarget.value);
              }}
            />
          </label>
          <button type="button" data-part="reader-play" onClick={play} disabled={!found}>
            {text.play}
          </button>
        </figure>
        {found && now && (
          <figure class="reader-belief">
            <figcaption>{text.belief}</figcaption>
            <Lines
              lines={Array.from({ length: found.classes }, (_, one) => {
                const values = Float32Array.from(
                  order,
                  (_, step) => found.beliefs[step * found.classes + one]!,
                );
                const isSeen = values.some((value) => value > 0.15);
                return { name: isSeen ? String(one) : '', values, isMain: one === best };
              })}
              steps={SIZE}
              mark={rows.value - 1}
              label={text.beliefLabel(text.leads(last, from))}
              from={text.top}
              to={text.bottom}
              axis={['0', '100 %']}
              namedAt="peak"
            />
            <figcaption>
              {text.now(rows.value)}
              {tested.value && text.rightHere(tested.value.right[rows.value - 1]!)}
            </figcaption>
            <ol class="reader-bars" aria-label={text.bars} data-part="reader-bars" data-value={best}>
              {Array.from(now, (share, one) => (
                <li key={one} class={one === best ? 'best' : undefined} data-value={share}>
                  <span class="bar-digit">{one}</span>
                  <span class="bar-track">
                    <span class="bar-fill" style={{ transform: `scaleX(${share})` }} />
                  </span>
                  <span class="bar-share">{ofHundred(share)}</span>
                </li>
              ))}
            </ol>
            <span
              hidden
              data-part="reader-answer"
              data-value={answer.value ? [...answer.value].join(' ') : ''}
            />
          </figure>
        )}
      </div>
      {found && <Gates found={found} row={rows.value - 1} />}
    </section>
  );
}
