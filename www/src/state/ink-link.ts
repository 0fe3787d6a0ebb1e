/** The address follows the drawing, line by line. */
import { effect } from '@preact/signals';
import { spelledInk } from '../pad/spelling';
import { lines, strokes } from './drawing';
import { ink } from './inked';

/** What a link draws may not be on the pad yet: until something is, its words stay. */
let wasDrawn = false;

effect(() => {
  if (strokes.value.length > 0) wasDrawn = true;
  else if (wasDrawn) ink.value = '';
});

effect(() => {
  // A line is told of once it is whole.
  if (lines.value === 0) return;
  const size = document.querySelector('[data-part="pad"]')?.clientWidth ?? 0;
  const drawn = strokes.peek();
  if (size > 0 && drawn.length > 0) ink.value = spelledInk(drawn, size);
});
