/** What is done with one place is done in turn: a model that is read while it is saved would be half of each. */
const last = new Map<string, Promise<unknown>>();

/** Runs `action` once all that was asked for at this place before has ended. */
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
