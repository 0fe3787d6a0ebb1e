/** The one loop that trains, on the page's thread and in the worker: slices of the core's work, callbacks between them. */
import { call } from '../engine/instance.js';
import { nextTurn } from '../engine/turn.js';
import type { Fit, Network } from '../wasm/mapling.js';
import type { CallbackList } from './callback-list.js';
import type { Logs, Trained } from './callbacks/callback.js';
import { ALL, type Control } from './control.js';
import { events, type FitEvent } from './events.js';
import { type History, named } from './history.js';

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
}

/** Everything that a run of training needs. */
export interface Run {
  fit: Fit;
  slice: Slice;
  told: CallbackList;
  history: History;
}

/** Trains until all epochs are done, the model's `stopTraining` is set or `control` stops the run. */
export async function loop(
  model: Trained,
  network: Network,
  { fit, slice, told, history }: Run,
  control: Control,
  watcher?: Watcher,
): Promise<void> {
  const names = model.metricsNames;
  told.steeredBy(control);
  const { epochs } = history.params;
  // Asked once: an instance that is started anew meanwhile answers no more.
  const { batches } = fit;
  let begun = -1;
  let [epoch, batch, logs]: [number, number, Logs] = [0, 0, {}];
  await told.tell('onTrainBegin');
  for (let working = true; working && !model.stopTraining; ) {
    const allowed = await control.turn();
    if (allowed === 0) {
      model.stopTraining = true;
      break;
    }
    if (begun < epoch && epoch < epochs) {
      await told.tellAt('onEpochBegin', epoch, {});
      begun = epoch;
    }
    const inEpoch = batch < batches;
    if (told.perBatch && inEpoch) await told.tellAt('onBatchBegin', batch, { batch });
    // Whoever is told of each batch sees the weights as they are after it.
    const one = told.perBatch && inEpoch;
    const [time, most] = one ? [0, 1] : [slice.milliseconds, told.perBatch ? 1 : slice.batches];
    const limit = Math.min(most, allowed, watcher?.limit() ?? ALL);
    const started = performance.now();
    const happened = events(call(() => fit.run(network, time, limit), 'fit'));
    control.did(happened.filter(({ kind }) => kind === 'batch').length);
    watcher?.watch(happened, performance.now() - started);
    for (const event of happened) {
      if (event.kind === 'done') working = false;
      else if (event.kind === 'batch') {
        logs = { batch: event.batch, size: event.size, ...named(names, event.logs) };
        if (told.perBatch) await told.tellAt('onBatchEnd', event.batch, logs);
        batch = event.batch + 1;
      } else {
        const means = {
          ...named(names, event.logs),
          ...(event.validation ? named(names, event.validation, 'val_') : {}),
        };
        history.add(event.epoch, means);
        await told.tellAt('onEpochEnd', event.epoch, means);
        [epoch, batch] = [event.epoch + 1, 0];
        working = epoch < epochs;
      }
    }
    await told.tellYield(epoch, batch, logs);
    await nextTurn();
  }
  // Stopped in the middle of an epoch: what there is of it counts.
  if (batch > 0 && epoch < epochs) {
    const means = named(names, Array.from(call(() => fit.running(), 'fit')));
    history.add(epoch, means);
    await told.tellAt('onEpochEnd', epoch, means);
  }
  await told.tell('onTrainEnd');
}
