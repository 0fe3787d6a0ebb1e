/** The numbers that a run of training is followed by. */
import type { Curves, TrainState } from './trainer.js';

/** Batches to a point of the curves: single batches are too noisy to look at. */
const POINT = 10;

const noCurves = (): Curves => ({
  step: [],
  loss: [],
  accuracy: [],
  testStep: [],
  testLoss: [],
  testAccuracy: [],
});

/** Weighted means of loss and accuracy. */
class Mean {
  #samples = 0;
  #sums: [number, number] = [0, 0];
  batches = 0;

  add(size: number, [loss = 0, accuracy = 0]: Iterable<number>): void {
    this.#samples += size;
    this.batches++;
    this.#sums = [this.#sums[0] + loss * size, this.#sums[1] + accuracy * size];
  }
  get(): [number, number] {
    const count = Math.max(1, this.#samples);
    return [this.#sums[0] / count, this.#sums[1] / count];
  }
}

export class Measure {
  status: TrainState['status'] = 'idle';
  /** Batches done in this run. */
  inRun = 0;
  #step = 0;
  #epoch = 0;
  #epochs = 0;
  #batch = 0;
  #batches = 0;
  #samples = 0;
  #running = new Mean();
  #point = new Mean();
  #test: { testLoss: number; testAccuracy: number } | undefined;
  #curves = noCurves();
  #speed = 0;
  #fresh = { samples: 0, milliseconds: 0 };
  #memory = 0;

  /** A new network: nothing has been learned. */
  forget(): void {
    [this.#step, this.#epoch, this.#epochs, this.#batch, this.#batches, this.inRun] = [0, 0, 0, 0, 0, 0];
    [this.#running, this.#point, this.#curves, this.#test] = [new Mean(), new Mean(), noCurves(), undefined];
    this.#speed = 0;
  }
  begin(epochs: number, batches: number, samples: number): void {
    [this.#epochs, this.#batches, this.#samples] = [epochs, batches, samples];
    [this.#epoch, this.#batch, this.inRun] = [0, 0, 0];
    [this.#running, this.#point] = [new Mean(), new Mean()];
    this.#fresh = { samples: 0, milliseconds: 0 };
  }

  batch({
    epoch,
    batch,
    size,
    logs,
  }: {
    epoch: number;
    batch: number;
    size: number;
    logs: Iterable<number>;
  }): void {
    // The last epoch's means stay on show until the next begins.
    if (batch === 0) this.#running = new Mean();
    [this.#epoch, this.#batch] = [epoch, batch + 1];
    this.#step++;
    this.inRun++;
    this.#fresh.samples += size;
    this.#running.add(size, logs);
    this.#point.add(size, logs);
    if (this.#point.batches === POINT) this.#plot();
  }
  #plot(): void {
    const [loss, accuracy] = this.#point.get();
    this.#curves.step.push(this.#step);
    this.#curves.loss.push(loss);
    this.#curves.accuracy.push(accuracy);
    this.#point = new Mean();
  }
  epoch(done: number): void {
    this.#epoch = done;
    if (done < this.#epochs) this.#batch = 0;
    if (this.#point.batches > 0) this.#plot();
  }
  evaluated(testLoss: number, testAccuracy: number): void {
    this.#test = { testLoss, testAccuracy };
    this.#curves.testStep.push(this.#step);
    this.#curves.testLoss.push(testLoss);
    this.#curves.testAccuracy.push(testAccuracy);
  }
  get finished(): boolean {
    return this.#epochs > 0 && this.#epoch >= this.#epochs;
  }

  /** Time spent training, for the speed: pauses and evaluations do not count. */
  worked(milliseconds: number): void {
    this.#fresh.milliseconds += milliseconds;
    if (this.#fresh.milliseconds < 200 && this.#speed > 0) return;
    if (this.#fresh.milliseconds < 20) return;
    const now = (1000 * this.#fresh.samples) / this.#fresh.milliseconds;
    this.#speed = this.#speed > 0 ? 0.7 * this.#speed + 0.3 * now : now;
    this.#fresh = { samples: 0, milliseconds: 0 };
  }
  memory(bytes: number): void {
    this.#memory = bytes;
  }

  state(): TrainState {
    const [loss, accuracy] = this.#running.get();
    const share =
      this.#batches > 0 ? this.#epochs - this.#epoch - (this.finished ? 0 : this.#batch / this.#batches) : 0;
    return {
      status: this.status,
      epoch: this.#epoch,
      epochs: this.#epochs,
      batch: this.#batch,
      batches: this.#batches,
      step: this.#step,
      samplesPerSecond: this.#speed,
      secondsLeft: this.#speed > 0 ? Math.max(0, share * this.#samples) / this.#speed : 0,
      loss,
      accuracy,
      ...this.#test,
      memoryBytes: this.#memory,
    };
  }
  /** What was added to the curves since the last time. */
  takeCurves(): Curves {
    if (this.status === 'paused' && this.#point.batches > 0) this.#plot();
    const curves = this.#curves;
    this.#curves = noCurves();
    return curves;
  }
}
