/** The program of Keras' first tutorial for the page's network: which of its lines is at work, and what pressing one does. */
import { computed, effect, signal } from '@preact/signals';
import type { Classified } from 'mapling/trainer';
import { leaveBehind } from '../../state/branches';
import { take } from '../../state/data';
import { digitsRead, isEmpty, reading, shownTest, showTest, strokes } from '../../state/drawing';
import { play } from '../../state/open';
import { present } from '../../state/runs';
import { dispatch, evaluation, network, session } from '../../state/session';
import { inForce, modelSource } from '../../state/settings';
import { testSet } from '../../state/testset';
import { markOf, retakeMark } from '../../state/timeline';
import { currentTrainer, enqueue, fail, liveTrainer } from '../../state/trainer';
import { reset } from '../../state/training';

export const lines = ['load', 'model', 'compile', 'fit', 'evaluate', 'predict'] as const;
export type LineName = (typeof lines)[number];

/** What is over in no time stays lit for so many milliseconds, so that an eye can see it. */
const AFTERGLOW = 900;

const glowing = signal<ReadonlySet<LineName>>(new Set());
const ends = new Map<LineName, ReturnType<typeof setTimeout>>();

function glow(name: LineName): void {
  clearTimeout(ends.get(name));
  glowing.value = new Set([...glowing.peek(), name]);
  ends.set(
    name,
    setTimeout(() => {
      glowing.value = new Set([...glowing.peek()].filter((one) => one !== name));
    }, AFTERGLOW),
  );
}

/** The test that is under way because somebody pressed its line. */
const isTesting = signal(false);

/** What was found by a test of a network that no run has begun with; the session knows of those in a run. */
const tested = signal<{ loss: number; accuracy: number; classes: Classified | undefined } | null>(null);

/** The lines that are at work. */
export const lit = computed<ReadonlySet<LineName>>(() => {
  const { phase, progress } = session.value;
  const now = new Set(glowing.value);
  if (phase === 'loading' || progress) now.add('load');
  if (phase === 'training') now.add('fit');
  if (isTesting.value) now.add('evaluate');
  return now;
});

/** What the newest test has found. */
export const lastTest = computed(() => {
  const own = tested.value;
  if (own) return own;
  const { run } = session.value;
  const accuracy = run?.testAccuracy;
  if (accuracy === undefined) return null;
  return { loss: run!.tested?.loss ?? Number.NaN, accuracy, classes: evaluation.value ?? undefined };
});

/** Follows what happens as long as the lesson is open. */
export function follow(): () => void {
  const endTests = currentTrainer()?.subscribe((event) => {
    if (event.type !== 'evaluated') return;
    tested.value = { loss: event.logs.loss!, accuracy: event.logs.acc!, classes: event.classes };
    glow('evaluate');
  });
  let before = network.peek();
  const endNetworks = effect(() => {
    const now = network.value;
    if (now === before) return;
    before = now;
    tested.value = null;
    glow('model');
    glow('compile');
  });
  const endReading = effect(() => {
    strokes.value;
    shownTest.value;
    if (!isEmpty.peek()) glow('predict');
  });
  return () => {
    endTests?.();
    endNetworks();
    endReading();
  };
}

/**
 * `compile` forgets what the optimizer remembers and leaves the weights as they are, as Keras' does. The run ends with that;
 * one that `fit` begins then is another, which counts its epochs on.
 */
function compileAnew(): void {
  dispatch({ type: 'wanted', wantsToTrain: false });
  void enqueue(async (trainer) => {
    const { data, settings, isStale, network, run: was } = session.peek();
    if (!data || !network || isStale) return;
    await trainer.stop();
    const { weights, generator, step } = await trainer.save();
    // As it was changed on the way.
    const source = modelSource(inForce(settings, was?.step ?? 0), data);
    const fresh = await trainer.setModel({
      ...source,
      weights,
      ...(generator && { generator }),
      ...(step !== undefined && { step }),
    });
    if (was) {
      // Of a branch that has not trained yet there is nothing to keep.
      const left = present.peek().from === was.step ? {} : leaveBehind();
      dispatch({ type: 'changed', to: { phase: 'ready', network: fresh, ...left } });
      retakeMark(markOf(await trainer.save(), session.peek()), true);
    }
    glow('compile');
  });
}

async function evaluate(): Promise<void> {
  const trainer = liveTrainer();
  if (!trainer || isTesting.peek()) return;
  isTesting.value = true;
  try {
    await trainer.evaluate('test');
  } catch (failure) {
    fail(failure);
  } finally {
    isTesting.value = false;
  }
}

/** Reads the pad; where nothing is on it, a test digit is laid there. */
function predict(): void {
  const set = testSet.peek();
  if (isEmpty.peek() && set) showTest(Math.floor(Math.random() * set.labels.length));
  else glow('predict');
}

/** Fetches the digits again; a visitor's own files are there already. */
function loadAnew(): void {
  const { source } = session.peek();
  if (source === 'files') glow('load');
  else void take(source);
}

/** Does what a line says. */
export function press(name: LineName): void {
  if (name === 'load') loadAnew();
  else if (name === 'model') reset();
  else if (name === 'compile') compileAnew();
  else if (name === 'fit') play();
  else if (name === 'evaluate') void evaluate();
  else predict();
}

/** What the network makes of the pad: one digit, several beside each other, or none that it knows; null where nothing was read. */
export const prediction = computed(() => reading.value && digitsRead.value);

/** A configuration's value as Python writes it. */
const python = (value: unknown): string =>
  Array.isArray(value)
    ? `(${value.map(python).join(', ')})`
    : typeof value === 'string'
      ? `"${value}"`
      : String(value);

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** Arguments that Python programs give without a name, since they stand first. */
const FIRST = ['units', 'filters', 'kernelSize', 'poolSize', 'rate', 'targetShape'];

/** The layers of the network, as Keras' program writes them. */
export const kerasLayers = computed<string[]>(() => {
  const { settings, data } = session.value;
  const { json } = modelSource(settings, data ?? { imageShape: [28, 28], classes: 10 });
  const { layers } = (
    json as { config: { layers: { class_name: string; config: Record<string, unknown> }[] } }
  ).config;
  return layers.map(({ class_name, config }) => {
    const given = Object.entries(config).map(([name, value]) =>
      FIRST.includes(name) ? python(value) : `${snake(name)}=${python(value)}`,
    );
    return `keras.layers.${class_name}(${given.join(', ')})`;
  });
});
