/** The numbers that a run of training is followed by. */
import type { FitEvent } from '../../train/events.js';
import { named } from '../../train/history.js';
import type { Curves, Line, Status, TrainState } from '../protocol.js';

/** Batches to a point of the curves: single batches are too noisy to look at. */
const POINT = 10;

const emptyCurves = (): Curves => ({ train: { step: [], logs: {} }, test: { step: [], logs: {} } });

function addPoint(line: Line, step: number, logs: Record<string, number>): void {
  line.step.push(step);
  for (const [name, value] of Object.entries(logs)) {
    line.logs[name] ??= [];
    line.logs[name].push(value);
  }
}

/** Means of logs, weighted by the sizes of batches. */
class Mean {
  #samples = 0;
  #sums: number[] = [];
  batches = 0;

  add(size: number, logs: Float64Array): void {
    this.#samples += size;
    this.batches++;
    logs.forEach((value, at) => {
      this.#sums[at] = (this.#sums[at] ?? 0) + value * size;
    });
  }
  get(names: readonly string[]): Record<string, number> {
    const count = Math.max(1, this.#samples);
    return Object.fromEntries(names.map((name, at) => [name, (this.#sums[at] ?? 0) / count]));
  }
}

export class Measure {
  status: Status = 'idle';
  /** Batches done in this run. */
  inRun = 0;
  /** Batches that the model was trained for. */
  step = 0;
  #names: readonly string[] = ['loss'];
  #epoch = 0;
  #epochs = 0;
  #batch = 0;
  #batches = 0;
  #samples = 0;
  /** Means of the epoch so far: the last epoch's stay on show until the next begins. */
  #logs: Record<string, number> = {};
  #point = new Mean();
  #tested: Record<string, number> | undefined;
  #curves = emptyCurves();
  #speed = 0;
  #fresh = { samples: 0, milliseconds: 0 };
  #memory = 0;

  /** Another model, which was trained for so many batches. */
  forget(step: number): void {
    this.step = step;
    [this.#epoch, this.#epochs, this.#batch, this.#batches, this.inRun] = [0, 0, 0, 0, 0];
    [this.#logs, this.#point, this.#curves, this.#tested] = [{}, new Mean(), emptyCurves(), undefined];
    this.#speed = 0;
  }
  /** A run begins; `from` says at which epoch and batch. */
  begin(
    names: readonly string[],
    epochs: number,
    batches: number,
    samples: number,
    from: readonly [epoch: number, batch: number],
  ): void {
    [this.#names, this.#epochs, this.#batches, this.#samples] = [names, epochs, batches, samples];
    [this.#epoch, this.#batch] = from;
    // A run that goes on is tested when it would have been.
    this.inRun = from[0] * batches + from[1];
    [this.#logs, this.#point] = [{}, new Mean()];
    this.#fresh = { samples: 0, milliseconds: 0 };
  }

  /**
   * What a slice of training did, and how long it took: pauses and tests do not count for the speed. `running` gives the
   * means of the epoch under way.
   */
  worked(events: readonly FitEvent[], milliseconds: number, running: () => ArrayLike<number>): void {
    for (const event of events) {
      if (event.kind === 'batch') this.#addBatch(event);
      else if (event.kind === 'epoch') this.#addEpoch(event.epoch + 1);
    }
    const last = events.at(-1);
    if (last?.kind === 'batch') this.#logs = named(this.#names, running());
    else if (last?.kind === 'epoch') this.#logs = named(this.#names, last.logs);
    this.#fresh.milliseconds += milliseconds;
    if (this.#fresh.milliseconds < 200 && this.#speed > 0) return;
    if (this.#fresh.milliseconds < 20) return;
    const now = (1000 * this.#fresh.samples) / this.#fresh.milliseconds;
    this.#speed = this.#speed > 0 ? 0.7 * this.#speed + 0.3 * now : now;
    this.#fresh = { samples: 0, milliseconds: 0 };
  }
  #addBatch({ epoch, batch, size, logs }: FitEvent & { kind: 'batch' }): void {
    [this.#epoch, this.#batch] = [epoch, batch + 1];
    this.step++;
    this.inRun++;
    this.#fresh.samples += size;
    this.#point.add(size, logs);
    if (this.#point.batches === POINT) this.#plot();
  }
  #addEpoch(done: number): void {
    this.#epoch = done;
    if (done < this.#epochs) this.#batch = 0;
    if (this.#point.batches > 0) this.#plot();
  }
  #plot(): void {
    addPoint(this.#curves.train, this.step, this.#point.get(this.#names));
    this.#point = new Mean();
  }
  /** The epoch under way has so many batches: their size may have changed. */
  holds(batches: number): void {
    if (this.#epoch < this.#epochs) this.#batches = batches;
  }
  /** Batches to the end of the epoch under way. */
  get left(): number {
    return this.#batches - this.#batch;
  }
  tested(logs: Record<string, number>): void {
    this.#tested = logs;
    addPoint(this.#curves.test, this.step, logs);
  }
  memory(bytes: number): void {
    this.#memory = bytes;
  }

  state(): TrainState {
    const done = this.#epochs > 0 && this.#epoch >= this.#epochs;
    const left =
      this.#batches > 0 ? this.#epochs - this.#epoch - (done ? 0 : this.#batch / this.#batches) : 0;
    // A run that was over so soon that it was not measured twice has been measured once.
    const { samples, milliseconds } = this.#fresh;
    const isOver = this.status !== 'training' && milliseconds > 0;
    const speed = this.#speed || (isOver ? (1000 * samples) / milliseconds : 0);
    return {
      status: this.status,
      epoch: this.#epoch,
      epochs: this.#epochs,
      batch: this.#batch,
      batches: this.#batches,
      step: this.step,
      samplesPerSecond: speed,
      secondsLeft: speed > 0 ? Math.max(0, left * this.#samples) / speed : 0,
      logs: this.#logs,
      ...(this.#tested ? { tested: this.#tested } : {}),
      memoryBytes: this.#memory,
    };
  }
  /** What was added to the curves since the last time. */
  takeCurves(): Curves {
    if (this.status === 'paused' && this.#point.batches > 0) this.#plot();
    const curves = this.#curves;
    this.#curves = emptyCurves();
    return curves;
  }
}
