import { batch, signal } from '@preact/signals';
import {
  createTrainer,
  type DataInfo,
  type DataSource,
  type ModelInfo,
  type Progress,
  type Status,
  type Trainer,
  type TrainerEvent,
  type TrainOptions,
  type TrainState,
} from 'mapling/trainer';
import { presets } from '../presets';
import { clearHistory, extendHistory, history, historyVersion } from './curves';
import { asked, machine } from './machine';
import { remember, remembered } from './remembered';
import { modelSpec, type Settings, settings, withChange } from './settings';

/** What went wrong or needs saying, in a form that the words can be found for. */
export type Notice =
  | { kind: 'noMnist'; detail: string }
  | { kind: 'files'; detail: string }
  | { kind: 'exploded'; detail: string }
  | { kind: 'stuck'; detail: string }
  | { kind: 'failed'; detail: string };

export type Evaluation = Extract<TrainerEvent, { type: 'evaluated' }>;

export const status = signal<Status>('loading');
export const dataInfo = signal<DataInfo | null>(null);
/** Bytes that have come of MNIST's four files, and how many there are. */
export const dataProgress = signal<{ loaded: number; total: number } | null>(null);
export const network = signal<ModelInfo | null>(null);
/** The newest state of training; null until the first batch of a new network. */
export const run = signal<TrainState | null>(null);
export const evaluation = signal<Evaluation | null>(null);
export const notice = signal<Notice | null>(null);
/** Counts whatever may change what the network answers: a new network, each piece of training. */
export const changes = signal(0);

const mnist = { url: './mnist/', cache: true };
const starting = createTrainer({ ...asked(), mnist });
let trainer: Trainer | null = null;
/** Training began since the network was built: play goes on instead of starting. */
let begun = false;
/** Settings changed, but the network is still the old one. */
let stale = false;

/** The trainer, once a network stands in it that matches the page; null before. */
export function liveTrainer(): Trainer | null {
  return network.value && !stale ? trainer : null;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function fail(error: unknown): void {
  status.value = 'error';
  notice.value = { kind: 'failed', detail: messageOf(error) };
}

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
  if (event.type === 'error') {
    fail(new Error(event.message));
    return;
  }
  // Between networks, late news is about the old one.
  if (!begun || stale) return;
  if (event.type === 'evaluated') {
    evaluation.value = event;
    if (isStuck(event)) notice.value = { kind: 'stuck', detail: '' };
    // Workers may have died since.
    if (trainer) void showMachine(trainer);
    return;
  }
  const { state, curves } = event;
  extendHistory(curves, state.batches);
  if (state.status === 'training' || state.status === 'paused' || state.status === 'done') {
    status.value = state.status;
  }
  if (state.status === 'training' && curves.loss.some((loss) => !Number.isFinite(loss))) {
    notice.value = { kind: 'exploded', detail: '' };
    void trainer?.pause();
  }
  // News comes 20 times a second; half as many are as many as an eye can read, and leave the processor to training.
  if (state.status === 'training' && performance.now() - shownAt < SHOW_EVERY) return;
  shownAt = performance.now();
  batch(() => {
    run.value = state;
    historyVersion.value += 1;
    changes.value += 1;
  });
}

const showMachine = (trainer: Trainer): Promise<void> =>
  trainer.backend().then((now) => {
    machine.value = now;
  }, fail);

/** The loss once soared, and now nearly every digit gets the same answer: what has died does not learn again. */
function isStuck({ predicted, total }: Evaluation): boolean {
  const counts = new Map<number, number>();
  for (const digit of predicted) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  return Math.max(...counts.values()) > 0.9 * total && history.loss.some((loss) => loss > 5);
}

async function rebuild(trainer: Trainer): Promise<void> {
  clearTimeout(settling);
  if (begun) await trainer.stop();
  begun = false;
  const info = await trainer.build(modelSpec(settings.value));
  stale = false;
  clearHistory();
  run.value = null;
  evaluation.value = null;
  // What is said of the data stays true; what was said of the old network does not.
  if (notice.value && !['noMnist', 'files'].includes(notice.value.kind)) notice.value = null;
  network.value = info;
  status.value = 'ready';
  changes.value += 1;
}

function options(): TrainOptions {
  const { epochs, batchSize, preset } = settings.value;
  const batches = Math.ceil((dataInfo.value?.train ?? 0) / batchSize);
  const { augment, finalRate = 1, testsPerEpoch } = presets[preset];
  const evaluateEvery = Math.max(1, Math.ceil(batches / testsPerEpoch));
  return { epochs, batchSize, shuffle: true, evaluateEvery, finalRate, ...(augment && { augment }) };
}

/** The four files as they are published, packed. */
const MNIST_BYTES = 11_594_722;
const MNIST: DataSource = { kind: 'mnist', ...mnist };
const GENERATED: DataSource = { kind: 'digits', seed: 1 };

async function load(trainer: Trainer, source: DataSource): Promise<void> {
  if (begun) await trainer.stop();
  begun = false;
  status.value = 'loading';
  dataProgress.value = null;
  notice.value = null;
  const files = new Map<string, Progress>();
  try {
    dataInfo.value = await trainer.load(source, (progress) => {
      files.set(progress.file, progress);
      const sum = (part: 'loaded' | 'total') =>
        [...files.values()].reduce((all, file) => all + file[part], 0);
      // Before a file begins to come its size is unknown; that of all four is not.
      dataProgress.value = { loaded: sum('loaded'), total: Math.max(MNIST_BYTES, sum('total')) };
    });
  } catch (error) {
    // Without MNIST the page goes on with digits of its own; without the visitor's files, with what it had.
    if (source.kind === 'mnist') {
      dataInfo.value = await trainer.load(GENERATED);
      notice.value = { kind: 'noMnist', detail: messageOf(error) };
    } else if (source.kind === 'files' && dataInfo.value) {
      notice.value = { kind: 'files', detail: messageOf(error) };
    } else throw error;
  } finally {
    dataProgress.value = null;
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
  if (status.value === 'ready' && startsByItself()) begin();
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

/** A pause takes back a start that still waits its turn. */
let wanted = false;

function begin(): void {
  wanted = true;
  void enqueue(async (trainer) => {
    if (!wanted) return;
    if (stale || status.value === 'error') await rebuild(trainer);
    if (status.value === 'paused') {
      status.value = 'training';
      await trainer.resume();
    } else if (status.value === 'ready' || status.value === 'done') {
      begun = true;
      status.value = 'training';
      await trainer.start(options());
    }
  });
}

/** Starts, goes on after a pause, or trains as many epochs again after the end. */
export function play(): void {
  remember('autostart', null);
  begin();
}

export function pause(): void {
  wanted = false;
  remember('autostart', 'off');
  if (status.value === 'training') void trainer?.pause().catch(fail);
}

/** Trains one batch and stays paused. */
export function step(): void {
  void enqueue(async (trainer) => {
    if (stale) await rebuild(trainer);
    if (status.value === 'training') await trainer.pause();
    if (status.value === 'ready' || status.value === 'done') {
      begun = true;
      await trainer.start({ ...options(), paused: true });
    }
    status.value = 'paused';
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
  if (Object.keys(part).every((key) => key === 'epochs') || !network.value) return;
  stale = true;
  if (status.value === 'training') void trainer?.pause().catch(fail);
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

export function dismissNotice(): void {
  notice.value = null;
}
