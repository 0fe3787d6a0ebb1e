/** What callbacks write into the logs of an epoch stands in the history, as in TensorFlow.js. The page's worker goes without. */
import type { Logs } from './callbacks/callback.js';
import { History } from './history.js';

History.prototype.amend_ = function (logs: Logs): void {
  const last = this.epoch.length - 1;
  for (const [name, value] of Object.entries(logs)) {
    if (typeof value !== 'number') continue;
    this.history[name] ??= [];
    const values = this.history[name];
    values[Math.min(last, values.length)] = value;
  }
};
