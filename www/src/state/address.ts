/** The address and the settings follow each other. */
import { effect } from '@preact/signals';
import { ink } from './inked';
import { lesson } from './lesson';
import { dispatch, settings, source } from './session';
import { areSame, defaults, readAddress, type Settings, writeAddress } from './settings';
import { readSource, type SourceName, writeSource } from './sources';

/** Marks the addresses of this tab that were open before, so that the way back is told from a link. */
const SEEN = 'seen';
/** Whether the page itself wrote the address with which it was opened: it was loaded again, and followed no link. */
export const isOwnAddress = history.state === SEEN;

effect(() => {
  const opened = lesson.value === null ? '' : `lesson=${encodeURIComponent(lesson.value)}`;
  const drawn = ink.value && `ink=${ink.value}`;
  const hash = [opened, writeSource(source.value), writeAddress(settings.value), drawn]
    .filter(Boolean)
    .join('&');
  // What the query says of settings moves into the hash, so that it does not come back with the next visit.
  const query = new URLSearchParams(location.search);
  for (const name of ['lesson', 'data', 'ink', ...Object.keys(settings.value)]) query.delete(name);
  const search = query.size > 0 ? `?${query}` : '';
  if (hash !== location.hash.slice(1) || search !== location.search) {
    history.replaceState(SEEN, '', location.pathname + search + (hash && `#${hash}`));
  }
});

type Take = (settings: Settings, source: SourceName | 'files', ink: string) => unknown;
/** Until there is a worker, a link takes the place of what the address said when the page was opened. */
let take: Take = (settings, source, drawn) => {
  dispatch({ type: 'changed', to: { settings, source } });
  ink.value = drawn;
};

/** Calls `taken` with the settings, the digits and the drawing of each link that is pasted into this tab, or come back to. */
export function followLinks(taken: Take): void {
  take = taken;
}

history.replaceState(SEEN, '');

// All that a link says is read before anything of it is taken: whatever is taken first writes the address anew. Of two
// links that come at once the second is read from its own news: by then the first has written the address.
addEventListener('hashchange', ({ newURL }) => {
  const { hash } = new URL(newURL);
  const isWayBack = history.state === SEEN;
  const opens = new URLSearchParams(hash.slice(1)).get('lesson') || null;
  const isOtherLesson = opens !== lesson.peek();
  history.replaceState(SEEN, '');
  const found = readAddress('', hash);
  // Files cannot stand in an address: one that says nothing of digits leaves them.
  const named = readSource('', hash);
  const wanted = named === 'styles' && source.peek() === 'files' ? 'files' : named;
  const drawn = new URLSearchParams(hash.slice(1)).get('ink') ?? '';
  lesson.value = opens;
  // The way back from a lesson leads to the run that went on meanwhile.
  if (isOtherLesson && isWayBack) return;
  // An address without any settings is that of the page as it opens; one with other words is no link of ours.
  if (!found && named === 'styles' && (hash.length >= 2 || isOtherLesson)) return;
  const next = found ?? defaults();
  if (drawn !== ink.peek() || !areSame(next, settings.peek()) || wanted !== source.peek())
    take(next, wanted, drawn);
});
