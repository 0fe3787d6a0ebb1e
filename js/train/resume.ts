/** Going on where a run of training was: what has to be as it was then, and what is put back. */
import { describe, fault, flag } from '../engine/errors.js';
import { areAll, isArray, isObject } from '../engine/look.js';
import type { CallbackList } from './callback-list.js';
import { resumer } from './resumer.js';
import type { RunState, Telling } from './run-state.js';

/** So many callbacks at most; a file that says more is none of ours. */
const MOST_CALLBACKS = 4096;

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const areNumbers = (value: unknown): boolean => isArray(value) && areAll(value, isNumber);
const isPlain = (value: unknown): value is Record<string, unknown> => isObject(value) && !isArray(value);

function isTelling(value: unknown): value is Telling {
  if (!isPlain(value)) return false;
  const { hook, at, logs, next, of } = value;
  const isHook = typeof hook === 'string' && /^on(Epoch|Batch)(Begin|End)$/.test(hook);
  const areLogs = isPlain(logs) && Object.values(logs).every(isNumber);
  return isHook && areLogs && [at, next, of].every(isCount);
}

function isHistory(value: unknown): boolean {
  const { epoch, history } = isPlain(value) ? value : {};
  return areNumbers(epoch) && isPlain(history) && Object.values(history).every(areNumbers);
}

/** What is kept of a run, or an error: it may come from a file. */
export function checkRun(where: string, given: unknown): RunState {
  const run = isPlain(given) ? given : {};
  const { settings, position, begun, telling, history, callbacks } = run;
  const isRun =
    isPlain(settings) &&
    areNumbers(position) &&
    Number.isSafeInteger(begun) &&
    (telling === null || isTelling(telling)) &&
    isHistory(history) &&
    isArray(callbacks) &&
    callbacks.length <= MOST_CALLBACKS;
  if (!isRun) throw fault('format', `${where}: this is not what is kept of a run`);
  return given as RunState;
}

/** Values as they are compared: what is not given is null. */
function written(value: unknown): string {
  if (!isPlain(value)) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}

const told = (value: unknown): string => (isPlain(value) ? written(value) : describe(value ?? undefined));

/** Refuses data and options for which the bits would be others. */
function checkSettings(where: string, now: Record<string, unknown>, before: RunState): void {
  for (const [key, value] of Object.entries(now)) {
    const own = before.settings[key];
    // More epochs may be asked for, or less; but the rate of a run that slows down depends on how many there are.
    if (written(value) === written(own) || (key === 'epochs' && (now.finalRate ?? 1) === 1)) continue;
    const what = { samples: 'x', validationSamples: 'validationData' }[key];
    const unit = what ? ' samples' : '';
    throw fault(
      'value',
      `${where}: ${what ?? key}: the run had ${told(own)}${unit}, now it is ${told(value)}`,
    );
  }
}

/** Refuses callbacks that cannot be those of the run. */
function checkCallbacks(where: string, list: CallbackList, { callbacks, telling }: RunState): void {
  const { remembering } = list;
  const isHalfTold = telling !== null && telling.next < telling.of;
  if (callbacks.length !== remembering.length && (isHalfTold || callbacks.some((one) => one !== null)))
    throw fault(
      'value',
      `${where}: callbacks: the run had ${callbacks.length}, now there are ${remembering.length}`,
    );
  const odd = callbacks.findIndex((state, at) => (state ?? null) !== null && !remembering[at]);
  if (odd >= 0)
    throw fault(
      'value',
      `${where}: callbacks: the one at place ${odd} remembered something of the run, and this one has no setState`,
    );
}

resumer.stateFrom = (where, model, resume) => {
  if (!flag(`${where}: resume`, resume)) return undefined;
  const { run_: run } = model;
  if (run && !run.busy) return checkRun(`${where}: resume`, run.state());
  throw fault(
    'state',
    `${where}: resume: the model has no run to go on with; io.fromCheckpoint gives one that has, if it was taken in a run`,
  );
};

resumer.check = (title, settings, told, before) => {
  const where = `${title}: resume`;
  checkSettings(where, settings, before);
  checkCallbacks(where, told, before);
  // Where a position counts the epochs that are done; see the kinds of `Work`.
  const done = before.position[settings.dataset ? 0 : 3] ?? 0;
  if ((settings.initialEpoch as number) + done > (settings.epochs as number))
    throw fault('value', `${where}: epochs: the run has done ${done}, and is asked for less`);
};

resumer.goOn = (network, { fit, told, history, place }, before) => {
  const { telling } = before;
  const begin = (at: [epoch: number, batch: number]): void => {
    history.epoch.push(...before.history.epoch);
    for (const [name, values] of Object.entries(before.history.history)) history.history[name] = [...values];
    place.from = at;
    place.begun = before.begun;
    place.before = before;
    place.goOn = async () => {
      told.setStates(before.callbacks);
      place.before = undefined;
      if (!telling) return;
      const count = told.remembering.length;
      const isHalfTold = telling.next < telling.of;
      told.telling = { ...telling, next: isHalfTold ? telling.next : count, of: count };
      const logs = { ...telling.logs };
      if (telling.hook.endsWith('End')) await told.tellAt(telling.hook, telling.at, logs);
      if (telling.hook === 'onEpochEnd') history.amend_?.(logs);
    };
  };
  const at = fit.goOn(network, before.position);
  return isArray(at) ? begin(at) : at.then(begin);
};
