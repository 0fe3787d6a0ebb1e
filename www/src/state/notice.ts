/** What the page has to tell the visitor. Each language has its words for each kind. */
import type { Refusal } from 'mapling/trainer';

export type Notice =
  | { kind: 'noMnist' | 'noMnistNow' | 'restarted' }
  /** The loss is no number any more, or most units have died. If the network was taken back, `step` is where to. */
  | { kind: 'exploded' | 'stuck'; step?: number }
  /** `keptDamaged`: what the last visit kept cannot be read. `notKept`: this browser cannot keep anything. */
  | { kind: 'keptDamaged' | 'notKept' }
  /** Files that cannot be used; `refusal` is undefined if only the error's text tells why. */
  | { kind: 'refused'; refusal: Refusal | undefined; detail: string }
  /** Files that are used now, and what was done to their pictures. */
  | { kind: 'taken' }
  /** Parts of a link that cannot be read. */
  | { kind: 'badLink'; parts: ('net' | 'adjust' | 'ink')[] }
  | { kind: 'failed'; detail: string };
