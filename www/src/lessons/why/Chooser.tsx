import { useSignal, useSignalEffect } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { paintInk } from '../../parts/paint';
import { useRoving } from '../../parts/roving';
import { nameOf } from '../../state/classes';
import { isEmpty, shownTest, showTest } from '../../state/drawing';
import { evaluation } from '../../state/session';
import { testImage, testSet } from '../../state/testset';
import { theme, tokenRgb } from '../../state/theme';
import { words } from '../../words';
import { ToPad } from '../DigitCaption';
import { lessonWords } from './words';

/** So many mistakes are shown. */
const MOST = 36;

function Mistake({ index, guess }: { index: number; guess: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [set, scheme] = [testSet.value!, theme.value];
  useLayoutEffect(() => {
    paintInk(canvas.current!.getContext('2d')!, testImage(index), tokenRgb('ink'), 1 / 255);
  }, [index, set, scheme]);
  const text = words.value.tests.tile(index, nameOf(set.labels[index]!), nameOf(guess));
  return (
    <button
      type="button"
      class="tile"
      data-right={false}
      data-index={index}
      aria-label={text}
      aria-pressed={shownTest.value === index}
      data-tip={text}
      onClick={() => showTest(index)}
    >
      <canvas ref={canvas} width={28} height={28} />
      <b>{nameOf(guess)}</b>
    </button>
  );
}

/** The network's mistakes, to be asked about: those of the newest test when the list was made. */
export function Chooser() {
  const text = lessonWords.value.chooser;
  const tiles = useRoving();
  const shown = useSignal<{ index: number; guess: number }[]>([]);
  const hasBegun = useRef(false);
  const make = (): void => {
    const { mistakes, predicted } = evaluation.peek() ?? {};
    if (!mistakes || !predicted || !testSet.peek()) return;
    shown.value = Array.from(mistakes.subarray(0, MOST), (index) => ({ index, guess: predicted[index]! }));
  };
  // The list keeps still while the network learns; other digits make another one.
  useSignalEffect(() => {
    const set = testSet.value;
    const now = evaluation.value;
    const isOld = shown.peek().some(({ index }) => index >= (set?.labels.length ?? 0));
    if (!set || isOld) shown.value = [];
    if (set && now && shown.peek().length === 0) make();
    // Whoever has nothing on the pad yet begins with a mistake; an emptied pad stays empty.
    const first = shown.peek()[0];
    if (first && !hasBegun.current) {
      hasBegun.current = true;
      if (isEmpty.peek()) showTest(first.index);
    }
  });
  return (
    <section class="experiment-part" data-part="chooser">
      <h3>{text.heading}</h3>
      <p class="lead">
        {shown.value.length > 0 ? text.lead : text.none}{' '}
        {shown.value.length > 0 && (
          <button type="button" class="link" onClick={make}>
            {text.renew}
          </button>
        )}{' '}
        <ToPad />
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div class="tiles" role="group" aria-label={text.heading} {...tiles}>
        {testSet.value && shown.value.map((one) => <Mistake key={one.index} {...one} />)}
      </div>
    </section>
  );
}
