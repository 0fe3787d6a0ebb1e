/** What the visitor can have done with the network: train it, step by step, pause, reset, change its settings. */
import type { Classified, RunOptions, Trainer, TrainerEvent, TrainState } from 'mapling/trainer';
import { presets } from '../presets';
import { clearHistory, extendHistory, redrawHistory } from './curves';
import { endVerdict } from './drawing';
import { past, whichRun } from './past';
import { rememberPause } from './paused';
import { dispatch, hasBegun, session } from './session';
import { adjustmentsOf, areSame, inForce, modelSource, type Settings, withChange } from './settings';
import { currentTrainer, enqueue, fail, isWhole, isWider, onceReady, persist, showMachine } from './trainer';

/** Milliseconds between two updates of what the page shows of training. */
const SHOW_EVERY = 90;
let shownAt = 0;

/** What the worker said last of its run. What the page shows may be ahead of that, or late. */
let told: TrainState['status'] = 'idle';
/** Whether a run is under way in the worker, paused or not. */
const hasRun = (): boolean => told === 'training' || told === 'paused';

/** Takes the worker's news. */
export function listen(event: TrainerEvent): void {
  if (event.type === 'state') told = event.state.status;
  if (event.type === 'error' || event.type === 'restarted') {
    if (event.type === 'error') fail(event.message);
    else goOn();
    return;
  }
  // Between networks, late news is about the old one, whose curves it still belongs to.
  const now = session.peek();
  if (!hasBegun(now)) return;
  if (now.isStale) {
    if (event.type === 'state') extendHistory(event.curves, event.state.batches, now.origin);
    return;
  }
  const trainer = currentTrainer();
  if (event.type === 'evaluated') {
    if (!event.classes) return;
    dispatch({ type: 'tested', evaluation: event.classes, accuracy: event.logs.acc! });
    if (now.phase === 'training') checkKnowledge(event.classes);
    // Threads may have been lost since.
    if (trainer) void showMachine(trainer);
    return;
  }
  const { state, curves } = event;
  const { status } = state;
  // A network that is not in a run says nothing new.
  if (status !== 'training' && status !== 'paused' && status !== 'done') return;
  extendHistory(curves, state.batches, now.origin);
  dispatch({ type: 'phase', phase: status });
  if (status === 'training' && curves.train.logs.loss?.some((loss) => !Number.isFinite(loss))) {
    void trainer?.pause().catch(fail);
    lost('exploded');
  }
  // The last losses of a run are told after its last test.
  if (status === 'done' && now.phase === 'training' && now.evaluation) checkKnowledge(now.evaluation);
  // A run that goes on from a kept moment, and has not trained yet, is as the page shows it.
  if (state.logs.loss === undefined) return;
  // News comes 20 times a second; half as many are as many as an eye can read, and leave the processor to training. What
  // ends an epoch may be the last for a while.
  const isMoving = status === 'training' && state.batch < state.batches;
  if (isMoving && performance.now() - shownAt < SHOW_EVERY) return;
  shownAt = performance.now();
  dispatch({ type: 'told', run: state });
  redrawHistory();
  // Until MNIST is there, the network goes on with what it has.
  if (status === 'done' && now.warmUp === 'coming' && now.wantsToTrain) begin();
}

const checkKnowledge = (tested: Classified): void => {
  if (past.isStuck?.(tested)) lost('stuck');
};

/** The network has lost what it knew: told at once, and taken back to where it still knew something. */
function lost(kind: 'exploded' | 'stuck'): void {
  dispatch({ type: 'noticed', notice: { kind } });
  past.recover?.(kind);
}

/** How often another worker has taken the place of one that died. */
let restarts = 0;
/** The run was interrupted by that: what is started next goes on with it. */
let isInterrupted = false;

/** The worker died and another one has the network of a few seconds ago: training goes on from there. */
function goOn(): void {
  restarts++;
  const { phase, wantsToTrain } = session.peek();
  isInterrupted = true;
  dispatch({ type: 'restarted' });
  // A command that was under way has failed with the worker, and the page may have been told of that first.
  if (wantsToTrain && (phase === 'training' || phase === 'error')) begin();
  else void enqueue(comeBack);
}

/** The run stands still: it waits in the new worker too, unless a command that came before has seen to that. */
async function comeBack(trainer: Trainer): Promise<void> {
  if (!hasRun()) await past.comeBack?.(trainer);
  if (hasRun()) isInterrupted = false;
}

/** Starts the page anew, and nothing after it. */
export function anew(): Promise<never> {
  rememberPause(false);
  location.reload();
  return new Promise(() => {});
}

/** A fresh network from the seed, with the present settings, for the present digits. */
export async function rebuild(trainer: Trainer): Promise<void> {
  clearTimeout(settling);
  if (!session.peek().data) return;
  await past.leave?.(trainer);
  await trainer.stop();
  const { data, settings } = session.peek();
  // The address says which worker trains: with it the page starts anew.
  if (isWider(settings.net) && !isWhole) {
    await past.moveOut?.();
    return anew();
  }
  const network = await persist(() => trainer.setModel(modelSource(settings, data!)));
  clearHistory();
  endVerdict();
  dispatch({ type: 'built', network });
}

export function options(): RunOptions {
  const { data, settings, run } = session.peek();
  // What the run before has changed stays; what is still to come is told with the steps at which it comes.
  const step = run?.step ?? 0;
  const { epochs, batchSize, preset } = inForce(settings, step);
  const adjustments = adjustmentsOf(settings.adjust).filter((one) => one.step > step);
  const batches = Math.ceil((data?.train ?? 0) / batchSize);
  const { augment, finalRate = 1, testsPerEpoch } = presets[preset];
  const evaluateEvery = Math.max(1, Math.ceil(batches / testsPerEpoch));
  return {
    epochs,
    batchSize,
    evaluateOn: 'test',
    evaluateEvery,
    finalRate,
    ...(augment && { augment }),
    ...(adjustments.length > 0 && { adjustments }),
  };
}

/** Starts, goes on after a pause, or trains as many epochs again after the end. */
export function begin(): void {
  dispatch({ type: 'wanted', wantsToTrain: true });
  void enqueue(async (trainer) => {
    // A pause that was asked for just before has not been told of yet.
    await pausing;
    if (!session.peek().wantsToTrain) return;
    if (session.peek().isStale || session.peek().phase === 'error') await rebuild(trainer);
    const { phase } = session.peek();
    if (phase !== 'paused' && phase !== 'ready' && phase !== 'done') return;
    await past.settle?.(trainer);
    await past.playOn?.(trainer);
    dispatch({ type: 'phase', phase: 'training' });
    if (hasRun()) await resume(trainer);
    else await start(trainer);
  });
}

/** A run that its worker's death interrupted goes on in the middle of its epoch, to the same bits; otherwise a new one begins. */
async function start(trainer: Trainer): Promise<void> {
  const { run } = session.peek();
  const goesOn = isInterrupted && run !== null && run.epoch < run.epochs;
  isInterrupted = false;
  if (!goesOn) return trainer.start(options());
  // The last moment that was kept may have been before the run: then there is nothing to go on with.
  await trainer
    .start({ ...options(), epochs: run.epochs, resume: true })
    .catch(() => trainer.start(options()));
}

/**
 * Goes on after a pause. A new worker that the order reaches instead has no run that waits: `goOn` starts one there. Of a
 * run that has ended when the order comes, or goes on already, the worker has told before it refuses.
 */
async function resume(trainer: Trainer): Promise<void> {
  const before = restarts;
  try {
    await trainer.resume();
  } catch (failure) {
    const isOver = (failure as { code?: string }).code === 'state' && told !== 'paused';
    if (restarts === before && !isOver) throw failure;
  }
}

export function pause(): void {
  dispatch({ type: 'wanted', wantsToTrain: false });
  halt();
}

let pausing: Promise<unknown> | undefined;

/** Nothing is trained until somebody wants it again. */
function halt(): void {
  if (session.peek().phase === 'training') pausing = currentTrainer()?.pause().catch(fail);
}

/** How a step is made: told from within, once what tells is there. */
export const stepping = { make: (trainer: Trainer): Promise<unknown> => trainer.step() };

/** Trains one batch and stays paused. */
export function step(): void {
  const make = async (trainer: Trainer) => {
    if (session.peek().isStale) await rebuild(trainer);
    const { network, phase } = session.peek();
    if (!network) return;
    if (phase === 'training') await trainer.pause();
    await past.playOn?.(trainer);
    dispatch({ type: 'phase', phase: 'paused' });
    // It may have ended just now.
    if (!hasRun()) await trainer.start({ ...options(), paused: true });
    await stepping.make(trainer);
  };
  onceReady(() => void enqueue(make));
}

export function reset(): void {
  // A fresh network begins with what was changed on the way before.
  const { settings, run } = session.peek();
  const [first] = adjustmentsOf(settings.adjust);
  if (first && run && first.step <= run.step)
    dispatch({ type: 'chose', settings: inForce(settings, run.step) });
  const meant = whichRun();
  // A run that comes back meanwhile was not meant.
  void enqueue((trainer) =>
    session.peek().isStale || whichRun() === meant ? rebuild(trainer) : Promise.resolve(),
  );
}

let settling: ReturnType<typeof setTimeout> | undefined;

/** Whether this can hold from the next step of the run under way on. */
function canAdjust(part: Partial<Settings>): boolean {
  const { phase, isStale, run } = session.peek();
  if (isStale || !run || !Number.isFinite(run.loss) || (phase !== 'training' && phase !== 'paused'))
    return false;
  return Object.keys(part).every((name) => /^(learningRate|momentum|batchSize)$/.test(name));
}

/** Takes a new setting. All but the number of epochs make another network, once the visitor stops typing. */
export function change(part: Partial<Settings>): void {
  if (past.branch?.(part)) return;
  if (canAdjust(part)) return void import('./adjusting').then(({ adjust }) => adjust(part), fail);
  const before = session.peek();
  const now = part.epochs === undefined ? inForce(before.settings, before.run?.step ?? 0) : before.settings;
  const next = withChange(now, part);
  if (areSame(next, now)) return;
  dispatch({ type: 'chose', settings: next });
  if (!session.peek().isStale) return;
  halt();
  clearTimeout(settling);
  settling = setTimeout(reset, part.preset || part.optimizer ? 0 : 300);
}

/** Takes all settings anew, as a link says them, and trains from the start. */
export function replay(settings: Settings, startsByItself: boolean): void {
  dispatch({ type: 'chose', settings });
  if (!session.peek().network) return;
  halt();
  void enqueue(rebuild);
  if (startsByItself) begin();
}
