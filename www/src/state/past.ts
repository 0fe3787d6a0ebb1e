/** What becomes of runs that make way, or go back. It is loaded after the page, and puts its functions here. */
import type { Trainer } from 'mapling/trainer';
import type { Settings } from './settings';

export const past: {
  /** Keeps the present run, which is about to make way. */
  leave?: (trainer: Trainer) => Promise<void>;
  /** Goes on with other settings from an earlier step; false where these settings need a new network, or it is no earlier step. */
  branch?: (settings: Settings) => boolean;
  /** Pauses a run that has lost what it knew, and brings the last good weights back. */
  recover?: (kind: 'exploded' | 'stuck') => void;
} = {};
