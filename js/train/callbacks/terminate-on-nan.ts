/** Stops training as soon as a batch's loss is no finite number. */
import { Callback, checkLogs, type Logs } from './callback.js';

export class TerminateOnNaN extends Callback {
  onBatchEnd(_batch: number, logs: Logs): void {
    const { loss } = checkLogs('terminateOnNaN', logs);
    if (loss !== undefined && !Number.isFinite(loss) && this.model) this.model.stopTraining = true;
  }
}
