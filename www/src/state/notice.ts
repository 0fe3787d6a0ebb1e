/** What went wrong or needs saying, in a form for which words are found in any language. */
import type { Refusal } from 'mapling/trainer';

/** What became of a network in files, in a form for which words are found. */
export type Brought =
  | { kind: 'taken'; name: string; params: number }
  | { kind: 'takes' | 'gives'; name: string; shape: string; expected: number }
  | { kind: 'unreadable'; name: string; detail: string }
  | { kind: 'failed'; detail: string };

export type Notice =
  | { kind: 'noMnist' | 'noMnistNow' | 'restarted' }
  /** The loss is no number any more, or most units have died; the step to which the network was taken back, if it was. */
  | { kind: 'exploded' | 'stuck'; step?: number }
  /** What was kept of the last visit cannot be read; nothing can be kept here. */
  | { kind: 'keptDamaged' | 'notKept' }
  /** Files that cannot be used; undefined where only an error's own text tells why. */
  | { kind: 'refused'; refusal: Refusal | undefined; detail: string }
  /** Files that are used now, and what was done to their pictures. */
  | { kind: 'taken' }
  /** What became of a network that was dropped on the page. */
  | { kind: 'brought'; now: Brought }
  /** Words of a link that mean nothing, by what they should say. */
  | { kind: 'badLink'; parts: ('net' | 'adjust' | 'ink')[] }
  | { kind: 'failed'; detail: string };
