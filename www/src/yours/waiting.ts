/** What has waited until the page had started anew with all of mapling is taken. */
import { effect } from '@preact/signals';
import { goBackTo } from '../state/back';
import { takeOfferedBy } from '../state/kept';
import { waitsFor } from '../state/lacking';
import { dispatch, session } from '../state/session';
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
  await pageStands();
  // It is taken once, whatever comes of it.
  wantWhole('');
  if (found) bring(found, (now) => dispatch({ type: 'noticed', notice: { kind: 'brought', now } }));
  if (beside) goBackTo(Number(beside));
  if (offered) await takeOfferedBy(offered);
}
