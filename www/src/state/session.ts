/** What the page knows of its data, its network and its training: one state, changed by {@link reduce} alone. */
import { computed, signal } from '@preact/signals';
import type { Classified, DigitsInfo, ModelInfo, TrainState } from 'mapling/trainer';
import { epochsAt, type Origin, START } from './curves';
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

/** A moment of a run that the page goes to: another run, an earlier step, what was kept of the last visit. */
export interface Moment {
  phase: 'ready' | 'paused' | 'done';
  settings: Settings;
  network: ModelInfo;
  run: Run | null;
  evaluation: Classified | null;
  origin: Origin;
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
  /** The network only warms up: on other digits than those that count, which are on their way, or here and waiting, or for which others wait. */
  warmUp: null | 'coming' | SourceName | 'instead';
  /** Bytes that have come of MNIST's four files, how many there are, and how long the rest takes, once that is known. */
  progress: { loaded: number; total: number; secondsLeft: number | null } | null;
  network: ModelInfo | null;
  /** The newest state of training; null until the first batch of a new network. */
  run: Run | null;
  evaluation: Classified | null;
  /** Where the network's epochs are counted from. */
  origin: Origin;
  notice: Notice | null;
  /** Counts whatever may change what the network answers: a new network, each piece of training. */
  changes: number;
  /** Counts how often digits were loaded: with some of the visitor's own among them they are the same ones. */
  loads: number;
}

export type Action =
  | { type: 'progressed'; progress: Session['progress'] }
  | { type: 'loaded'; data: DigitsInfo; as: Used }
  | { type: 'arrived'; as: SourceName | 'instead' }
  | { type: 'built'; network: ModelInfo }
  | { type: 'chose'; settings: Settings }
  | { type: 'adjusted'; settings: Settings; step: number }
  | { type: 'wanted'; wantsToTrain: boolean }
  | { type: 'phase'; phase: 'training' | 'paused' | 'done' }
  | { type: 'told'; run: TrainState }
  | { type: 'tested'; evaluation: Classified; accuracy?: number }
  /** What the network is, or knows, was changed beside its run: late parts of the page say how. */
  | { type: 'changed'; to: Partial<Session> }
  | { type: 'restarted' }
  | { type: 'experimented'; settings: Settings }
  | { type: 'wentTo'; moment: Moment }
  | { type: 'noticed'; notice: Notice | null }
  | { type: 'failed'; notice: Notice };

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
  origin: START,
  notice: null,
  changes: 0,
  loads: 0,
};

/** Training was begun with this network: playing goes on instead of starting. */
export const hasBegun = ({ phase }: Session): boolean =>
  phase === 'training' || phase === 'paused' || phase === 'done';

/** What is said of the data stays true of another network; what was said of the old network does not. */
const ofData = (notice: Notice | null): Notice | null =>
  notice &&
  ['noMnist', 'noMnistNow', 'refused', 'taken', 'badLink', 'keptDamaged', 'notKept'].includes(notice.kind)
    ? notice
    : null;

/** A run with the numbers that the page shows, as they follow from what the worker tells. */
function shown(told: TrainState, { origin, run, settings }: Session): Run {
  const { logs, tested, step, epoch, epochs, batch, batches } = told;
  const inRun = epoch >= epochs ? epochs * batches : epoch * batches + batch;
  return {
    ...told,
    loss: logs.loss ?? Number.NaN,
    accuracy: logs.acc ?? Number.NaN,
    // A worker that goes on with a network knows no test of it; the page does.
    testAccuracy: tested?.acc ?? run?.testAccuracy,
    epochsBefore:
      settings.adjust !== ''
        ? Math.max(0, Math.round(epochsAt(step, batches, origin) - inRun / batches))
        : batches > 0
          ? origin.epoch + (step - origin.step - inRun) / batches
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
      return { ...now, data, source, warmUp: isWarmUp ? 'coming' : null, progress, loads: now.loads + 1 };
    }
    case 'arrived':
      return { ...now, warmUp: action.as };
    case 'built':
      return {
        ...now,
        phase: 'ready',
        isStale: false,
        network: action.network,
        run: null,
        evaluation: null,
        origin: START,
        notice: ofData(now.notice),
        changes: now.changes + 1,
      };
    case 'chose': {
      const { settings } = action;
      // How long to train says nothing of the network.
      const isOther = !areSame({ ...settings, epochs: 0 }, { ...now.settings, epochs: 0 });
      return { ...now, settings, isStale: now.isStale || (isOther && now.network !== null) };
    }
    case 'adjusted': {
      const { settings, step } = action;
      // The worker's answer knows of a later step than its last news.
      const run = now.run && { ...now.run, step: Math.max(now.run.step, step) };
      return { ...now, settings, run };
    }
    case 'wanted':
      return { ...now, wantsToTrain: action.wantsToTrain };
    case 'phase': {
      // Where a run was taken back to is no news any more once it trains on from there.
      const isOld =
        action.phase === 'training' && now.notice && 'step' in now.notice && now.notice.kind !== 'restarted';
      return { ...now, phase: action.phase, notice: isOld ? null : now.notice };
    }
    case 'told':
      return { ...now, run: shown(action.run, now), changes: now.changes + 1 };
    case 'tested':
      return {
        ...now,
        evaluation: action.evaluation,
        run: now.run && { ...now.run, testAccuracy: action.accuracy ?? now.run.testAccuracy },
      };
    case 'changed':
      return { ...now, ...action.to, changes: now.changes + 1 };
    case 'restarted':
      return { ...now, phase: 'ready', changes: now.changes + 1, notice: { kind: 'restarted' } };
    case 'experimented':
      return { ...now, settings: action.settings, isStale: now.network !== null };
    case 'wentTo':
      return {
        ...now,
        ...action.moment,
        isStale: false,
        notice: ofData(now.notice),
        changes: now.changes + 1,
      };
    case 'noticed':
      return { ...now, notice: action.notice };
    case 'failed':
      return { ...now, phase: 'error', notice: action.notice };
  }
}

export const session = signal<Session>(initial);

export function dispatch(action: Action): void {
  session.value = reduce(session.peek(), action);
}

export const status = computed(() => session.value.phase);
export const settings = computed(() => session.value.settings);
export const dataInfo = computed(() => session.value.data);
export const loads = computed(() => session.value.loads);
export const dataProgress = computed(() => session.value.progress);
export const source = computed(() => session.value.source);
export const warmUp = computed(() => session.value.warmUp);
/** MNIST has just come, and a fresh network has taken the place of the one that warmed up: said for a while. */
export const isFresh = signal(false);
export const network = computed(() => session.value.network);
export const run = computed(() => session.value.run);
export const evaluation = computed(() => session.value.evaluation);
export const notice = computed(() => session.value.notice);
export const changes = computed(() => session.value.changes);

/** Whole epochs before this run: what was left of one in which it began is no epoch of its own. */
export const wholeBefore = ({ epochsBefore }: Run): number => Math.floor(epochsBefore + 1e-6);

/** Epochs of this network in all, when the run that is under way has ended; those that are asked for before there is one. */
export const allEpochs = computed(() => {
  const now = run.value;
  return now ? wholeBefore(now) + now.epochs : settings.value.epochs;
});

export const dismissNotice = (): void => dispatch({ type: 'noticed', notice: null });
