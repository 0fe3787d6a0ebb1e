/** Drawing by keyboard: it comes right after the page. */
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { words } from '../words';
import { keysOn, penByKeys, share } from './keyboard';

/** Where the pen stands that keys move, and what a screen reader hears of it. */
export function PenByKeys({
  canvas,
  isShown,
}: {
  canvas: RefObject<HTMLCanvasElement | null>;
  isShown: boolean;
}) {
  useEffect(() => {
    const board = canvas.current!;
    const ways = Object.entries(keysOn(board)) as [string, EventListener][];
    for (const [name, listener] of ways) board.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of ways) board.removeEventListener(name, listener);
    };
  }, []);
  const { x, y, isDown } = penByKeys.value;
  const text = words.value.pad;
  if (!isShown) return null;
  return (
    <>
      <span
        class="pad-pen"
        data-down={isDown}
        style={{ left: `${100 * share(x)}%`, top: `${100 * share(y)}%` }}
        aria-hidden="true"
      />
      <span class="for-ears" aria-live="polite">
        {isDown ? text.penDown : text.penUp}
      </span>
    </>
  );
}
