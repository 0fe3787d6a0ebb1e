/** What links spell beyond names and numbers: layers, changes on the way, a drawing. Comes when a link has some of it. */
import { layersFrom } from '../network/spelling';
import { strokesFrom } from '../pad/spelling';
import { ten } from '../presets';
import { isRight } from './adjusting';
import { fetchKept } from './data';
import { clear, lay } from './drawing';
import { ink } from './inked';
import type { Notice } from './notice';
import { past } from './past';
import { dispatch, type Session, session } from './session';
import { modelSource, ownLayers, type Settings } from './settings';
import { currentTrainer, enqueue, isWhole, isWider } from './trainer';
import { anew } from './training';

/** Digits, as they are where nothing else is known yet. */
const usual = { imageShape: [28, 28] as [number, number], classes: 10 };

/** Whether a network can be made of these words; it is known by them from then on. */
async function canBe(settings: Settings): Promise<boolean> {
  const layers = layersFrom(settings.net);
  if (!layers) return false;
  ownLayers.set(settings.net, [...layers, ten]);
  const planned = await currentTrainer()?.plan(modelSource(settings, session.peek().data ?? usual));
  const answer = planned?.layers.at(-1)?.outputShape;
  if (planned && !planned.refused && answer?.length === 1) return true;
  ownLayers.delete(settings.net);
  return false;
}

/**
 * The page starts anew with the worker that has all layers, which then tells whether a network can be made of these words.
 * The link stands in the address by then; the runs and the drawing that are here come along.
 */
async function startAnewFor(
  settings: Settings,
  drawn: string,
  source: Session['source'],
  isNewest: () => boolean,
): Promise<void> {
  await fetchKept();
  if (!isNewest()) return;
  dispatch({ type: 'chose', settings });
  dispatch({ type: 'changed', to: { source } });
  if (drawn !== '') ink.value = drawn;
  await enqueue(async (trainer) => {
    // A run that cannot be kept, because its worker has died, is no reason to stay.
    await past.leave?.(trainer).catch(() => {});
    await past.moveOut?.();
    await anew();
  });
}

/** Waits until the pad has a size. */
async function padSize(): Promise<number> {
  for (;;) {
    const size = document.querySelector('[data-part="pad"]')?.clientWidth ?? 0;
    if (size > 0) return size;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Lays what a link draws on the pad; says whether it draws something. */
function draw(drawn: string): boolean {
  if (drawn === '') {
    if (ink.peek()) clear();
    return true;
  }
  if (!strokesFrom(drawn, 1)) return false;
  ink.value = drawn;
  void padSize().then((size) => lay(strokesFrom(drawn, size)!));
  return true;
}

/** Words of a link that mean nothing, by what they should say. */
type Parts = (Notice & { kind: 'badLink' })['parts'];

/** The settings of a link without the words that mean nothing, and which these are. `source` is where its digits come from; `isNewest` tells whether no other link has come since. */
export async function read(
  settings: Settings,
  drawn: string,
  source: Session['source'],
  isNewest: () => boolean,
): Promise<{ known: Settings; parts: Parts }> {
  const parts: Parts = [];
  const known = { ...settings };
  if (isWider(known.net) && !isWhole && layersFrom(known.net))
    await startAnewFor(known, drawn, source, isNewest);
  if (known.net && !ownLayers.has(known.net) && !(await canBe(known))) {
    parts.push('net');
    known.net = '';
  }
  if (known.adjust && !isRight(known)) {
    parts.push('adjust');
    known.adjust = '';
  }
  if (!draw(drawn)) {
    parts.push('ink');
    ink.value = '';
  }
  return { known, parts };
}
