/** `verbose`: how much is printed, and what prints. */
import type { Progress } from './loop.js';

/** 0 or false: nothing; 1, true or `auto`: a line of progress; 2: a line for each epoch. */
export type Verbosity = 0 | 1 | 2 | boolean | 'auto' | number | null | undefined;

/** What prints. `progress.ts` puts it here: the page's worker, where nobody reads what is printed, goes without. */
export const printer: {
  /** How much is to be printed, or an error that names who was asked. */
  check?: (where: string, given: unknown) => 0 | 1 | 2;
  make?: (verbose: 0 | 1 | 2, batches?: number | null) => Progress | undefined;
  line?: (text: string) => void;
} = {};

/** What adds callbacks that were registered to those that a run is given; `callbacks/registered.ts` puts it here. */
export const registered: { add?: (given: unknown, verbose: number) => unknown } = {};
/** The callbacks of a run: those that it is given, and those that were registered. */
export const withRegistered = (given: unknown, verbose: number): unknown =>
  registered.add ? registered.add(given, verbose) : given;

/** How much is to be printed; nothing where nothing prints. */
export const verbosity = (where: string, given: unknown): 0 | 1 | 2 => printer.check?.(where, given) ?? 0;
