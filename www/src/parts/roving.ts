/** Many buttons or links in rows as one tab stop: arrow keys, Home and End move among them. */
import { useLayoutEffect, useRef } from 'preact/hooks';

/** What can be reached. */
const REACHED = 'button:not(:disabled), a[href]';

const leftOf = (button: HTMLElement): number => button.getBoundingClientRect().left;
const isStop = (button: HTMLElement): boolean => button.tabIndex === 0;

/** The places of buttons in rows, as they lie on the screen. */
function rowsOf(buttons: HTMLElement[]): HTMLElement[][] {
  const rows: HTMLElement[][] = [];
  let top = Number.NaN;
  for (const button of buttons) {
    const now = Math.round(button.getBoundingClientRect().top);
    if (now !== top) rows.push([]);
    top = now;
    rows.at(-1)!.push(button);
  }
  return rows;
}

function next(buttons: HTMLElement[], from: HTMLElement, key: string): HTMLElement | undefined {
  const at = buttons.indexOf(from);
  if (key === 'ArrowRight') return buttons[at + 1];
  if (key === 'ArrowLeft') return buttons[at - 1];
  if (key === 'Home') return buttons[0];
  if (key === 'End') return buttons.at(-1);
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
  const rows = rowsOf(buttons);
  const row = rows.findIndex((row) => row.includes(from));
  const other = rows[row + (key === 'ArrowDown' ? 1 : -1)];
  const distance = (one: HTMLElement) => Math.abs(leftOf(one) - leftOf(from));
  return other?.reduce((nearest, one) => (distance(one) < distance(nearest) ? one : nearest));
}

/** For the element around the buttons. */
export function useRoving<Around extends HTMLElement = HTMLDivElement>() {
  const place = useRef<Around>(null);
  const buttons = () => [...place.current!.querySelectorAll<HTMLElement>(REACHED)];
  /** Which buttons can be reached by Tab is settled here, not by what is rendered: new ones come and go. */
  const settle = (stop?: HTMLElement) => {
    const all = buttons();
    const chosen = stop ?? all.find(isStop) ?? all[0];
    for (const button of all) button.tabIndex = button === chosen ? 0 : -1;
  };
  useLayoutEffect(() => {
    const all = buttons();
    if (all.filter(isStop).length !== 1) settle();
  });
  return {
    ref: place,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const to = next(buttons(), event.target as HTMLElement, event.key);
      if (!to) return;
      event.preventDefault();
      settle(to);
      to.focus();
    },
    onFocusIn: (event: FocusEvent) => {
      const at = event.target as HTMLElement;
      if (at.matches(REACHED) && !isStop(at)) settle(at);
    },
  };
}
