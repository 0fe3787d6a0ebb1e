/** What the page knows of its data, its network and its training: one state, changed by {@link reduce} alone. */
import { computed, signal } from '@preact/signals';
import type { Classified, DigitsInfo, ModelInfo, TrainState } from 'mapling/trainer';

/** What went wrong or needs saying, in a form that the words can be found for. */
export interface Notice {
  kind: 'noMnist' | 'files' | 'exploded' | 'stuck' | 'restarted' | 'failed';
  detail: string;
}

export type Phase = 'loading' | 'ready' | 'training' | 'paused' | 'done' | 'error';

/** Training as it was last told of, with the two numbers that the page shows of it. */
export interface Run extends TrainState {
  loss: number;
  accuracy: number;
  testAccuracy: number | undefined;
}

export interface Session {
  phase: Phase;
  /** Settings changed, but the network is still the old one. */
  isStale: boolean;
  /** The visitor wants it to train; a pause takes back a start that still waits its turn. */
  wantsToTrain: boolean;
  data: DigitsInfo | null;
  /** Bytes that have come of MNIST's four files, and how many there are. */
  progress: { loaded: number; total: number } | null;
  network: ModelInfo | null;
  /** The newest state of training; null until the first batch of a new network. */
  run: Run | null;
  evaluation: Classified | null;
  notice: Notice | null;
  /** Counts whatever may change what the network answers: a new network, each piece of training. */
  changes: number;
}

export type Action =
  | { type: 'loading' }
  | { type: 'progressed'; progress: Session['progress'] }
  | { type: 'loaded'; data: DigitsInfo }
  | { type: 'built'; network: ModelInfo }
  | { type: 'settingsChanged' }
  | { type: 'wanted'; wantsToTrain: boolean }
  | { type: 'phase'; phase: 'training' | 'paused' | 'done' }
  | { type: 'told'; run: TrainState }
  | { type: 'tested'; evaluation: Classified }
  | { type: 'restarted'; detail: string }
  | { type: 'noticed'; notice: Notice | null }
  | { type: 'failed'; detail: string };

export const initial: Session = {
  phase: 'loading',
  isStale: false,
  wantsToTrain: false,
  data: null,
  progress: null,
  network: null,
  run: null,
  evaluation: null,
  notice: null,
  changes: 0,
};

/** Training was begun with this network: playing goes on instead of starting. */
export const hasBegun = ({ phase }: Session): boolean =>
  phase === 'training' || phase === 'paused' || phase === 'done';

/** What is said of the data stays true of another network; what was said of the old network does not. */
const ofData = (notice: Notice | null): Notice | null =>
  notice && ['noMnist', 'files'].includes(notice.kind) ? notice : null;

export function reduce(now: Session, action: Action): Session {
  switch (action.type) {
    case 'loading':
      return { ...now, phase: 'loading', progress: null, notice: null };
    case 'progressed':
      return { ...now, progress: action.progress };
    case 'loaded':
      return { ...now, data: action.data, progress: null };
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
    case 'settingsChanged':
      return { ...now, isStale: true };
    case 'wanted':
      return { ...now, wantsToTrain: action.wantsToTrain };
    case 'phase':
      return { ...now, phase: action.phase };
    case 'told': {
      const { logs, tested } = action.run;
      const run = {
        ...action.run,
        loss: logs.loss ?? Number.NaN,
        accuracy: logs.acc ?? Number.NaN,
        testAccuracy: tested?.acc,
      };
      return { ...now, run, changes: now.changes + 1 };
    }
    case 'tested':
      return { ...now, evaluation: action.evaluation };
    case 'restarted':
      return {
        ...now,
        phase: 'ready',
        changes: now.changes + 1,
        notice: { kind: 'restarted', detail: action.detail },
      };
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
export const dataInfo = computed(() => session.value.data);
export const dataProgress = computed(() => session.value.progress);
export const network = computed(() => session.value.network);
export const run = computed(() => session.value.run);
export const evaluation = computed(() => session.value.evaluation);
export const notice = computed(() => session.value.notice);
export const changes = computed(() => session.value.changes);

export const dismissNotice = (): void => dispatch({ type: 'noticed', notice: null });
