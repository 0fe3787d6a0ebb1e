/** What the page has to tell the visitor. Each language has its words for each kind. */
import type { Refusal } from 'mapling/trainer';

/** What became of a network in files, in a form for which words are found. */
export type Brought =
  | { kind: 'taken'; name: string; params: number }
  | { kind: 'takes' | 'gives'; name: string; shape: string; expected: number }
  | { kind: 'unreadable'; name: string; detail: string }
  /** It needs a layer, or something else, that is not here. */
  | { kind: 'lacks'; name: string; part: string; detail: string }
  | { kind: 'failed'; detail: string };

export type Notice =
  | { kind: 'noMnist' | 'noMnistNow' }
  /** MNIST has come, and what the visitor taught the network that warmed up went with it. */
  | { kind: 'taughtNoMore' }
  /** The line was cut before all of the page's module had come. */
  | { kind: 'cut' }
  /** The line was cut before the worker had come. */
  | { kind: 'unfetched' }
  /** Another worker has taken the place of one that died. A run that stands still waits at `step`. */
  | { kind: 'restarted'; step?: number }
  /** The loss is no number any more, or most units have died. If the network was taken back, `step` is where to. */
  | { kind: 'exploded' | 'stuck'; step?: number }
  /** `keptDamaged`: what the last visit kept cannot be read. `notKept`: this browser cannot keep anything. */
  | { kind: 'keptDamaged' | 'notKept' }
  /** Files that cannot be used; `refusal` is undefined if only the error's text tells why. */
  | { kind: 'refused'; refusal: Refusal | undefined; detail: string }
  /** Files that are used now, and what was done to their pictures. */
  | { kind: 'taken' }
  /** Files with digits did not come along when the page started anew; of which run they were, if one is shown without them. */
  | { kind: 'filesGone'; name: string | null }
  /** What became of a network that was dropped on the page. */
  | { kind: 'brought'; now: Brought }
  /** Parts of a link that cannot be read. */
  | { kind: 'badLink'; parts: ('net' | 'adjust' | 'ink' | 'settings')[] }
  /** Batches of this network have no room in memory. */
  | { kind: 'tooLarge'; detail: string }
  | { kind: 'failed'; detail: string };
