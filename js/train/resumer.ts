/** What lets a run go on where another was. `resume.ts` puts it here, where a program may ask for it. */
import type { Network } from '../wasm/mapling.js';
import type { CallbackList } from './callback-list.js';
import type { Trained } from './callbacks/callback.js';
import type { Run } from './loop.js';
import type { RunState } from './run-state.js';

export const resumer: {
  /** Where the model's run was, if it is asked to go on; an error if there is none. */
  stateFrom?: (where: string, model: Trained, resume: unknown) => RunState | undefined;
  /** Refuses a run with other settings or callbacks, before anything is made for it. */
  check?: (
    where: string,
    settings: Readonly<Record<string, unknown>>,
    told: CallbackList,
    before: RunState,
  ) => void;
  /** Puts a run that has not begun where the other one was. */
  goOn?: (network: Network, run: Run, before: RunState) => void | Promise<void>;
} = {};
