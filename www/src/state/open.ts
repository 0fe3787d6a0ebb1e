/** Opens the page: data, network, and training, unless somebody would rather not. */
import { followLinks } from './address';
import { fetchKept, takeMnist } from './data';
import { isReload, rememberPause, wasPaused } from './paused';
import { said } from './said';
import { session } from './session';
import { readAddress } from './settings';
import { showMachine, start } from './trainer';
import { begin, listen, pause, replay } from './training';

export async function open(): Promise<void> {
  void fetchKept();
  const isLink = readAddress(location.search, location.hash) !== null;
  const trainer = await start();
  if (!trainer) return;
  trainer.subscribe(listen);
  followLinks((settings) => {
    rememberPause(false);
    replay(settings, said('autostart') !== '0');
  });
  void showMachine(trainer);
  await takeMnist();
  const { phase } = session.peek();
  if ((phase === 'ready' || phase === 'paused') && startsByItself(isLink)) begin();
}

function startsByItself(isLink: boolean): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (said('autostart') === '0' || (connection?.saveData && !isLink)) return false;
  return !(isReload() && wasPaused());
}

/** The visitor's own word, unlike a start or a pause that follows from something else. */
export function play(): void {
  rememberPause(false);
  begin();
}

export function stopForNow(): void {
  rememberPause(true);
  pause();
}
