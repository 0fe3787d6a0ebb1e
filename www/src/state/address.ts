/** The address and the settings follow each other. */
import { effect } from '@preact/signals';
import { ink } from './inked';
import { lesson } from './lesson';
import { settings, source } from './session';
import { areSame, defaults, readAddress, type Settings, writeAddress } from './settings';
import { readSource, type SourceName, writeSource } from './sources';

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
    history.replaceState(null, '', location.pathname + search + (hash && `#${hash}`));
  }
});

/** Calls `take` with the settings and the digits of each link that is pasted into this tab, or come back to. */
export function followLinks(take: (settings: Settings, source: SourceName | 'files') => unknown): void {
  addEventListener('hashchange', () => {
    const { hash } = location;
    const found = readAddress('', hash);
    // Files cannot stand in an address: one that says nothing of digits leaves them.
    const said = readSource('', hash);
    const wanted = said === 'styles' && source.peek() === 'files' ? 'files' : said;
    // An address without any settings is that of the page as it opens; one with other words is no link of ours.
    if (!found && said === 'styles' && hash.length >= 2) return;
    const next = found ?? defaults();
    // The way back from a lesson leads to the run that went on meanwhile.
    const isDrawn = (new URLSearchParams(hash.slice(1)).get('ink') ?? '') !== ink.peek();
    if (isDrawn || !areSame(next, settings.peek()) || wanted !== source.peek()) take(next, wanted);
  });
}
