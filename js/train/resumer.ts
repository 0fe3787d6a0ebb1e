/** What lets a run go on where another was. `resume.ts` puts it here, where a program may ask for it. */
import type { Network } from '../wasm/mapling.js';
import type { Trained } from './callbacks/callback.js';
import type { Run } from './loop.js';
import type { RunState } from './run-state.js';

export const resumer: {
  /** Where the model's run was, if it is asked to go on; an error if there is none. */
  stateFrom?: (where: string, model: Trained, resume: unknown) => RunState | undefined;
  /** Puts a run that has not begun where another was; nothing has changed if it cannot be. */
  goOn?: (where: string, network: Network, run: Run, before: RunState) => void | Promise<void>;
} = {};
