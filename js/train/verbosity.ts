/** `verbose`: how much is printed. */
import { describe, fault } from '../engine/errors.js';
import type { Progress } from './loop.js';

/** 0 or false: nothing; 1, true or `auto`: a line of progress; 2: a line for each epoch. */
export type Verbosity = 0 | 1 | 2 | boolean | 'auto' | number | null | undefined;

/** How much is printed. By default nothing, as in `@tensorflow/tfjs`: what prints there is the package for Node. */
export function verbosity(where: string, given: unknown): 0 | 1 | 2 {
  if (given === undefined || given === null || given === false || given === 0) return 0;
  if (given === true || given === 1 || given === 'auto') return 1;
  if (given === 2) return 2;
  throw fault('value', `${where}: verbose: expected 0, 1, 2 or auto, got ${describe(given)}`);
}

/** What prints. `progress.ts` puts it here: the page's worker, where nobody reads what is printed, goes without. */
export const printer: {
  make?: (verbose: 0 | 1 | 2, batches?: number | null) => Progress | undefined;
  line?: (text: string) => void;
} = {};
