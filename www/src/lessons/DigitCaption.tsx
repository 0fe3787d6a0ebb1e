import { digit } from './digit';
import { sharedWords } from './words';

/** The way to the pad, which lies elsewhere on a small screen. */
export const ToPad = () => (
  <button
    type="button"
    class="link"
    onClick={() => {
      const pad = document.querySelector<HTMLElement>('[data-part="pad"]');
      pad?.scrollIntoView({ block: 'center' });
      pad?.focus({ preventScroll: true });
    }}
  >
    {sharedWords.value.digit.draw}
  </button>
);

/** Whose digit a lesson looks at. */
export function DigitCaption() {
  const text = sharedWords.value.digit;
  const shown = digit.value;
  return (
    <figcaption data-part="lesson-digit" data-value={shown ? (shown.test ?? 'drawn') : ''}>
      {shown ? (shown.test === null ? text.drawn : text.test(shown.test)) : text.none} <ToPad />
    </figcaption>
  );
}
