/** Opens the page: data, network, and training, unless somebody would rather not. */
import { followLinks } from './address';
import { fetchKept, sourceToCome, take, takeArrived, takeFirst } from './data';
import { ink } from './inked';
import type { Notice } from './notice';
import { isReload, rememberPause, wasPaused } from './paused';
import { said } from './said';
import { dispatch, session } from './session';
import { areSame, readAddress, type Settings, wasMisread } from './settings';
import { showMachine, start, untilAgain } from './trainer';
import { begin, listen, pause, replay } from './training';
import { wholeFor } from './whole';

/** Whether the address with which the page was opened had values that no setting can have; the page has written its own since. */
const wasNonsense = wasMisread;

/** Milliseconds until the page is kept for visits without a network: the visit's beginning belongs to training. */
const KEEP_AFTER = 3000;

export async function open(): Promise<void> {
  void fetchKept();
  const trainer = await start();
  if (!trainer) return;
  // Another link may have been pasted meanwhile.
  const isLink = readAddress(location.search, location.hash) !== null || said('data') !== null;
  trainer.subscribe(listen);
  let links = 0;
  followLinks(async (settings, source, spelled) => {
    const link = ++links;
    rememberPause(false);
    const { known, parts } = await read(settings, spelled, source, () => link === links);
    if (link !== links) return;
    const isOther = source !== 'files' && (source !== session.peek().source || source !== sourceToCome());
    if (isOther) await take(source);
    // A newer link may have been pasted while this one's digits came.
    if (link !== links) return;
    if (isOther || !areSame(known, session.peek().settings)) replay(known, said('autostart') !== '0');
    tell(parts);
  });
  const asked = session.peek().settings;
  const { known, parts } = await read(asked, ink.peek(), undefined, undefined, wasNonsense);
  if (asked === session.peek().settings && !areSame(known, asked))
    dispatch({ type: 'chose', settings: known });
  void showMachine(trainer);
  const begins = startsByItself(isLink);
  const isUp = wholeFor() && (await (await again(() => import('./own-files'))).takeUp());
  if (!isUp) await takeFirst(trainer, begins);
  else if (begins) begin();
  tell(parts);
  setTimeout(
    () =>
      void import('./offline').then(
        ({ keepPage }) => keepPage(),
        () => {},
      ),
    KEEP_AFTER,
  );
}

/** The settings of a link whose words mean something; what it draws is laid on the pad. What reads them comes when it is needed. */
async function read(
  known: Settings,
  drawn: string,
  source = session.peek().source,
  isNewest = () => true,
  isNonsense = wasMisread,
): ReturnType<typeof import('./spelled').read> {
  const misread = isNonsense ? (['settings'] as const) : [];
  if (!known.net && !known.adjust && drawn === ink.peek() && !drawn) return { known, parts: [...misread] };
  const { read } = await again(() => import('./spelled'));
  const found = await read(known, drawn, source, isNewest);
  return { ...found, parts: [...found.parts, ...misread] };
}

/** Fetches a part that the page cannot begin without, however often that takes. */
const again = <Part>(load: () => Promise<Part>): Promise<Part> =>
  load().catch(() => untilAgain().then(() => again(load)));

/** Of words of a link that mean nothing the visitor hears. */
function tell(parts: (Notice & { kind: 'badLink' })['parts']): void {
  if (parts.length > 0) dispatch({ type: 'noticed', notice: { kind: 'badLink', parts } });
}

function startsByItself(isLink: boolean): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (said('autostart') === '0' || (connection?.saveData && !isLink)) return false;
  return !(isReload() && wasPaused());
}

/** The visitor's own word, unlike a start or a pause that follows from something else. */
export function play(): void {
  rememberPause(false);
  takeArrived();
  begin();
}

export function stopForNow(): void {
  rememberPause(true);
  pause();
}
