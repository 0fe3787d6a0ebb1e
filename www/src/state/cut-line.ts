/**
 * The line may be cut before all of the page's module has come. The worker then trains on to the end of its epoch, and goes on
 * by itself once the rest is there. The page says so, and no longer once that has happened.
 */
import { dismissNotice, dispatch, session } from './session';
import { currentTrainer } from './trainer';

/** Milliseconds between two looks, and for how long: by then it is there, or was asked for in vain. */
const [LOOK, UNTIL] = [1500, 60_000];

let isTold = false;

async function look(): Promise<void> {
  const { notes = [] } =
    (await currentTrainer()
      ?.backend()
      .catch(() => null)) ?? {};
  const isCut = notes.some((note) => note.startsWith('rest'));
  if (isCut && !isTold) dispatch({ type: 'noticed', notice: { kind: 'cut' } });
  else if (!isCut && session.peek().notice?.kind === 'cut') dismissNotice();
  isTold = isCut;
  if (isCut || performance.now() < UNTIL) setTimeout(look, LOOK);
}
setTimeout(look, LOOK);
