import { useSignal, useSignalEffect } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { percent } from '../format';
import { useEscape } from '../parts/escape';
import { Icon } from '../parts/icons';
import { paintInk } from '../parts/paint';
import { hasAskedWhy } from '../state/asked-why';
import { nameOf } from '../state/classes';
import { showTest } from '../state/drawing';
import { paced } from '../state/pace';
import { changes } from '../state/session';
import { answersFor, asFloats, likeliestFirst, opened, testImage, testSet } from '../state/testset';
import { theme, tokenRgb } from '../state/theme';
import { liveTrainer } from '../state/trainer';
import { laterWords } from './words';

/** So many readings say what it wavers between. */
const MOST = 3;

/** What the network makes of the digit, as long as it learns. */
function useAnswer(index: number) {
  const answer = useSignal<Float32Array | null>(null);
  const ask = useMemo(
    () =>
      paced(async () => {
        const trainer = liveTrainer();
        // Other digits, or fewer, may have taken the place of the one that was opened.
        if (trainer && testSet.peek() && opened.peek()?.index === index)
          answer.value = await answersFor(trainer, asFloats(testImage(index)), 1);
      }, 200),
    [index],
  );
  useSignalEffect(() => {
    changes.value;
    ask();
  });
  return answer;
}

function Readings({ index }: { index: number }) {
  const text = laterWords.value.opened;
  const answer = useAnswer(index).value;
  const label = testSet.value!.labels[index]!;
  const best = answer ? likeliestFirst(answer).slice(0, MOST) : [];
  const isRight = best[0] === label;
  return (
    <div class="opened-words">
      <p class="opened-line">
        {text.truth} <b data-part="opened-truth">{nameOf(label)}</b>
      </p>
      {/* The shares below change with each step of training: only another answer is said. */}
      <p class={isRight ? 'opened-line right' : 'opened-line wrong'} aria-live="polite" aria-atomic="true">
        {text.read} <b data-part="opened-guess">{best[0] === undefined ? '…' : nameOf(best[0])}</b>
        {answer && <Icon name={isRight ? 'right' : 'close'} />}
      </p>
      <ol>
        {best.map((digit) => (
          <li key={digit}>
            <b>{nameOf(digit)}</b>
            <span class="bar-track">
              <span class="bar-fill" style={{ transform: `scaleX(${answer![digit]})` }} />
            </span>
            <span>{percent(answer![digit]!, 1)} %</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Card({ index, tile }: { index: number; tile: HTMLElement }) {
  const card = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [set, scheme] = [testSet.value!, theme.value];
  const close = () => {
    opened.value = null;
  };
  /** Whoever came by keyboard goes on from where they were. */
  const goBack = () => {
    tile.focus({ preventScroll: true });
    close();
  };
  const lay = () => {
    close();
    showTest(index);
    document.querySelector('[data-part="pad"]')?.scrollIntoView({ block: 'nearest' });
  };
  useLayoutEffect(() => {
    paintInk(canvas.current!.getContext('2d')!, testImage(index), tokenRgb('ink'), 1 / 255);
  }, [index, set, scheme]);

  // Over the tile, or under it where there is no room; it stays there while the page scrolls.
  useLayoutEffect(() => {
    const place = () => {
      const [box, at] = [card.current!.getBoundingClientRect(), tile.getBoundingClientRect()];
      const wide = document.documentElement.clientWidth;
      const left = Math.min(Math.max(8, at.left + at.width / 2 - box.width / 2), wide - box.width - 8);
      const top = at.top - box.height - 8;
      const y = top > 8 ? top : at.bottom + 8;
      card.current!.style.transform = `translate(${Math.round(left + scrollX)}px, ${Math.round(y + scrollY)}px)`;
    };
    place();
    addEventListener('resize', place);
    return () => removeEventListener('resize', place);
  }, [index, tile]);

  useEscape(goBack);
  useLayoutEffect(() => {
    card.current!.focus({ preventScroll: true });
    const onDown = (event: PointerEvent) => {
      const at = event.target as Element;
      if (!card.current?.contains(at) && !at.closest('.tile')) close();
    };
    addEventListener('pointerdown', onDown);
    return () => removeEventListener('pointerdown', onDown);
  }, [index, tile]);

  const text = laterWords.value.opened;
  return (
    <div
      class="opened"
      data-part="opened"
      role="dialog"
      tabIndex={-1}
      aria-label={text.heading(index)}
      ref={card}
    >
      <div class="opened-head">
        <h3>{text.heading(index)}</h3>
        <button type="button" class="quiet square" onClick={goBack} aria-label={text.close}>
          <Icon name="close" />
        </button>
      </div>
      <canvas ref={canvas} width={28} height={28} />
      <Readings index={index} />
      <div class="opened-ways">
        <button type="button" onClick={lay}>
          {text.lay}
        </button>
        <button
          type="button"
          data-part="ask-why"
          onClick={() => {
            lay();
            hasAskedWhy.value = true;
            location.hash = 'lesson=why';
          }}
        >
          {text.why}
        </button>
      </div>
    </div>
  );
}

/** The test digit that was chosen, opened where it stands: what it is, and what the network takes it for. */
export function Opened() {
  const now = opened.value;
  return now && testSet.value ? <Card key={now.index} {...now} /> : null;
}
