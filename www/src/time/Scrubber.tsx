import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { lastEpoch } from '../charts/axis';
import { hold } from '../parts/hold';
import { epochsAt } from '../state/curves';
import { run, session } from '../state/session';
import { isTurnedBack, type Mark, marks, placeOf, presentStep } from '../state/timeline';
import { goTo, wanted } from '../state/turn';
import { timeWords } from './words';

/** Where the page stands on the axis of epochs. */
function presentPlace(): number {
  const { run: now, origin } = session.value;
  if (wanted.value) return placeOf(wanted.value);
  return now ? epochsAt(now.step, now.batches, origin) : origin.epoch;
}

const share = (place: number): string => `${Math.min(100, (100 * place) / lastEpoch())}%`;

/** The kept steps, as small lines on the way. */
const Ticks = () => (
  <>
    {marks.value.map((mark) => (
      <i key={mark.step} style={{ left: share(placeOf(mark)) }} />
    ))}
  </>
);

/** How far a page key goes, in kept steps. */
const FAR = 8;

/** The kept step that a key leads to from the present one. */
function byKey(key: string): Mark | undefined {
  const all = marks.peek();
  const step = wanted.peek()?.step ?? presentStep.peek();
  const after = all.findIndex((mark) => mark.step > step);
  const before = all.findLastIndex((mark) => mark.step < step);
  const last = all.length - 1;
  const to = (at: number) => all[Math.min(last, Math.max(0, at))];
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return to(before);
    case 'ArrowRight':
    case 'ArrowUp':
      return to(after < 0 ? last : after);
    case 'PageDown':
      return to(before - FAR + 1);
    case 'PageUp':
      return to(after < 0 ? last : after + FAR - 1);
    case 'Home':
      return to(0);
    case 'End':
      return to(last);
    default:
      return undefined;
  }
}

/** The way through time: a slider over the kept steps, below the charts and on their axis. */
export function Scrubber() {
  const text = timeWords.value;
  const track = useRef<HTMLDivElement>(null);
  const isHeld = useSignal(false);
  const all = marks.value;
  const step = wanted.value?.step ?? presentStep.value;
  const last = Math.max(step, all.at(-1)?.step ?? 0);
  const place = presentPlace();

  const go = (mark: Mark | undefined) => {
    if (mark && mark.step !== (wanted.peek()?.step ?? presentStep.peek())) goTo(mark);
  };
  const follow = (event: PointerEvent) => {
    const box = track.current!.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * lastEpoch();
    const distance = (mark: Mark) => Math.abs(placeOf(mark) - at);
    go(
      marks
        .peek()
        .reduce<Mark | undefined>(
          (best, mark) => (best && distance(best) <= distance(mark) ? best : mark),
          undefined,
        ),
    );
  };

  return (
    <div
      ref={track}
      class="scrubber"
      role="slider"
      tabIndex={0}
      data-part="scrubber"
      data-value={step}
      data-last={last}
      data-kept={all.length}
      aria-label={text.label}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={step}
      aria-valuetext={text.value({
        step,
        last,
        epoch: place.toFixed(2),
        accuracy: run.value?.testAccuracy,
      })}
      aria-disabled={all.length < 2}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        hold(event.currentTarget, event.pointerId);
        isHeld.value = true;
        follow(event);
      }}
      onPointerMove={(event) => isHeld.peek() && follow(event)}
      onPointerUp={() => {
        isHeld.value = false;
      }}
      onPointerCancel={() => {
        isHeld.value = false;
      }}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const mark = byKey(event.key);
        if (!mark) return;
        event.preventDefault();
        go(mark);
      }}
    >
      <div class="scrubber-track">
        <Ticks />
        <div class="scrubber-done" style={{ width: share(place) }} />
      </div>
      <div
        class="scrubber-thumb"
        style={{ left: share(place) }}
        data-back={isTurnedBack.value || undefined}
      />
    </div>
  );
}
