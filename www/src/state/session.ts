/** What the page knows of its data, its network and its training: one state, changed by {@link reduce} alone. */
import { computed, signal } from '@preact/signals';
import type { Classified, DigitsInfo, ModelInfo, SavedModel, TrainState } from 'mapling/trainer';
import { axis, type History } from './curves';
import type { Notice } from './notice';
import { areSame, defaults, readAddress, type Settings } from './settings';
import { readSource, type SourceName } from './sources';

export type Phase = 'loading' | 'ready' | 'training' | 'paused' | 'done' | 'error';

/** Training as it was last told of, with what the page shows of it. */
export interface Run extends TrainState {
  loss: number;
  accuracy: number;
  testAccuracy: number | undefined;
  /** Epochs that the network was trained for before this run. */
  epochsBefore: number;
}

/** What digits are used as: those that were asked for, a warm-up until these come, or `instead` of what cannot be had. */
export type Used = SourceName | 'files' | 'warmUp' | 'instead';

/** A run that an experiment took the place of, with all that it takes to go back to it. */
export interface Earlier {
  settings: Settings;
  model: SavedModel;
  network: ModelInfo;
  run: Run | null;
  evaluation: Classified | null;
  history: History;
  isDone: boolean;
}

export interface Session {
  phase: Phase;
  settings: Settings;
  /** Settings changed, but the network is still the old one. */
  isStale: boolean;
  /** The visitor wants it to train; a pause takes back a start that still waits its turn. */
  wantsToTrain: boolean;
  data: DigitsInfo | null;
  /** The digits that the visitor wants, by the name that the address has for them. */
  source: SourceName | 'files';
  /** The network only warms up: on other digits than those that count, which are on their way, or here and waiting. */
  warmUp: null | 'coming' | SourceName;
  /** Bytes that have come of MNIST's four files, how many there are, and how long the rest takes, once that is known. */
  progress: { loaded: number; total: number; secondsLeft: number | null } | null;
  network: ModelInfo | null;
  /** The newest state of training; null until the first batch of a new network. */
  run: Run | null;
  evaluation: Classified | null;
  /** Runs that experiments took the place of, the newest last. */
  earlier: Earlier[];
  notice: Notice | null;
  /** Counts whatever may change what the network answers: a new network, each piece of training. */
  changes: number;
}

export type Action =
  | { type: 'progressed'; progress: Session['progress'] }
  | { type: 'loaded'; data: DigitsInfo; as: Used }
  | { type: 'arrived'; source: SourceName }
  | { type: 'built'; network: ModelInfo }
  | { type: 'chose'; settings: Settings }
  | { type: 'adjusted'; settings: Settings }
  | { type: 'wanted'; wantsToTrain: boolean }
  | { type: 'phase'; phase: 'training' | 'paused' | 'done' }
  | { type: 'told'; run: TrainState }
  | { type: 'tested'; evaluation: Classified }
  | { type: 'restarted' }
  | { type: 'experimented'; earlier: Earlier | null; settings: Settings }
  | { type: 'wentBack'; network: ModelInfo }
  | { type: 'noticed'; notice: Notice | null }
  | { type: 'failed'; detail: string };

const initial: Session = {
  phase: 'loading',
  settings: readAddress(location.search, location.hash) ?? defaults(),
  isStale: false,
  wantsToTrain: false,
  data: null,
  source: readSource(location.search, location.hash),
  warmUp: null,
  progress: null,
  network: null,
  run: null,
  evaluation: null,
  earlier: [],
  notice: null,
  changes: 0,
};

/** Saved networks take memory: so many ways back are kept. */
const MOST_EARLIER = 5;

/** Training was begun with this network: playing goes on instead of starting. */
export const hasBegun = ({ phase }: Session): boolean =>
  phase === 'training' || phase === 'paused' || phase === 'done';

/** What is said of the data stays true of another network; what was said of the old network does not. */
const ofData = (notice: Notice | null): Notice | null =>
  notice && ['noMnist', 'noMnistNow', 'refused', 'taken', 'badLink'].includes(notice.kind) ? notice : null;

/** A run with the numbers that the page shows, as they follow from what the worker tells. */
function shown(told: TrainState, isAdjusted: boolean): Run {
  const { logs, tested, step, epoch, epochs, batch, batches } = told;
  const inRun = epoch >= epochs ? epochs * batches : epoch * batches + batch;
  return {
    ...told,
    loss: logs.loss ?? Number.NaN,
    accuracy: logs.acc ?? Number.NaN,
    testAccuracy: tested?.acc,
    epochsBefore: isAdjusted
      ? Math.max(0, Math.round(axis.epochsAt(step, batches) - inRun / batches))
      : batches > 0
        ? (step - inRun) / batches
        : 0,
  };
}

export function reduce(now: Session, action: Action): Session {
  switch (action.type) {
    case 'progressed':
      return { ...now, progress: action.progress };
    case 'loaded': {
      const { data, as } = action;
      const isWarmUp = as === 'warmUp';
      const source = isWarmUp || as === 'instead' ? now.source : as;
      const progress = isWarmUp ? now.progress : null;
      // Earlier runs knew other digits.
      return { ...now, data, source, warmUp: isWarmUp ? 'coming' : null, progress, earlier: [] };
    }
    case 'arrived':
      return { ...now, warmUp: action.source };
    case 'built':
      return {
        ...now,
        phase: 'ready',
        isStale: false,
        network: action.network,
        run: null,
        evaluation: null,
        notice: ofData(now.notice),
        changes: now.changes + 1,
      };
    case 'chose': {
      const { settings } = action;
      // How long to train says nothing of the network.
      const isOther = !areSame({ ...settings, epochs: 0 }, { ...now.settings, epochs: 0 });
      return { ...now, settings, isStale: now.isStale || (isOther && now.network !== null) };
    }
    case 'adjusted':
      return { ...now, settings: action.settings };
    case 'wanted':
      return { ...now, wantsToTrain: action.wantsToTrain };
    case 'phase':
      return { ...now, phase: action.phase };
    case 'told':
      return { ...now, run: shown(action.run, now.settings.adjust !== ''), changes: now.changes + 1 };
    case 'tested':
      return { ...now, evaluation: action.evaluation };
    case 'restarted':
      return { ...now, phase: 'ready', changes: now.changes + 1, notice: { kind: 'restarted' } };
    case 'experimented': {
      const { earlier, settings } = action;
      const kept = earlier ? [...now.earlier, earlier].slice(-MOST_EARLIER) : now.earlier;
      return { ...now, settings, isStale: now.network !== null, earlier: kept };
    }
    case 'wentBack': {
      const { settings, run, evaluation, isDone } = now.earlier.at(-1)!;
      return {
        ...now,
        phase: isDone ? 'done' : 'ready',
        settings,
        isStale: false,
        network: action.network,
        run,
        evaluation,
        earlier: now.earlier.slice(0, -1),
        notice: ofData(now.notice),
        changes: now.changes + 1,
      };
    }
    case 'noticed':
      return { ...now, notice: action.notice };
    case 'failed':
      return { ...now, phase: 'error', notice: { kind: 'failed', detail: action.detail } };
  }
}

export const session = signal<Session>(initial);

export function dispatch(action: Action): void {
  session.value = reduce(session.peek(), action);
}

export const status = computed(() => session.value.phase);
export const settings = computed(() => session.value.settings);
export const dataInfo = computed(() => session.value.data);
export const dataProgress = computed(() => session.value.progress);
export const source = computed(() => session.value.source);
export const warmUp = computed(() => session.value.warmUp);
/** MNIST has just come, and a fresh network has taken the place of the one that warmed up: said for a while. */
export const isFresh = signal(false);
export const network = computed(() => session.value.network);
export const run = computed(() => session.value.run);
export const evaluation = computed(() => session.value.evaluation);
export const before = computed(() => session.value.earlier.at(-1) ?? null);
export const notice = computed(() => session.value.notice);
export const changes = computed(() => session.value.changes);

/** Epochs of this network in all, when the run that is under way has ended; those that are asked for before there is one. */
export const allEpochs = computed(() => {
  const now = run.value;
  return now ? Math.ceil(now.epochsBefore + now.epochs) : settings.value.epochs;
});

export const dismissNotice = (): void => dispatch({ type: 'noticed', notice: null });
