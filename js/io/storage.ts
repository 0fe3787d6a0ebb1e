/** What is said where the browser keeps nothing: it is full, or not allowed. */
import { brief, fault, textOf } from '../engine/errors.js';

/** An error of a browser's storage, with a code; what has one already stays. */
export function storageFailure(where: string, storage: string, failure: unknown): Error {
  if (typeof (failure as { code?: unknown } | null)?.code === 'string') return failure as Error;
  const name = (failure as { name?: unknown } | null)?.name;
  const isFull = name === 'QuotaExceededError' || name === 'NS_ERROR_DOM_QUOTA_REACHED';
  // Chromium says nothing where IndexedDB is full.
  const said = brief(textOf(failure), 160).replace(/^./s, ': $&');
  return isFull
    ? fault('memory', `${where}: ${storage} is full, and nothing was saved${said}`)
    : fault('state', `${where}: ${storage} cannot be used${said}`);
}
