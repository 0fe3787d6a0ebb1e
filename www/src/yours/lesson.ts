/** Teaching the network what is on the pad: a digit that it misread, or a class that it does not know yet. */
import { effect, signal } from '@preact/signals';
import type { OwnDigit, Picture, Stroke, Taught, TaughtStep, Trainer } from 'mapling/trainer';
import { leaveBehind, leaveHere } from '../state/branches';
import { classNames } from '../state/classes';
import { clear, guess, reading, shownPicture, strokes, takeUnkept, verdict } from '../state/drawing';
import { included, lessons, timesTaught, trainsOnMine } from '../state/lessons';
import { dataInfo, dispatch, hasBegun, run, session } from '../state/session';
import { markOf, retakeMark } from '../state/timeline';
import { enqueue, liveTrainer, messageOf } from '../state/trainer';
import { replacing } from '../state/turn';
import { forWorker, keep, type Own, own, ownOf } from './own';

export type Lesson =
  | { kind: 'learning'; label: number; likes: number }
  | {
      kind: 'learned';
      label: number;
      milliseconds: number;
      /** The share of drawings like it that are read right, before and now. */
      likesBefore: number;
      likes: number;
      isRight: boolean;
      /** The test accuracy at the last test before, and now. */
      before: number | undefined;
      after: number | undefined;
    }
  | { kind: 'failed'; detail: string };

export const lesson = signal<Lesson | null>(null);

/** What was said of the drawing on the pad is kept once, whatever is pressed again. */
let said: { pixels: Float32Array; as: Own } | null = null;

function note(label: number): void {
  const now = reading.peek();
  const read = guess.peek()?.digit;
  if (!now || read === undefined) return;
  if (said && verdict.peek() !== null && own.peek().includes(said.as)) {
    // The truth was corrected: what the network had read stays.
    const corrected = { ...said.as, label };
    own.value = own.peek().map((one) => (one === said!.as ? corrected : one));
    said = { ...said, as: corrected };
    return;
  }
  const as = ownOf(label, read, strokes.peek(), now.pixels);
  said = { pixels: now.pixels, as };
  keep(as);
}

keep(...takeUnkept().map(({ strokes, pixels, digit }) => ownOf(digit, digit, strokes, pixels)));

effect(() => {
  const isRight = verdict.value;
  if (isRight === null) {
    said = null;
    lesson.value = null;
  } else if (isRight) {
    const read = guess.peek()?.digit;
    if (read !== undefined) note(read);
  }
});

const onPad = (): Picture | null => {
  const pixels = shownPicture.peek();
  if (pixels) return { pixels };
  return strokes.peek().length > 0 ? { strokes: strokes.peek() } : null;
};

/** The bars move with each look at what has been learned. */
const follow = (label: number, pixels: Float32Array) => (step: TaughtStep) => {
  if (lesson.peek()?.kind !== 'learning') return;
  reading.value = { pixels, probabilities: step.probabilities };
  lesson.value = { kind: 'learning', label, likes: step.likes };
};

/** Tests the network once more; the answer comes with the others. */
async function testAgain(trainer: Trainer): Promise<number | undefined> {
  const last = run.peek();
  if (!last) return undefined;
  const { logs, classes } = await trainer.evaluate('test');
  // Of a network that is in no run the page hears nothing by itself.
  if (!hasBegun(session.peek())) {
    dispatch({ type: 'told', run: { ...last, tested: logs } });
    if (classes) dispatch({ type: 'tested', evaluation: classes });
  }
  return logs.acc;
}

type Learned = Extract<Lesson, { kind: 'learned' }>;

/** What a lesson has come to, before the network is tested once more. */
const learned = (
  label: number,
  started: number,
  { likes, likesBefore }: Taught,
  isRight: boolean,
): Learned => ({
  kind: 'learned',
  label,
  milliseconds: performance.now() - started,
  likes,
  likesBefore,
  isRight,
  before: run.peek()?.testAccuracy,
  after: undefined,
});

/** The kept step at which the network stands is that of the network which has been taught. */
async function retake(trainer: Trainer, isOther = false): Promise<void> {
  const { run: now, phase, settings, origin } = session.peek();
  lessons.value += 1;
  if (now && phase !== 'training') retakeMark(markOf(await trainer.save(), session.peek()), isOther);
  if (!now) {
    // Before its first step it is none that a seed has made any more.
    const { run, ...model } = await trainer.save();
    const before = {
      step: origin.step,
      phase: 'ready',
      settings,
      model,
      run: null,
      evaluation: null,
    } as const;
    retakeMark({ ...before, origin, taught: timesTaught() }, true);
  }
}

/** A few steps on what is on the pad. */
export function teach(label: number): void {
  const picture = onPad();
  const pixels = reading.peek()?.pixels;
  if (!picture || !pixels || lesson.peek()?.kind === 'learning') return;
  note(label);
  lesson.value = { kind: 'learning', label, likes: 0 };
  void enqueue(async (trainer) => {
    try {
      if (!liveTrainer()) return;
      const started = performance.now();
      const taught = await trainer.digits.teach(picture, label, { onStep: follow(label, pixels) });
      leaveHere();
      const { after: answer } = taught;
      lesson.value = learned(
        label,
        started,
        taught,
        answer.every((value) => value <= answer[label]!),
      );
      dispatch({ type: 'changed', to: {} });
      await retake(trainer);
      const after = await testAgain(trainer);
      const now = lesson.peek();
      if (now?.kind === 'learned') lesson.value = { ...now, after };
    } catch (failure) {
      lesson.value = { kind: 'failed', detail: messageOf(failure) };
    }
  });
}

/** A class that is being collected: its name, and its drawings so far. */
export const collected = signal<{ name: string; drawings: Own[] } | null>(null);
/** A class is learned once most drawings like those that were collected are read as it. */
const MOST = 0.5;
/** So few drawings are enough to begin, and so many make it good. */
export const FEW = 6;
export const ENOUGH = 12;

export function collect(): void {
  // What is no digit was not misread.
  verdict.value = null;
  collected.value = { name: '', drawings: [] };
}

/** Keeps what is on the pad as one more drawing of the class, and clears the pad for the next. */
export async function collectDrawing(): Promise<void> {
  const [trainer, lines] = [liveTrainer(), strokes.peek()];
  if (!collected.peek() || !trainer || lines.length === 0) return;
  clear();
  // What was read last may be only a part of it: whoever is quick has not waited for the answer.
  const found = await trainer.digits.read(lines as Stroke[]).catch(() => null);
  const now = collected.peek();
  if (!now || !found) return;
  const label = session.peek().data?.classes ?? 10;
  const drawing = ownOf(label, null, lines, found.pixels);
  collected.value = { ...now, drawings: [...now.drawings, drawing] };
}

export function renameCollected(name: string): void {
  const now = collected.peek();
  if (now) collected.value = { ...now, name };
}

/** The output layer grows by a unit, which is taught with what was collected. */
export function teachClass(): void {
  const now = collected.peek();
  if (!now || now.drawings.length < FEW || lesson.peek()?.kind === 'learning') return;
  const drawings = now.drawings.map(({ strokes: lines }) => lines as Stroke[]);
  const label = session.peek().data?.classes ?? 10;
  lesson.value = { kind: 'learning', label, likes: 0 };
  void enqueue(async (trainer) => {
    try {
      if (!liveTrainer()) return;
      dispatch({ type: 'wanted', wantsToTrain: false });
      const started = performance.now();
      const onStep = ({ likes }: TaughtStep) => {
        lesson.value = { kind: 'learning', label, likes };
      };
      const { taught, network } = await replacing(trainer, () =>
        trainer.digits.addClass(drawings, { onStep }),
      );
      const left = leaveBehind();
      const told = learned(label, started, taught, taught.likes >= MOST);
      classNames.value = { ...classNames.peek(), [label]: now.name.trim() || '★' };
      keep(...now.drawings.map((one) => ({ ...one, label })));
      dispatch({ type: 'changed', to: { phase: 'ready', network, evaluation: null, ...left } });
      await include(
        trainer,
        now.drawings.map((one) => forWorker({ ...one, label })),
      );
      await retake(trainer, true);
      collected.value = null;
      lesson.value = { ...told, after: await testAgain(trainer) };
    } catch (failure) {
      lesson.value = { kind: 'failed', detail: messageOf(failure) };
    }
  });
}

/**
 * The visitor's digits among those to train on: all where that is wished, and in any case those of classes that this network
 * has, to which `fresh` are added. Another network may have another class of the same number.
 */
async function include(trainer: Trainer, fresh: readonly OwnDigit[] = []): Promise<void> {
  const units = session.peek().network?.layers.at(-1)?.outputShape.at(-1) ?? 10;
  const classes = included.peek().filter(({ label }) => label >= 10 && label < units);
  const wished = trainsOnMine.peek() ? own.peek().filter(({ label }) => label < Math.min(10, units)) : [];
  const digits = [...wished.map(forWorker), ...classes, ...fresh];
  if (digits.length === 0 && session.peek().data?.own === undefined) return;
  const data = await trainer.digits.include(digits);
  included.value = digits;
  dispatch({ type: 'changed', to: { data } });
}

export function setTrainsOnMine(yes: boolean): void {
  trainsOnMine.value = yes;
  void enqueue((trainer) => include(trainer));
}

effect(() => {
  // Other digits were loaded: the visitor's are not among them yet.
  const info = dataInfo.value;
  if (!info || info.own !== undefined) return;
  included.value = [];
  if (trainsOnMine.peek()) void enqueue((trainer) => include(trainer));
});
