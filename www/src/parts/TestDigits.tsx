import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { shownTest, showTest } from '../state/drawing';
import {
  focusCell,
  STRIP,
  seenEvaluation,
  shownDigits,
  stripGuesses,
  testImage,
  testSet,
} from '../state/testset';
import { theme, tokenRgb } from '../state/theme';
import { words } from '../words';
import { paintInk } from './paint';

const PAGE = 96;

/** One test digit: its picture, and the digit read where that is wrong. */
function Tile({ index, guess }: { index: number; guess: number | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const set = testSet.value!;
  const scheme = theme.value;
  // The ink's colour is the theme's.
  useLayoutEffect(() => {
    paintInk(canvas.current!.getContext('2d')!, testImage(index), tokenRgb('ink'), 1 / 255);
  }, [index, set, scheme]);
  const label = set.labels[index]!;
  const right = guess === label;
  const text = words.value.tests.tile(index, label, guess);
  return (
    <button
      type="button"
      class="tile"
      data-right={guess === null ? undefined : right}
      aria-label={text}
      aria-pressed={shownTest.value === index}
      data-tip={text}
      onClick={() => showTest(index)}
    >
      <canvas ref={canvas} width={28} height={28} />
      {guess !== null && !right && <b>{guess}</b>}
    </button>
  );
}

/** The first test digits, turning from wrong to right while the network learns. */
export function Strip() {
  const set = testSet.value;
  const guesses = stripGuesses.value;
  const text = words.value.tests;
  const shown = Math.min(STRIP, set?.labels.length ?? STRIP);
  const right = guesses?.reduce((sum, guess, i) => sum + (guess === set?.labels[i] ? 1 : 0), 0);
  return (
    <div class="strip">
      <div class="strip-head">
        <h3>{text.strip}</h3>
        <span class="chart-note">{right === undefined ? '' : text.stripScore(right, shown)}</span>
      </div>
      <div class="tiles strip-tiles">
        {set
          ? Array.from({ length: shown }, (_, i) => <Tile key={i} index={i} guess={guesses?.[i] ?? null} />)
          : Array.from({ length: STRIP }, (_, i) => <span key={i} class="tile empty" />)}
      </div>
    </div>
  );
}

/** The mistakes, or one cell of the confusion matrix. */
export function Mistakes() {
  const most = useSignal(PAGE);
  const text = words.value.tests;
  const all = shownDigits.value;
  const shown = all.slice(0, most.value);
  const cell = focusCell.value;
  const guesses = seenEvaluation.value?.predicted;
  return (
    <section class="mistakes" aria-labelledby="mistakes-heading">
      <h2 id="mistakes-heading">{text.heading}</h2>
      <p class="lead">
        {guesses
          ? words.value.sentences(
              cell ? text.cell(cell.label, cell.guess, all.length) : text.mistakes(shown.length, all.length),
              text.hint,
            )
          : text.before}{' '}
        {cell && (
          <button
            type="button"
            class="link"
            onClick={() => {
              focusCell.value = null;
            }}
          >
            {text.all}
          </button>
        )}
      </p>
      {guesses && (
        <div class="tiles">
          {shown.map((index) => (
            <Tile key={index} index={index} guess={guesses[index]!} />
          ))}
          {all.length === 0 && <p>{text.none}</p>}
        </div>
      )}
      {all.length > shown.length && (
        <button
          type="button"
          onClick={() => {
            most.value += PAGE * 2;
          }}
        >
          {text.more}
        </button>
      )}
    </section>
  );
}
