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
