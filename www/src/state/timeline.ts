/** Kept steps of the present run: light checkpoints, many at the start, where a network learns most, and fewer later. */
import { computed, effect, signal } from '@preact/signals';
import type { Classified, ModelSource, SavedModel, Trainer, TrainerEvent, TrainState } from 'mapling/trainer';
import { epochsAt, START } from './curves';
import { timesTaught } from './lessons';
import { hasBegun, type Moment, network, type Run, type Session, session } from './session';
import { modelSource } from './settings';
import { bytesOf, thinned } from './thin';
import { currentTrainer } from './trainer';

/** A step of a run with all that it takes to go back to it. Marks are shared: a branch has those of the run it left. */
export interface Mark extends Pick<Moment, 'phase' | 'settings' | 'run' | 'evaluation' | 'origin'> {
  step: number;
  model: ModelSource;
  /** How often the network had been taught something beside its run. */
  taught?: number;
}

/** Those of the present run, the earliest first. */
export const marks = signal<readonly Mark[]>([]);

/** Milliseconds between two marks at first, and at most. */
const [SOONEST, LATEST] = [60, 1500];
/** The longer a run has trained, the longer it takes to the next mark: this share of its time. */
const SPREAD = 1 / 8;
/** Milliseconds of processor that a mark takes: at all, and for each million bytes of it. */
const [COST, COST_OF_MILLION] = [0.5, 2.3];
/** So many times as long lies between two marks at least: training is a fiftieth slower, which nobody can measure. */
const APART = 50;

/** A run has so many marks at least, however fast it is. */
const LEAST = 16;

/** Where a mark lies on the charts. */
export const placeOf = ({ step, run, origin }: Mark): number =>
  run ? epochsAt(step, run.batches, origin) : origin.epoch;

/** The step that the page shows. */
export const presentStep = computed(() => (session.value.run ?? session.value.origin).step);
/** The mark that was kept last while training went on past it. What the page shows lags behind that by some milliseconds. */
const tip = signal(-1);
/** The page shows an earlier step than the newest of its run. */
export const isTurnedBack = computed(() => {
  const newest = marks.value.at(-1)?.step ?? 0;
  return presentStep.value < newest && tip.value !== newest;
});
/** The step to which a run that had lost what it knew was taken back. */
const sound = signal(-1);
/** The run stands at such a step. */
export const isSound = computed(() => sound.value === presentStep.value);
/** An earlier step is only looked at: another visit goes on at the newest, unless nobody wants to go on there. */
export const isLookingBack = computed(() => isTurnedBack.value && !isSound.value);
export const standsSound = (): void => {
  sound.value = presentStep.peek();
};
/** Another step takes the place of the present one. */
export const leaveTip = (): void => {
  tip.value = -1;
  sound.value = -1;
};

/** A fresh network, before its first step: its seed makes it again. */
export const firstMark = ({ settings, data }: Pick<Session, 'settings' | 'data'>): Mark => ({
  step: 0,
  phase: 'ready',
  settings,
  model: modelSource(settings, data!),
  run: null,
  evaluation: null,
  origin: START,
});

/** The newest test, and at which step it was. */
let newest: { step: number; evaluation: Classified; accuracy: number } | null = null;
let testedAt = -1;

/** The run as it was when the model was written down. */
function runAt(model: SavedModel, now: Run): Run {
  const { step = 0, run } = model;
  const [, , , epoch = now.epoch, , batch = now.batch, , samples = 0, ...sums] = run?.position ?? [];
  const isOver = epoch >= now.epochs;
  // The sums of one output: of its loss and of its one metric. Right behind an epoch's end there are none.
  const logs =
    samples > 0 && sums.length === 2 && !isOver
      ? { ...now.logs, loss: sums[0]! / samples, acc: sums[1]! / samples }
      : now.logs;
  return {
    ...now,
    step,
    epoch,
    batch: isOver ? now.batches : batch,
    status: isOver ? 'done' : 'paused',
    logs,
    loss: logs.loss ?? now.loss,
    accuracy: logs.acc ?? now.accuracy,
    testAccuracy: newest?.step === step ? newest.accuracy : undefined,
  };
}

export function markOf(
  model: SavedModel,
  { settings, origin, run: now }: Pick<Session, 'settings' | 'origin' | 'run'>,
): Mark {
  const run = runAt(model, now!);
  return {
    step: run.step,
    phase: run.status === 'done' ? 'done' : 'paused',
    settings,
    model,
    run,
    evaluation: newest?.step === run.step ? newest.evaluation : null,
    origin,
    taught: timesTaught(),
  };
}

/** There is no mark of this step yet, or only one from before the run's end, which follows its last batch. */
const isNews = (step: number, phase: string): boolean => {
  const last = marks.peek().at(-1);
  return !last || step > last.step || (step === last.step && phase === 'done' && last.phase === 'paused');
};

/** Puts a mark behind the others, and lets go of some if there are too many. */
export function addMark(mark: Mark): void {
  if (!isNews(mark.step, mark.phase)) return;
  marks.value = thinned([...marks.peek().filter(({ step }) => step < mark.step), mark]);
}

/** The network was taught at this step, or grew there, so that no earlier step leads to it any more. */
export function retakeMark(mark: Mark, isOther: boolean): void {
  const before = isOther ? [] : marks.peek().filter(({ step }) => step !== mark.step);
  marks.value = [...before, mark].sort((one, other) => one.step - other.step);
}

/**
 * The run was changed where it stands, between two of its steps: whoever comes back to that step goes on as it did. Where it
 * has trained on meanwhile, nobody can come back there.
 */
export function renewMark(step: number, model: ModelSource | null): void {
  marks.value = marks
    .peek()
    .flatMap((mark) => (mark.step !== step || step === 0 ? mark : model === null ? [] : { ...mark, model }));
}

/** What a test found at this step. */
export function noteTest(step: number, evaluation: Classified, accuracy: number): void {
  marks.value = marks
    .peek()
    .map((mark) =>
      mark.step === step
        ? { ...mark, evaluation, run: mark.run && { ...mark.run, testAccuracy: accuracy } }
        : mark,
    );
}

let isTaking = false;
let last = { at: 0, spent: 0, bytes: 0 };

/** Whether enough time has gone by since the last mark, or enough of the run. */
function isDue({ step, epochs, batches }: TrainState): boolean {
  if (step - (marks.peek().at(-1)?.step ?? 0) >= (epochs * batches) / LEAST) return true;
  const gap = Math.min(LATEST, Math.max(SOONEST, last.spent * SPREAD));
  const cost = COST + (COST_OF_MILLION * last.bytes) / 1e6;
  return performance.now() - last.at >= Math.max(gap, APART * cost);
}

async function take(trainer: Trainer): Promise<void> {
  // The end of a run waits for what is being taken at this moment.
  while (isTaking && session.peek().phase !== 'training')
    await new Promise((resolve) => setTimeout(resolve, 10));
  const { network } = session.peek();
  if (isTaking) return;
  isTaking = true;
  try {
    const model = await trainer.save();
    const now = session.peek();
    if (now.network !== network || now.isStale || !now.run || !hasBegun(now)) return;
    const mark = markOf(model, now);
    // The end of a run is kept when it has been told of: then its last figures are there.
    if (mark.phase === 'done' && now.phase === 'training') return;
    const at = performance.now();
    const spent = last.at > 0 ? Math.min(LATEST, at - last.at) : 0;
    last = { at, spent: last.spent + spent, bytes: bytesOf(mark) };
    addMark(mark);
    if (now.phase === 'training') tip.value = mark.step;
  } catch {
    // A worker that has died meanwhile has nothing to keep.
  } finally {
    isTaking = false;
  }
}

function hear(event: TrainerEvent): void {
  const trainer = currentTrainer();
  const now = session.peek();
  if (!trainer || now.isStale || !hasBegun(now)) return;
  if (event.type === 'evaluated' && event.classes) {
    newest = { step: testedAt, evaluation: event.classes, accuracy: event.logs.acc ?? Number.NaN };
    noteTest(newest.step, newest.evaluation, newest.accuracy);
  }
  if (event.type !== 'state') return;
  const { state, curves } = event;
  testedAt = curves.test.step.at(-1) ?? testedAt;
  if (!isNews(state.step, state.status) || state.logs.loss === undefined) return;
  const isMoving = state.status === 'training';
  if (isMoving ? isDue(state) : state.status === 'paused' || state.status === 'done') void take(trainer);
}

let isListening = false;
let known: Session['network'] = null;

/** This network comes next. Its marks are there already where it is none that a seed has just made. */
export function expect(next: Session['network']): void {
  if (next === known) return;
  known = next;
  newest = null;
  last = { at: 0, spent: 0, bytes: 0 };
}

effect(() => {
  const now = network.value;
  const trainer = currentTrainer();
  if (!now || !trainer) return;
  if (!isListening) trainer.subscribe(hear);
  isListening = true;
  if (now === known) return;
  expect(now);
  const { run, isStale } = session.peek();
  if (isStale || run) return;
  marks.value = [firstMark(session.peek())];
});
