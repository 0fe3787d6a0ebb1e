/** Mouse, pen and fingers on the pad: one at a time draws, and a pen goes before a finger or a palm. */
import type { Point } from '../state/clip';
import { beginStroke, endStroke, extendStroke, undo } from '../state/drawing';

/** A hand lies on the sheet while its pen is near: touches are no strokes for so many milliseconds after the pen's last word. */
const PALM = 500;

/** What listens on the pad's canvas. */
export function pointersOn(canvas: () => HTMLCanvasElement) {
  let drawing: { id: number; type: string } | null = null;
  let penSeen = Number.NEGATIVE_INFINITY;

  const at = (event: PointerEvent): Point => {
    const board = canvas();
    const box = board.getBoundingClientRect();
    return [event.clientX - box.left - board.clientLeft, event.clientY - box.top - board.clientTop];
  };
  const isOurs = (event: PointerEvent): boolean => drawing?.id === event.pointerId;
  const end = () => {
    endStroke();
    drawing = null;
  };

  const down = (event: PointerEvent) => {
    const { pointerId: id, pointerType: type } = event;
    if (event.button !== 0) return;
    if (type === 'pen') penSeen = performance.now();
    const isPalm = type === 'touch' && performance.now() - penSeen < PALM;
    const takesOver = type === 'pen' && drawing?.type === 'touch';
    if (isPalm || (drawing && !takesOver)) return;
    event.preventDefault();
    // What a palm has drawn until the pen came was not meant.
    if (takesOver) undo();
    drawing = { id, type };
    try {
      canvas().setPointerCapture(id);
    } catch {
      // The pointer is gone already: a tap.
    }
    beginStroke(at(event), canvas().clientWidth);
  };
  const move = (event: PointerEvent) => {
    if (event.pointerType === 'pen') penSeen = performance.now();
    if (!isOurs(event)) return;
    const events = event.getCoalescedEvents?.() ?? [];
    extendStroke((events.length > 0 ? events : [event]).map(at));
  };
  const up = (event: PointerEvent) => {
    if (isOurs(event)) end();
  };
  const cancel = (event: PointerEvent) => {
    if (!isOurs(event)) return;
    // The browser found that this was no stroke: a palm, or a gesture.
    undo();
    drawing = null;
  };
  return {
    onPointerDown: down,
    onPointerMove: move,
    onPointerUp: up,
    onPointerCancel: cancel,
    onLostPointerCapture: up,
  };
}
