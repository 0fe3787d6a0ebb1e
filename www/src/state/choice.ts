import { isolate } from './offline';
import { remember } from './remembered';

/** What a visitor may choose. */
export type Choice = 'mode' | 'threads';

/** Another choice takes a new module, so the page starts anew. */
export async function choose(name: Choice, value: string): Promise<void> {
  remember(name, value);
  // Hosts may not send the headers for threads: the service worker adds them.
  if (name === 'threads') await isolate(Number(value) > 1);
  location.reload();
}
