/** Learning rate, momentum and batch size, changed while it trains: no other network, the run goes on from the next step. */
import { computed, signal } from '@preact/signals';
import type { Adjustment, PlannedAdjustment, Trainer } from 'mapling/trainer';
import { axis } from './curves';
import { past, whichRun } from './past';
import { dispatch, run, session, settings } from './session';
import { adjustmentsOf, hasInStore, inForce, type NumberSetting, refusal, type Settings } from './settings';
import { renewMark } from './timeline';
import { enqueue, failure } from './trainer';

type Live = keyof Adjustment;
const names = { learningRate: 'rate', batchSize: 'batch', momentum: 'momentum' } as const;
const lives = Object.keys(names) as Live[];

/** Milliseconds until the visitor has stopped typing. */
const SETTLED = 350;
/** More changes than this are none that a hand makes. */
const MOST = 200;

/** What the visitor has typed and the worker does not know yet. */
const wanted = signal<Adjustment>({});

/** The settings as the run has them at this moment. */
export const current = computed<Settings>(() => ({
  ...inForce(settings.value, settings.value.adjust ? (run.value?.step ?? 0) : 0),
  ...wanted.value,
}));

/** The adjustments that hold already. */
export const made = computed<PlannedAdjustment[]>(() => {
  const step = run.value?.step ?? 0;
  return adjustmentsOf(settings.value.adjust).filter((one) => one.step <= step);
});

const spelled = (all: readonly PlannedAdjustment[]): string =>
  all
    .map((one) =>
      [
        one.step,
        ...lives.filter((name) => one[name] !== undefined).map((name) => `${names[name]}${one[name]}`),
      ].join('-'),
    )
    .join('_');

/** Whether the changes of a link are ones that could have been made. */
export function isRight({ adjust, optimizer }: Settings): boolean {
  const all = adjustmentsOf(adjust);
  return (
    all.length <= MOST &&
    spelled(all) === adjust &&
    all.every(
      (one, at) =>
        one.step > (all[at - 1]?.step ?? 0) &&
        lives.every(
          (name) =>
            one[name] === undefined ||
            (refusal(name as NumberSetting, String(one[name])) === null &&
              (name !== 'momentum' || optimizer === 'momentum')),
        ),
    )
  );
}

let settling: ReturnType<typeof setTimeout> | undefined;
/** The run for which it was typed. */
let meant = '';

/** Changes the run under way, once the visitor has stopped typing. */
export function adjust(part: Partial<Settings>): void {
  wanted.value = { ...wanted.peek(), ...(part as Adjustment) };
  meant = whichRun();
  clearTimeout(settling);
  settling = setTimeout(() => void enqueue(settle), SETTLED);
}

/** Whoever goes on with the run does not wait for that: what was typed holds from the next step. */
async function settle(trainer: Trainer): Promise<void> {
  if (settling === undefined) return;
  clearTimeout(settling);
  settling = undefined;
  await send(trainer);
}
past.settle = settle;

async function send(trainer: Trainer): Promise<void> {
  const { phase, settings: now, run: told } = session.peek();
  const before = inForce(now, told?.step ?? 0);
  const changed = lives.filter((name) => {
    const value = wanted.peek()[name];
    return value !== undefined && value !== before[name];
  });
  const change = Object.fromEntries(changed.map((name) => [name, wanted.peek()[name]])) as Adjustment;
  const at = told?.step ?? 0;
  const isAsItWas = changed.length === 0 && !hasInStore(at, now.adjust);
  // What ended meanwhile takes the new values with its next start; a run that has come back meanwhile was not meant.
  if (isAsItWas || (phase !== 'training' && phase !== 'paused') || whichRun() !== meant) {
    wanted.value = {};
    return;
  }
  try {
    // What a link, or the run that a branch has left, had in store for later would not be what the visitor does now.
    const { step } = await trainer.adjust({ ...change, adjustments: [] });
    const { settings, warmUp } = session.peek();
    const all = adjustmentsOf(settings.adjust);
    const earlier = all.filter((one) => one.step < step);
    const here = all.filter((one) => one.step === step);
    const now = changed.length > 0 ? [{ ...here[0], ...change, step }] : here;
    const adjust = spelled([...earlier, ...now]);
    // The run that counts begins with what the one that warms up has been brought to.
    const next = warmUp === null ? { ...settings, adjust } : { ...settings, ...change };
    dispatch({ type: 'adjusted', settings: next, step });
    const isStill = session.peek().phase === 'paused' && session.peek().run?.step === step;
    renewMark(step, isStill ? await trainer.save() : null);
  } catch (error) {
    // The run goes on as it was.
    dispatch({ type: 'noticed', notice: failure(error) });
  } finally {
    wanted.value = {};
  }
}

/** Where a run is after so many steps, in epochs, by how many samples its batches had. */
function epochsAt(step: number, batches: number): number {
  const { data, settings } = session.peek();
  const changes = adjustmentsOf(settings.adjust).filter(({ batchSize }) => batchSize !== undefined);
  const samples = data?.train ?? 0;
  if (changes.length === 0 || samples === 0) return step / batches;
  let [epoch, sample, done, size] = [0, 0, 0, settings.batchSize];
  for (const { step: until, batchSize } of [...changes, { step, batchSize: size }]) {
    let left = Math.min(until, step) - done;
    done += Math.max(0, left);
    while (left > 0) {
      const toEnd = Math.ceil((samples - sample) / size);
      if (left < toEnd) {
        sample += left * size;
        break;
      }
      left -= toEnd;
      [epoch, sample] = [epoch + 1, 0];
    }
    size = batchSize!;
  }
  return epoch + sample / samples;
}
axis.epochsAt = epochsAt;
