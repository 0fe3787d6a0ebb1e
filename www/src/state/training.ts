/** What the visitor can have done, and the worker that does it. */
import {
  createTrainer,
  type DigitsSource,
  type Progress,
  type RunOptions,
  type Trainer,
  type TrainerEvent,
} from 'mapling/trainer';
import { presets } from '../presets';
import { clearHistory, extendHistory, history, redrawHistory } from './curves';
import { asked, machine } from './machine';
import { remember, remembered } from './remembered';
import { dispatch, hasBegun, session } from './session';
import { modelSource, type Settings, settings, withChange } from './settings';

const mnist = { url: './mnist/', cache: true };
const starting = createTrainer({ ...asked(), mnist });
let trainer: Trainer | null = null;

/** The trainer, once a network stands in it that matches the page; null before. */
export function liveTrainer(): Trainer | null {
  const { network, isStale } = session.value;
  return network && !isStale ? trainer : null;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const fail = (error: unknown): void => dispatch({ type: 'failed', detail: messageOf(error) });

// Commands run one after the other: a reset during a download waits for it instead of racing it.
let queue: Promise<void> = Promise.resolve();
function enqueue(work: (trainer: Trainer) => Promise<void>): Promise<void> {
  queue = queue.then(() => work(trainer!)).catch(fail);
  return queue;
}

/** Milliseconds between two updates of what the page shows of training. */
const SHOW_EVERY = 90;
let shownAt = 0;

function listen(event: TrainerEvent): void {
  if (event.type === 'error' || event.type === 'restarted') {
    if (event.type === 'error') fail(event.message);
    else goOn(event.reason);
    return;
  }
  // Between networks, late news is about the old one.
  const now = session.peek();
  if (!hasBegun(now) || now.isStale) return;
  if (event.type === 'evaluated') {
    if (!event.classes) return;
    dispatch({ type: 'tested', evaluation: event.classes });
    if (isStuck(event.classes)) dispatch({ type: 'noticed', notice: { kind: 'stuck', detail: '' } });
    // Threads may have been lost since.
    if (trainer) void showMachine(trainer);
    return;
  }
  const { state, curves } = event;
  const { status } = state;
  extendHistory(curves, state.batches);
  if (status === 'training' || status === 'paused' || status === 'done')
    dispatch({ type: 'phase', phase: status });
  if (status === 'training' && curves.train.logs.loss?.some((loss) => !Number.isFinite(loss))) {
    dispatch({ type: 'noticed', notice: { kind: 'exploded', detail: '' } });
    void trainer?.pause().catch(fail);
  }
  // News comes 20 times a second; half as many are as many as an eye can read, and leave the processor to training.
  if (status === 'training' && performance.now() - shownAt < SHOW_EVERY) return;
  shownAt = performance.now();
  dispatch({ type: 'told', run: state });
  redrawHistory();
}

/** How often another worker has taken the place of one that died. */
let restarts = 0;

/** The worker died and another one has the network of a few seconds ago: training goes on from there. */
function goOn(reason: string): void {
  restarts++;
  const { phase, wantsToTrain } = session.peek();
  dispatch({ type: 'restarted', detail: reason });
  // A command that was under way has failed with the worker, and the page may have been told of that first.
  if (wantsToTrain && (phase === 'training' || phase === 'error')) begin();
}

const showMachine = (trainer: Trainer): Promise<void> =>
  trainer.backend().then((now) => {
    machine.value = now;
  }, fail);

/** The loss once soared, and now nearly every digit gets the same answer: what has died does not learn again. */
function isStuck({ predicted, total }: { predicted: Uint32Array; total: number }): boolean {
  const counts = new Map<number, number>();
  for (const digit of predicted) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  return Math.max(...counts.values()) > 0.9 * total && history.loss.some((loss) => loss > 5);
}

async function rebuild(trainer: Trainer): Promise<void> {
  clearTimeout(settling);
  const { data } = session.peek();
  await trainer.stop();
  const network = await trainer.setModel(modelSource(settings.value, data?.imageShape));
  clearHistory();
  dispatch({ type: 'built', network });
}

function options(): RunOptions {
  const { epochs, batchSize, preset } = settings.value;
  const batches = Math.ceil((session.peek().data?.train ?? 0) / batchSize);
  const { augment, finalRate = 1, testsPerEpoch } = presets[preset];
  const evaluateEvery = Math.max(1, Math.ceil(batches / testsPerEpoch));
  return { epochs, batchSize, evaluateOn: 'test', evaluateEvery, finalRate, ...(augment && { augment }) };
}

/** The four files as they are published, packed. */
const MNIST_BYTES = 11_594_722;
const MNIST: DigitsSource = { kind: 'mnist', ...mnist };
const GENERATED: DigitsSource = { kind: 'digits', seed: 1 };

async function load(trainer: Trainer, source: DigitsSource): Promise<void> {
  if (hasBegun(session.peek())) await trainer.stop();
  dispatch({ type: 'loading' });
  const files = new Map<string, Progress>();
  try {
    const data = await trainer.digits.load(source, (progress) => {
      files.set(progress.file, progress);
      const sum = (part: 'loaded' | 'total') =>
        [...files.values()].reduce((all, file) => all + file[part], 0);
      // Before a file begins to come its size is unknown; that of all four is not.
      const [loaded, total] = [sum('loaded'), Math.max(MNIST_BYTES, sum('total'))];
      dispatch({ type: 'progressed', progress: { loaded, total } });
    });
    dispatch({ type: 'loaded', data });
  } catch (error) {
    const detail = messageOf(error);
    // Without MNIST the page goes on with digits of its own; without the visitor's files, with what it had.
    if (source.kind === 'mnist') {
      dispatch({ type: 'loaded', data: await trainer.digits.load(GENERATED) });
      dispatch({ type: 'noticed', notice: { kind: 'noMnist', detail } });
    } else if (source.kind === 'files' && session.peek().data) {
      dispatch({ type: 'noticed', notice: { kind: 'files', detail } });
    } else throw error;
  } finally {
    dispatch({ type: 'progressed', progress: null });
  }
  await rebuild(trainer);
}

/** Opens the page: data, network, and, for a first look, training. */
export async function open(): Promise<void> {
  try {
    trainer = await starting;
  } catch (error) {
    return fail(error);
  }
  trainer.subscribe(listen);
  void showMachine(trainer);
  await enqueue((trainer) => load(trainer, MNIST));
  if (session.peek().phase === 'ready' && startsByItself()) begin();
}

function startsByItself(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  const asked = new URLSearchParams(`${location.search.slice(1)}&${location.hash.slice(1)}`);
  return (
    settings.value.preset === 'dense' &&
    asked.get('autostart') !== '0' &&
    !connection?.saveData &&
    remembered('autostart') !== 'off'
  );
}

function begin(): void {
  dispatch({ type: 'wanted', wantsToTrain: true });
  void enqueue(async (trainer) => {
    if (!session.peek().wantsToTrain) return;
    if (session.peek().isStale || session.peek().phase === 'error') await rebuild(trainer);
    const { phase } = session.peek();
    if (phase !== 'paused' && phase !== 'ready' && phase !== 'done') return;
    dispatch({ type: 'phase', phase: 'training' });
    if (phase === 'paused') await resume(trainer);
    else await trainer.start(options());
  });
}

/** Goes on after a pause. A new worker that the order reaches instead has no run that waits: `goOn` starts one there. */
async function resume(trainer: Trainer): Promise<void> {
  const before = restarts;
  try {
    await trainer.resume();
  } catch (failure) {
    if (restarts === before) throw failure;
  }
}

/** Starts, goes on after a pause, or trains as many epochs again after the end. */
export function play(): void {
  remember('autostart', null);
  begin();
}

export function pause(): void {
  dispatch({ type: 'wanted', wantsToTrain: false });
  remember('autostart', 'off');
  if (session.peek().phase === 'training') void trainer?.pause().catch(fail);
}

/** Trains one batch and stays paused. */
export function step(): void {
  void enqueue(async (trainer) => {
    if (session.peek().isStale) await rebuild(trainer);
    const { phase } = session.peek();
    if (phase === 'training') await trainer.pause();
    dispatch({ type: 'phase', phase: 'paused' });
    if (phase === 'ready' || phase === 'done') await trainer.start({ ...options(), paused: true });
    await trainer.step();
  });
}

/** A fresh network from the seed, with the present settings. */
export function reset(): void {
  void enqueue(rebuild);
}

let settling: ReturnType<typeof setTimeout> | undefined;

/** Takes a new setting. All but the number of epochs make another network, once the visitor stops typing. */
export function change(part: Partial<Settings>): void {
  const now = settings.value;
  const next = withChange(now, part);
  if ((Object.keys(next) as (keyof Settings)[]).every((key) => next[key] === now[key])) return;
  settings.value = next;
  if (Object.keys(part).every((key) => key === 'epochs') || !session.peek().network) return;
  dispatch({ type: 'settingsChanged' });
  if (session.peek().phase === 'training') void trainer?.pause().catch(fail);
  clearTimeout(settling);
  settling = setTimeout(reset, part.preset || part.optimizer ? 0 : 300);
}

export function takeFiles(files: File[]): void {
  if (files.length > 0) void enqueue((trainer) => load(trainer, { kind: 'files', files }));
}

export function takeMnist(): void {
  void enqueue((trainer) => load(trainer, MNIST));
}

export function takeGenerated(): void {
  void enqueue((trainer) => load(trainer, GENERATED));
}
