/** Drawing by keyboard: arrow keys move the pen over the pad, space sets it down and lifts it. */
import { signal } from '@preact/signals';
import { beginStroke, endStroke, extendStroke } from '../state/drawing';

/** The sheet has so many places a side, as the picture that is made of it. */
const PLACES = 28;
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where the pen is, in places from the left and from the top, and whether it draws. */
export const penByKeys = signal({ x: PLACES / 2, y: PLACES / 2, isDown: false });

/** As a share of the sheet. */
export const share = (place: number): number => place / PLACES;

/** What listens on the pad's canvas, by the names of events. */
export function keysOn(canvas: HTMLCanvasElement) {
  const point = (): [number, number] => {
    const size = canvas.clientWidth;
    return [share(penByKeys.value.x) * size, share(penByKeys.value.y) * size];
  };
  /** The pen moved while space was held down: then it is lifted with the key. */
  let hasMoved = false;

  const isUp = () => {
    if (penByKeys.value.isDown) penByKeys.value = { ...penByKeys.value, isDown: false };
  };
  const lift = () => {
    if (penByKeys.value.isDown) endStroke();
    isUp();
  };
  const toggle = () => {
    if (penByKeys.value.isDown) return lift();
    beginStroke(point(), canvas.clientWidth);
    penByKeys.value = { ...penByKeys.value, isDown: true };
    hasMoved = false;
  };
  const move = ([dx, dy]: [number, number], far: boolean) => {
    const within = (place: number) => Math.min(PLACES, Math.max(0, place));
    const { x, y, isDown } = penByKeys.value;
    const steps = far ? 4 : 1;
    penByKeys.value = { x: within(x + steps * dx), y: within(y + steps * dy), isDown };
    hasMoved = true;
    if (isDown) extendStroke([point()]);
  };

  const keydown = (event: KeyboardEvent) => {
    // What takes a line back takes the pen off the sheet.
    if (event.ctrlKey || event.metaKey || event.altKey) return event.key === 'z' ? lift() : undefined;
    if (event.key === 'Shift') return;
    const arrow = ARROWS[event.key];
    if (!arrow && event.key !== ' ') {
      // What clears the sheet takes the pen off it.
      lift();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (arrow) move(arrow, event.shiftKey);
    else if (!event.repeat) toggle();
  };
  const keyup = (event: KeyboardEvent) => {
    if (event.key === ' ' && hasMoved) lift();
  };
  // A line that a mouse or a finger begins has taken this one's place.
  return { keydown, keyup, blur: lift, pointerdown: isUp };
}
