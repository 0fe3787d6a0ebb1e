/** What becomes of runs that make way, or go back. It is loaded after the page, and puts its functions here. */
import type { DigitsInfo, Trainer } from 'mapling/trainer';
import { session } from './session';
import type { Settings } from './settings';

export const past: {
  /** Keeps the present run, which is about to make way. */
  leave?: (trainer: Trainer) => Promise<void>;
  /** The same where other digits take the place of those that it knew: gives them with the visitor's own among them. */
  leaveDigits?: (trainer: Trainer, data: DigitsInfo) => Promise<DigitsInfo>;
  /** Makes a branch of a run that stands at an earlier step; true where it has taken the change itself. */
  branch?: (part: Partial<Settings>) => boolean;
  /** Somebody plays on from where the run stands: begins a branch where it will not go as it went. */
  playOn?: (trainer: Trainer) => Promise<void>;
  /** Makes the changes that still wait for the visitor to stop typing. */
  settle?: (trainer: Trainer) => Promise<void>;
  /** Whether a network that was tested so has lost what it knew. */
  isStuck?: (found: { predicted: Uint32Array; total: number }) => boolean;
  /** Pauses a run that has lost what it knew, and brings the last good weights back. */
  recover?: (kind: 'exploded' | 'stuck') => void;
  /** Keeps the runs beside, which are there again when the page has started anew. */
  moveOut?: () => Promise<void>;
  /** Lets the run wait where it stood, after the worker that had it has died. */
  comeBack?: (trainer: Trainer) => Promise<void>;
  /** The number of the present run. */
  number?: () => number;
  /** Whether the present network is none that a seed has made. */
  isGiven?: () => boolean;
} = {};

/** Tells whether another run, or one on other digits, has taken the place of the present one. */
export const whichRun = (): string => `${past.number?.()} ${session.peek().loads}`;
