import { useLayoutEffect } from 'preact/hooks';

/**
 * Marks the page's root with `data-` and `mark` while a part is shown, for rules that give it room. `:has()` on the root
 * would need no mark, but with it a browser works out the styles of all elements anew for each one that comes or goes, many
 * times a second while a network trains.
 */
export function useOnRoot(mark: string, isShown = true): void {
  useLayoutEffect(() => {
    document.documentElement.toggleAttribute(`data-${mark}`, isShown);
    return () => document.documentElement.removeAttribute(`data-${mark}`);
  }, [isShown]);
}
