/** Time turned back, and the runs that it makes: below the charts, above them, and in a list of their own. */
import { lookOut } from '../network/looking';
import { explained } from '../parts/explained';
import { goBackTo } from '../state/back';
import { goesOtherwise } from '../state/branches';
import { forgetOffered, takeOffered } from '../state/kept';
import { isFull } from '../state/kept-marks';
import { isRefused, keptStep } from '../state/kept-writing';
import { offered } from '../state/offers';
import { beside, present, runs } from '../state/runs';
import { status } from '../state/session';
import { isTurnedBack, marks, presentStep } from '../state/timeline';
import { goTo, wanted } from '../state/turn';
import '../style/time.css';
import { words } from '../words';
import { nameOf } from './name';
import { Otherwise } from './Otherwise';
import { Runs } from './Runs';
import { Scrubber } from './Scrubber';
import { timeWords } from './words';

/** What the present run stands beside, and the way back to that. */
function Beside() {
  const text = timeWords.value;
  const other = beside();
  if (!other) return null;
  const { from } = present.value;
  return (
    <p class="experiment" data-part="experiment">
      <span>{from === null ? text.beside : text.branch(from, nameOf(other))}</span>
      <button type="button" class="link" data-part="back" onClick={() => goBackTo(other.number)}>
        {text.goBack}
      </button>
    </p>
  );
}

/** A network of the last visit, which learned from other digits. */
function Offered({ data, step }: { data: string; step: number }) {
  const text = timeWords.value;
  return (
    <>
      <span>{text.offered(data, step)}</span>
      <button type="button" class="link" data-part="take-offered" onClick={takeOffered}>
        {text.takeOffered}
      </button>
      <button
        type="button"
        class="link"
        data-part="forget-offered"
        // The second press of two was not meant for the next one that is offered.
        onClick={({ detail }) => detail < 2 && forgetOffered()}
      >
        {text.forgetOffered}
      </button>
    </>
  );
}

/** What the slider is for, or where in time the page stands. */
function Note() {
  const text = timeWords.value;
  const step = wanted.value?.step ?? presentStep.value;
  if (isTurnedBack.value)
    return (
      <span>
        {status.value === 'training'
          ? text.again(step)
          : goesOtherwise.value
            ? text.backOtherwise(step)
            : text.back(step)}
      </span>
    );
  const kept = offered.value;
  if (kept)
    return <Offered data={words.value.dataset.short[kept.data.name]} step={(kept.run ?? kept.origin).step} />;
  if (marks.value.length < 2) return <span>{text.waiting}</span>;
  return (
    <span>
      {text.drag(marks.value.length)}{' '}
      {isRefused.value ? text.refused : keptStep.value === null ? '' : text.kept(keptStep.value)}{' '}
      {isFull.value && !isRefused.value && text.full}
    </span>
  );
}

function Time() {
  const text = timeWords.value;
  const newest = marks.value.at(-1);
  const isBack = isTurnedBack.value;
  const others = runs.value.length;
  return (
    <section class="time" aria-label={text.time}>
      <div class="time-row">
        <span class="time-name" aria-hidden="true">
          {text.time}
        </span>
        <Scrubber />
        <button
          type="button"
          class="link"
          data-part="newest"
          disabled={!isBack}
          onClick={() => newest && goTo(newest)}
          {...explained(text.newestTip)}
        >
          {text.newest}
        </button>
      </div>
      <div class="time-note" data-part="kept" data-value={keptStep.value ?? ''}>
        <Note />
        {isBack && status.value !== 'training' && <Otherwise />}
        {others > 0 && (
          <button type="button" class="link time-runs" data-part="open-runs" onClick={toRuns}>
            {text.runs.open(others)}
          </button>
        )}
      </div>
    </section>
  );
}

/** To the list of runs; the address, which holds the settings, stays as it is. */
function toRuns(): void {
  // What lies over the page would lie over the list.
  lookOut();
  const list = document.getElementById('runs');
  list?.scrollIntoView();
  list?.querySelector<HTMLElement>('.run-name')?.focus({ preventScroll: true });
}

export { Beside, Runs, Time };
