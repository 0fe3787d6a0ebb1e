/** What `Fit.run` tells, row by row. */

/** What happened in a slice of training; `logs` holds the loss, then each metric. */
export type FitEvent =
  | { kind: 'batch'; epoch: number; batch: number; size: number; logs: Float64Array }
  // `isLast`: there are no data for another, whatever `epochs` says.
  | { kind: 'epoch'; epoch: number; logs: Float64Array; validation?: Float64Array; isLast?: boolean }
  | { kind: 'done' };

/** The rows of `told` as events: its first number is their length. */
export function events(told: Float64Array): FitEvent[] {
  const columns = told[0]!;
  const events: FitEvent[] = [];
  for (let at = 1; at < told.length; at += columns) {
    const [kind, epoch = 0, batch = 0, size = 0] = told.subarray(at, at + 4);
    const logs = told.subarray(at + 4, at + columns);
    const last = events.at(-1);
    if (kind === 0) events.push({ kind: 'batch', epoch, batch, size, logs });
    else if (kind === 1) events.push({ kind: 'epoch', epoch, logs });
    else if (kind === 3) events.push({ kind: 'done' });
    else if (last?.kind === 'epoch') last.validation = logs;
  }
  return events;
}
