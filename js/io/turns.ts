/** The last action at each place. Actions at one place run in turn: a model read while it is saved would be half old, half new. */
const last = new Map<string, Promise<unknown>>();

/** Runs `action` once all earlier actions at this place have ended. */
export function inTurn<T>(place: string, action: () => Promise<T>): Promise<T> {
  const before = last.get(place) ?? Promise.resolve();
  const own = before.then(action, action);
  const end = own
    .catch(() => {})
    .then(() => {
      if (last.get(place) === end) last.delete(place);
    });
  last.set(place, end);
  return own;
}
