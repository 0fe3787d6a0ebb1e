/** Opens the page: data, network, and training, unless somebody would rather not. */
import { followLinks } from './address';
import { fetchKept, take, takeArrived, takeFirst } from './data';
import { isReload, rememberPause, wasPaused } from './paused';
import { said } from './said';
import { session } from './session';
import { readAddress } from './settings';
import { showMachine, start } from './trainer';
import { begin, listen, pause, replay } from './training';

/** Milliseconds until the page is kept for visits without a network: the visit's beginning belongs to training. */
const KEEP_AFTER = 3000;

export async function open(): Promise<void> {
  void fetchKept();
  const isLink = readAddress(location.search, location.hash) !== null || said('data') !== null;
  const trainer = await start();
  if (!trainer) return;
  trainer.subscribe(listen);
  followLinks(async (settings, source) => {
    rememberPause(false);
    if (source !== 'files' && source !== session.peek().source) await take(source);
    replay(settings, said('autostart') !== '0');
  });
  void showMachine(trainer);
  await takeFirst(trainer, startsByItself(isLink));
  setTimeout(
    () =>
      void import('./offline').then(
        ({ keepPage }) => keepPage(),
        () => {},
      ),
    KEEP_AFTER,
  );
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
