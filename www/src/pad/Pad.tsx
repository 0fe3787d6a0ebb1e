import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { explained } from '../parts/explained';
import { Icon } from '../parts/icons';
import { later } from '../parts/late';
import { clear, isEmpty, rescale, shownPicture, shownTest, showTest, strokes, undo } from '../state/drawing';
import { oncePerFrame } from '../state/frame';
import { testImage, testSet } from '../state/testset';
import { theme, token } from '../state/theme';
import { words } from '../words';
import { inkPixels, inkStroke, prepare } from './ink';
import { pointersOn } from './pointers';

export function Pad() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useRef(0);
  const hasFocus = useSignal(false);

  const repaint = useMemo(
    () =>
      oncePerFrame(() => {
        const board = canvas.current;
        const ink = board?.getContext('2d');
        const size = width.current;
        if (!board || !ink || !size) return;
        const scale = board.width / size;
        ink.setTransform(scale, 0, 0, scale, 0, 0);
        prepare(ink, size, token('ink'));
        const index = shownTest.peek();
        const laid = shownPicture.peek();
        if (laid)
          inkPixels(
            ink,
            laid.map((value) => value * 255),
            size,
          );
        else if (index !== null) inkPixels(ink, testImage(index), size);
        else for (const stroke of strokes.peek()) inkStroke(ink, stroke);
      }),
    [],
  );
  const pointers = useMemo(() => pointersOn(() => canvas.current!), []);

  useSignalEffect(() => {
    strokes.value;
    shownTest.value;
    shownPicture.value;
    theme.value;
    repaint();
  });

  useEffect(() => {
    const board = canvas.current!;
    const fit = () => {
      const size = board.clientWidth;
      if (!size) return;
      if (width.current && size !== width.current) rescale(size / width.current);
      width.current = size;
      board.width = board.height = Math.round(size * devicePixelRatio);
      repaint();
    };
    const watch = new ResizeObserver(fit);
    watch.observe(board);
    fit();
    return () => watch.disconnect();
  }, []);

  const text = words.value.pad;
  const { key } = words.value.transport;
  return (
    <div class="pad">
      <div class="pad-paper">
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: pointers and keys draw on it */}
        <canvas
          ref={canvas}
          data-part="pad"
          role="application"
          tabIndex={0}
          aria-label={text.label}
          aria-description={text.byKeys}
          {...pointers}
          onFocus={(event) => {
            hasFocus.value = event.currentTarget.matches(':focus-visible');
          }}
          onBlur={() => {
            hasFocus.value = false;
          }}
        />
        {isEmpty.value && (
          <p class="pad-hint" aria-hidden="true">
            {text.empty}
            <small>{hasFocus.value ? text.byKeys : text.range}</small>
          </p>
        )}
        {later.value && <later.value.PenByKeys canvas={canvas} isShown={hasFocus.value} />}
      </div>
      <div class="pad-tools">
        <button type="button" data-part="clear" onClick={clear} {...explained(key('C'))}>
          <Icon name="close" />
          {text.clear}
        </button>
        <button type="button" data-part="undo" onClick={undo} {...explained(key('Z'))}>
          <Icon name="undo" />
          {text.undo}
        </button>
        <button type="button" data-part="test-digit" onClick={layTestDigit} {...explained(text.anotherTip)}>
          <Icon name="dice" />
          {text.another}
        </button>
      </div>
    </div>
  );
}

function layTestDigit(): void {
  const count = testSet.value?.labels.length;
  if (count) showTest(Math.floor(Math.random() * count));
}
