/** What has waited until the page had started anew with all of mapling is taken. */
import { effect } from '@preact/signals';
import { waitsFor } from '../state/awaited';
import { goBackTo, showWithoutDigits } from '../state/back';
import { takeOfferedBy } from '../state/kept';
import { readBeside } from '../state/kept-store';
import { areGone } from '../state/own-files';
import { dispatch, session } from '../state/session';
import { earlierTab } from '../state/tab';
import { wantWhole } from '../state/whole';
import { bring } from './models';

/** Waits until the page stands with its digits and a network, which another one replaces. */
const pageStands = (): Promise<void> =>
  new Promise((resolve) => {
    const end = effect(() => {
      const { network, isStale, data, warmUp } = session.value;
      if (!network || isStale || !data || warmUp !== null) return;
      resolve();
      queueMicrotask(() => end());
    });
  });

export async function takeWaiting(): Promise<void> {
  const [files, beside, offered] = [waitsFor('files'), waitsFor('beside'), waitsFor('offered')];
  const found = files && (await (await import('../state/stash')).takeStash(files));
  // Without its digits the run is not among those that come back.
  const runs = beside && earlierTab ? await readBeside(earlierTab).catch(() => []) : [];
  await pageStands();
  const isWithout = areGone();
  // It is taken once, whatever comes of it.
  wantWhole('');
  if (isWithout) {
    dispatch({ type: 'noticed', notice: { kind: 'filesGone', name: null } });
    const run = runs.find(({ number }) => number === Number(beside));
    if (run) return showWithoutDigits(run);
  }
  if (found) bring(found, (now) => dispatch({ type: 'noticed', notice: { kind: 'brought', now } }));
  if (beside) goBackTo(Number(beside));
  if (offered) await takeOfferedBy(offered);
}
