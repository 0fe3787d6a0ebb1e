import { useLayoutEffect, useRef } from 'preact/hooks';
import { nameOf } from '../state/classes';
import { opened, testImage, testSet } from '../state/testset';
import { theme, tokenRgb } from '../state/theme';
import { words } from '../words';
import { paintInk } from './paint';

/** One test digit: its picture, and the digit read where that is wrong. Choosing it opens it in place. */
export function Tile({ index, guess }: { index: number; guess: number | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const set = testSet.value!;
  const scheme = theme.value;
  // The ink's colour is the theme's.
  useLayoutEffect(() => {
    paintInk(canvas.current!.getContext('2d')!, testImage(index), tokenRgb('ink'), 1 / 255);
  }, [index, set, scheme]);
  const label = set.labels[index]!;
  const right = guess === label;
  const text = words.value.tests.tile(index, nameOf(label), guess === null ? null : nameOf(guess));
  const isOpen = opened.value?.index === index;
  return (
    <button
      type="button"
      class="tile"
      data-right={guess === null ? undefined : right}
      aria-label={text}
      aria-expanded={isOpen}
      aria-haspopup="dialog"
      data-tip={text}
      onClick={(event) => {
        opened.value = isOpen ? null : { index, tile: event.currentTarget };
      }}
    >
      <canvas ref={canvas} width={28} height={28} />
      {guess !== null && !right && <b>{nameOf(guess)}</b>}
    </button>
  );
}
