import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Narrower is no picture's place: its styles have not come yet, or it is hidden. */
const LEAST = 100;

/** The width of an element in CSS pixels, as it is now: pictures with text in them are drawn in those. */
export function useWidth(place: RefObject<Element | null>, before = 320): number {
  const [width, setWidth] = useState(before);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.round(entry!.contentRect.width)));
    watch.observe(place.current!);
    return () => watch.disconnect();
  }, []);
  return width < LEAST ? before : width;
}

const windowHeight = signal(innerHeight);
addEventListener('resize', () => {
  windowHeight.value = innerHeight;
});
/** What stands above and below a plot where it begins at the top of a lesson: heads, numbers, keys. */
const AROUND = 350;

/** The height of a plot of this width in CSS pixels: its numbers have room between it and the keys on a low screen too. */
export const plotHeight = (width: number): number =>
  Math.round(Math.max(240, Math.min(360, width * 0.78, windowHeight.value - AROUND)));
