/** The one loop that trains, on the page's thread and in the worker: slices of work, callbacks between them. */
import { nextTurn } from '../engine/turn.js';
import type { Network } from '../wasm/mapling.js';
import type { CallbackList } from './callback-list.js';
import type { Logs, Trained } from './callbacks/callback.js';
import { ALL, type Control } from './control.js';
import type { FitEvent } from './events.js';
import { type History, named } from './history.js';
import type { Place } from './place.js';
import type { Work } from './work.js';

/** A slice of work: at least a batch, until so many milliseconds or batches are done. */
export interface Slice {
  milliseconds: number;
  batches: number;
}

/** Whoever follows a run closely, without callbacks that would be awaited batch by batch. */
export interface Watcher {
  /** The most batches to do before `watch` is called next. */
  limit(): number;
  /** Told of everything that a slice did, and how long it took. */
  watch(events: readonly FitEvent[], milliseconds: number): void;
  /** Called when callbacks have been told, too: the run can be kept. */
  rest(): void;
}

/** Prints how far a run is. */
export interface Progress {
  epochBegins(epoch: number, epochs: number): void;
  /** So many batches of the epoch are done; `logs` gives the means so far. */
  batches(done: number, logs: () => Logs): void;
  epochEnds(done: number, logs: Logs): void;
}

/** Everything that a run of training needs. */
export interface Run {
  fit: Work;
  slice: Slice;
  told: CallbackList;
  history: History;
  place: Place;
  /** How many batches there are in all, where the run does not go on to the end of its epochs. */
  steps?: number | undefined;
  progress?: Progress | undefined;
}

/** Trains until all epochs are done, the model's `stopTraining` is set or `control` stops the run. */
export async function loop(
  model: Trained,
  network: Network,
  { fit, slice, told, history, place, progress, steps = ALL }: Run,
  control: Control,
  watcher?: Watcher,
): Promise<void> {
  told.steeredBy(control);
  const { epochs } = history.params;
  const means = (): Logs => named(model.metricsNames, fit.running());
  let [epoch, batch] = place.from;
  let logs: Logs = {};
  let left = steps;
  await told.tell('onTrainBegin', {});
  await place.goOn?.();
  if (place.begun === epoch && epoch < epochs) progress?.epochBegins(epoch, epochs);
  for (let working = epoch < epochs; working && !model.stopTraining; ) {
    // The end of an epoch belongs to its last batch.
    if (left === 0 && (batch === 0 || (await fit.next(batch)) !== undefined)) break;
    const allowed = await control.turn();
    if (allowed === 0) {
      model.stopTraining = true;
      break;
    }
    if (place.begun < epoch && epoch < epochs) {
      progress?.epochBegins(epoch, epochs);
      await told.tellAt('onEpochBegin', epoch, {});
      place.begun = epoch;
    }
    // Whoever is told of each batch sees the weights as they are after it.
    const size = told.perBatch ? await fit.next(batch) : undefined;
    if (size !== undefined) await told.tellAt('onBatchBegin', batch, { batch, size });
    const one = size !== undefined;
    const [time, most] = one ? [0, 1] : [slice.milliseconds, told.perBatch ? 1 : slice.batches];
    const limit = Math.min(most, allowed, Math.max(left, 1), watcher?.limit() ?? ALL);
    const started = performance.now();
    const work = Promise.resolve(fit.run(network, time, limit));
    place.busy = work;
    const happened = await work;
    const done = happened.filter(({ kind }) => kind === 'batch').length;
    control.did(done);
    left -= done;
    watcher?.watch(happened, performance.now() - started);
    const names = model.metricsNames;
    for (const event of happened) {
      if (event.kind === 'done') working = false;
      else if (event.kind === 'batch') {
        logs = { batch: event.batch, size: event.size, ...named(names, event.logs) };
        batch = event.batch + 1;
        if (!told.perBatch) continue;
        place.busy = undefined;
        await told.tellAt('onBatchEnd', event.batch, logs);
      } else {
        const all = {
          ...named(names, event.logs),
          ...(event.validation ? named(names, event.validation, 'val_') : {}),
        };
        history.add(event.epoch, all);
        progress?.epochEnds(batch, all);
        place.busy = undefined;
        await told.tellAt('onEpochEnd', event.epoch, all);
        history.amend_?.(all);
        [epoch, batch] = [event.epoch + 1, 0];
        working = epoch < epochs && !event.isLast;
      }
    }
    place.busy = undefined;
    watcher?.rest();
    if (batch > 0) progress?.batches(batch, means);
    await told.tellYield(epoch, batch, logs);
    await nextTurn();
  }
  place.end();
  // Stopped in the middle of an epoch: what there is of it counts.
  if (batch > 0 && epoch < epochs) {
    const all = means();
    history.add(epoch, all);
    progress?.epochEnds(batch, all);
    await told.tellAt('onEpochEnd', epoch, all);
    history.amend_?.(all);
  }
  await told.tell('onTrainEnd', {});
}
