/** What links spell beyond names and numbers: layers, changes on the way, a drawing. Comes when a link has some of it. */
import { layersFrom } from '../network/spelling';
import { strokesFrom } from '../pad/spelling';
import { ten } from '../presets';
import { isRight } from './adjusting';
import { clear, lay } from './drawing';
import { ink } from './inked';
import type { Notice } from './notice';
import { session } from './session';
import { modelSource, ownLayers, type Settings } from './settings';
import { currentTrainer, isWhole, isWider } from './trainer';
import { anew } from './training';

/** Digits, as they are where nothing else is known yet. */
const usual = { imageShape: [28, 28] as [number, number], classes: 10 };

/** Whether a network can be made of these words; it is known by them from then on. */
async function canBe(settings: Settings): Promise<boolean> {
  const layers = layersFrom(settings.net);
  if (!layers) return false;
  ownLayers.set(settings.net, [...layers, ten]);
  // It is asked of a worker that has all layers.
  if (isWider(settings.net) && !isWhole) await anew();
  const planned = await currentTrainer()?.plan(modelSource(settings, session.peek().data ?? usual));
  const answer = planned?.layers.at(-1)?.outputShape;
  if (planned && !planned.refused && answer?.length === 1) return true;
  ownLayers.delete(settings.net);
  return false;
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

/** The settings of a link without the words that mean nothing, and which these are. */
export async function read(settings: Settings, drawn: string): Promise<{ known: Settings; parts: Parts }> {
  const parts: Parts = [];
  const known = { ...settings };
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
