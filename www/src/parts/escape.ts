import { useLayoutEffect, useRef } from 'preact/hooks';

/** How the parts that are laid over the page are left, the one on top last. */
const ways: (() => void)[] = [];

// In capture, which is before the page's own keys, of which Escape clears the pad. A dialog sees to its own.
document.addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Escape' || ways.length === 0 || (event.target as Element).closest('dialog')) return;
    event.stopPropagation();
    event.preventDefault();
    ways.at(-1)!();
  },
  true,
);

/** From now on Escape leads this way, until what is given back is called. */
export function escapesTo(way: () => void): () => void {
  ways.push(way);
  return () => void ways.splice(ways.indexOf(way), 1);
}

/** While a part is shown Escape leads out of it, wherever the focus is, from the moment at which it can be seen. */
export function useEscape(leave: () => void): void {
  const latest = useRef(leave);
  latest.current = leave;
  useLayoutEffect(() => escapesTo(() => latest.current()), []);
}
