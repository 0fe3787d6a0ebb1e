/** The lesson that is open, which the address tells as `#lesson=line`; none on the main screen. */
import { signal } from '@preact/signals';
import { said } from './said';

/** A name as the address says it; `lessons/path.ts` knows which there are. */
export const lesson = signal<string | null>(said('lesson') || null);

/** The open lesson's own title, once it is there. */
export const lessonTitle = signal<string | null>(null);

/** The first three lessons have a network of their own: the pad, the digits' network and its transport make way for it. */
const OWN = ['line', 'neurons', 'backwards'];
export const hasOwnNetwork = (name: string): boolean => OWN.includes(name);

/** What keys do in a lesson with a network of its own. */
export const lessonKeys = signal<Record<string, () => void>>({});
